export { AccessModule } from './access.module';
export type { AccessOptions } from './access.module';
export { Access } from './access';
export { Actions, Subjects } from './actions';
export type { Action, Subject } from './actions';
export { apiKeyMatches, looksLikeApiKey, newApiKey, parseApiKey } from './api-key';
export type { ParsedApiKey } from './api-key';
export { CredentialUse } from './credential-use';
export { conditionFieldsOf, conditionVocabulary } from './condition-fields';
export { explainDecision, withinScopes } from './explain-decision';
export type { Asker, ExplainedDecision, ExplainedRule } from './explain-decision';
export { ConditionOperators, SELF } from './rule-conditions';
export type { ConditionOperator, ConditionResult, DecisionObject } from './rule-conditions';
export { ruleFaults } from './rule-faults';
export { allows, buildAbility, PrincipalAbility } from './ability';
export type { BoundRule, UnknownFields } from './ability';
export { auditNoteDigest } from './audit-note-digest';
export { AuditTrail } from './audit-trail';
export type { AuditFact } from './audit-trail';
export { BuiltInRoles } from './built-in-roles';
export type { BuiltInRole, BuiltInRule } from './built-in-roles';
export type { Caller, Principal } from './caller';
export { Can, CAN, FromCaller, PUBLIC, PublicEndpoint, SIGNED_IN, SignedIn } from './decorators';
export type { CanRule } from './decorators';
export { entryDecision } from './entry-decision';
export type { EntryDecision } from './entry-decision';
export { ANONYMOUS, EntryGuard } from './entry-guard';
export type { EntryCall } from './entry-guard';
export { callerFromEvent, callerOfService } from './event-caller';
export { correlationOf } from './http-access.guard';
export { bindingsAt, EMPTY_POLICY } from './policy';
export type {
  KeyScope,
  PolicyApiKey,
  PolicyDecisions,
  PolicyPrincipal,
  PolicyProcessing,
  PolicyProject,
  PolicyRole,
  PolicyRule,
  PolicySigningKey,
  PolicySnapshot,
  PolicyState,
  ProcessingBinding,
  ProcessingKind,
  RevokedSession,
  RoleBinding,
  TaggedObject,
} from './policy';
export { withPolicyFields } from './object-tags';
export { PolicyCache } from './policy-cache';
export { PolicyStore } from './policy.store';
export type { PolicyChange } from './policy.store';
export { purposeRefusal, PurposeLimitation } from './purpose-limitation';
export type { ProcessingUse } from './purpose-limitation';
export { SERVICE_NAME } from './service-name';
export { CSRF_HEADER, csrfTokenOf, SESSION_COOKIE, sessionCookieOf } from './session-cookie';
export type { Credential, SessionCredential } from './session-cookie';
export { DEAD_AFTER_MS, STALE_AFTER_MS } from './staleness';
export { TOKEN_AUDIENCE, TOKEN_ISSUER } from './token-verifier';
