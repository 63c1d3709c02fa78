import { z } from 'zod';
import { defineEvent, type JsonEventDefinition } from '../event-definition';
import { field } from '../field';
import { Services, type ServiceName } from '../services';
import { TaggedKinds } from '../tagged-kinds';
import { CredentialUseTopics, Topics } from '../topics';

/** Governance decided on an approval request. Key: `<project>/<model>`. */
export const ApprovalDecided = defineEvent(
  'approval.decided',
  Topics.approval,
  z.object({
    requestId: field.id(),
    decision: field.oneOf(['granted', 'rejected', 'expired']),
    model: field.name(),
    version: field.count(),
    digest: field.digest(),
    alias: field.name(),
    replaces: field.digest().nullable(),
    approvers: z.array(field.id()),
    waivers: z.array(z.object({ gate: field.code(), person: field.id() })),
  }),
);

/** How much somebody may ask inference for, as {@link CallLimits} has it; what is absent is not limited. */
const Limits = z.object({
  requestsPerSecond: field.figure().optional(),
  burst: field.count().optional(),
  rowsPerSecond: field.figure().optional(),
  rowsPerDay: field.count().optional(),
  concurrentRequests: field.count().optional(),
});

export const ProjectChanged = defineEvent(
  'project.changed',
  Topics.policy,
  z.object({
    projectId: field.name(),
    state: field.oneOf(['active', 'archived']),
    /** Labels by which rules tell projects apart; absent: none. */
    tags: z.array(field.name()).optional(),
    /** Datasets, pipelines and models that carry tags of their own; absent: none. */
    objects: z
      .array(
        z.object({
          kind: field.oneOf(TaggedKinds),
          name: field.name(),
          tags: z.array(field.name()),
        }),
      )
      .optional(),
    /** Of all callers of its models together; absent or null: nothing is said. */
    limits: Limits.nullish(),
  }),
);

/** A principal's state and roles, whole. `project: null` binds a role in every project. */
export const PrincipalChanged = defineEvent(
  'principal.changed',
  Topics.policy,
  z.object({
    principalId: field.id(),
    kind: field.oneOf(['person', 'machine', 'service']),
    state: field.oneOf(['active', 'disabled']),
    roles: z.array(
      z.object({
        role: field.name(),
        project: field.name().nullable(),
        /** Bindings for a time (delegation, emergency access): the first moment with it and the first without. */
        from: field.time().optional(),
        until: field.time().optional(),
      }),
    ),
    /** Tokens issued before this moment are refused. */
    tokensNotBefore: field.time().nullable(),
  }),
);

export const ApiKeyChanged = defineEvent(
  'api-key.changed',
  Topics.policy,
  z.object({
    keyId: field.id(),
    /** SHA-256 of the secret, which has 256 random bits. */
    secretDigest: field.digest(),
    principalId: field.id(),
    state: field.oneOf(['active', 'revoked']),
    expiresAt: field.time().nullable(),
    /** Null: all that the principal may. Else only in this project. */
    project: field.name().nullable(),
    /** What of the principal's rights the key carries; absent or null: all of them. */
    scopes: z.array(z.object({ action: z.array(field.code()), subject: z.array(field.code()) })).nullish(),
    /** Over all models; absent or null: nothing is said. */
    limits: Limits.nullish(),
    /** The first of the keys that took each other's place, with whose use its own is counted; absent or null: itself. */
    firstKeyId: field.id().nullish(),
  }),
);

/** A login that was ended before its time. Its token is refused from now on; after `expiresAt` it may be forgotten. */
export const SessionRevoked = defineEvent(
  'session.revoked',
  Topics.policy,
  z.object({ sessionId: field.id(), principalId: field.id(), expiresAt: field.time() }),
);

/** CASL rules of a role, as data. Built-in roles are published too, so that all services hold one list. */
export const RoleChanged = defineEvent(
  'role.changed',
  Topics.policy,
  z.object({
    role: field.name(),
    roleVersion: field.count(),
    rules: z.array(
      z.object({
        action: z.array(field.code()),
        subject: z.array(field.code()),
        /**
         * CASL conditions over the subject's fields: equality or `$eq`, `$ne`, `$in`, `$nin`. The value `$self` stands
         * for whoever asks.
         */
        conditions: z
          .record(
            field.name(),
            z.union([field.name(), z.record(field.code(), z.union([field.name(), z.array(field.name())]))]),
          )
          .optional(),
        inverted: field.flag().optional(),
      }),
    ),
    /** Absent: active. A deleted role gives nothing; its name may come back in a later version. */
    state: field.oneOf(['active', 'deleted']).optional(),
  }),
);

export const SigningKeyPublished = defineEvent(
  'signing-key.published',
  Topics.policy,
  z.object({
    keyId: field.id(),
    /** JWK of an Ed25519 public key: kty OKP, crv Ed25519, x. */
    publicKey: field.publicKey(),
    state: field.oneOf(['active', 'retired']),
  }),
);

/** Every 5 s. A service that has not seen one for 60 s refuses what changes state. */
export const PolicyHeartbeat = defineEvent(
  'policy.heartbeat',
  Topics.policy,
  z.object({
    beat: field.count(),
    /** Where the installation runs, by which rules and approval policies tell installations apart. */
    environment: field.name().optional(),
  }),
);

/** When API keys were last used at a service, told in batches; a key that is not named was not used since. */
const ApiKeyUse = z.object({ keys: z.array(z.object({ keyId: field.id(), at: field.time() })).max(500) });

/** `api-keys.used` on each service's own topic, at most once a minute. Key: the service. */
export const ApiKeysUsed = Object.fromEntries(
  Services.map((service) => [service, defineEvent('api-keys.used', CredentialUseTopics[service], ApiKeyUse)]),
) as Record<ServiceName, JsonEventDefinition<'api-keys.used', typeof ApiKeyUse>>;

/** Somebody took rights in an emergency, they ended, or somebody else signed the review. Key: the access's id. */
export const EmergencyAccessChanged = defineEvent(
  'emergency-access.changed',
  Topics.emergencyAccess,
  z.object({
    accessId: field.id(),
    person: field.id(),
    role: field.name(),
    state: field.oneOf(['active', 'ended', 'reviewed']),
    from: field.time(),
    /** When it ends by itself, or ended. */
    until: field.time(),
    /** The people who may sign the review and are told. */
    informed: z.array(field.id()),
    reviewedBy: field.id().nullable(),
  }),
);

/** What in a project may be processed for which purposes, whole. Key: the project. */
export const ProcessingChanged = defineEvent(
  'processing.changed',
  Topics.policy,
  z.object({
    projectId: field.name(),
    /** True: what is bound to no purpose is refused. */
    purposeRequired: field.flag(),
    bindings: z.array(
      z.object({
        kind: field.oneOf(['dataset', 'pipeline', 'model', 'deployment']),
        name: field.name(),
        purposes: z.array(field.name()),
        /** Why it may not be processed, such as a purpose without a lawful basis; null: it may. */
        refusal: field.code().nullable(),
      }),
    ),
  }),
);

/** Which decisions of a model are held for a person (GDPR Art. 22), whole. Key: `<project>/<model>`. */
export const DecisionPolicyChanged = defineEvent(
  'decision-policy.changed',
  Topics.policy,
  z.object({
    projectId: field.name(),
    model: field.name(),
    policyVersion: field.count(),
    /** False: nothing is held any more. */
    active: field.flag(),
    /** Decisions for these labels are held. */
    labels: z.array(field.name()),
    /** Decisions whose score lies in [from, to] are held, whatever the label. */
    band: z.object({ from: field.figure(), to: field.figure() }).nullable(),
  }),
);

/** A data subject gave or withdrew a consent (GDPR Art. 7). Key: `<project>/<pseudonym>`. */
export const ConsentChanged = defineEvent(
  'consent.changed',
  Topics.consent,
  z.object({
    pseudonym: field.pseudonym(),
    purpose: field.name(),
    state: field.oneOf(['given', 'withdrawn']),
    /** Version and SHA-256 of the text that the subject saw; null: withdrawn without one. */
    textVersion: field.count().nullable(),
    textDigest: field.digest().nullable(),
    /** When the subject said so. */
    at: field.time(),
    /** True: the purpose rests on consent (Art. 6(1)(a)), so that withdrawal ends the processing for it. */
    restsOnConsent: field.flag(),
    /** Purposes resting on consent that this subject has withdrawn, after this event. */
    withdrawn: z.array(field.name()),
  }),
);

/** A person decided what inference had held, or the subject contested it. Key: the prediction's id. */
export const DecisionReviewed = defineEvent(
  'decision.reviewed',
  Topics.decisionReview,
  z.object({
    decisionId: field.id(),
    predictionId: field.id(),
    row: field.count(),
    model: field.name(),
    version: field.count(),
    state: field.oneOf(['confirmed', 'overridden', 'contested']),
    /** What was decided in the end; null while it is contested. */
    label: field.name().nullable(),
  }),
);

/** A breach of personal data was scoped (GDPR Art. 33): who holds data says what may have been exposed. Key: the breach. */
export const BreachScoped = defineEvent(
  'breach.scoped',
  Topics.breach,
  z.object({
    breachId: field.id(),
    from: field.time(),
    to: field.time(),
    /** Predictions that these principals asked for; empty: whoever asked. */
    callers: z.array(field.id()),
    /** Rows of this dataset, and predictions on it alone; null: no dataset, and predictions on all. */
    dataset: field.name().nullable(),
  }),
);
