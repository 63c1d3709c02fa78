import { packRules } from '@casl/ability/extra';
import { Injectable } from '@nestjs/common';
import { Clock, errors, sha256 } from '@steward/kernel';
import { allows, allowsSomewhere, buildAbility, type PrincipalAbility, type UnknownFields } from './ability';
import { Access } from './access';
import type { Action, Subject } from './actions';
import { apiKeyMatches, looksLikeApiKey, parseApiKey } from './api-key';
import type { Caller, Principal } from './caller';
import { withinScopes } from './explain-decision';
import { withPolicyFields } from './object-tags';
import { bindingsAt, type PolicyPrincipal, type PolicySnapshot, type RoleBinding } from './policy';
import { PolicyCache } from './policy-cache';
import { DEAD_AFTER_MS, mayGoOnWhenStale, policyStale, STALE_AFTER_MS } from './staleness';
import { csrfTokenMatches, type Credential, type SessionCredential } from './session-cookie';
import { TokenVerifier, type VerifiedToken } from './token-verifier';

/** Most entries of a cache; then it starts over. */
const CACHE_SIZE = 10_000;

/** {@link Access} on the policy in memory: no call, no query, on a caller's path. */
@Injectable()
export class PolicyAccess extends Access {
  private readonly tokens = new TokenVerifier();
  private cachedFor: PolicySnapshot | undefined;
  /** By SHA-256 of the token, so that no credential stands in memory longer than its request. */
  private readonly verified = new Map<string, VerifiedToken>();
  private readonly abilities = new Map<string, PrincipalAbility>();

  constructor(
    private readonly cache: PolicyCache,
    private readonly clock: Clock,
  ) {
    super();
  }

  async authenticate(credential: Credential | undefined): Promise<Principal> {
    const bare = typeof credential === 'object' ? null : withoutScheme(credential);
    if (this.cache.staleForMs > DEAD_AFTER_MS) throw policyStale(this.cache.staleForMs);
    if (bare === null) return this.bySession(credential as SessionCredential);
    return looksLikeApiKey(bare) ? this.byApiKey(bare) : this.byToken(bare, 'bearer');
  }

  can(
    principal: Principal,
    action: Action,
    subject: Subject,
    object: { readonly project: string | null } & Readonly<Record<string, unknown>>,
  ): boolean {
    return this.may(principal, action, subject, object, 'closed');
  }

  private may(
    principal: Principal,
    action: Action,
    subject: Subject,
    object: { readonly project: string | null } & Readonly<Record<string, unknown>>,
    unknown: UnknownFields,
  ): boolean {
    if (!withinScopes(principal.scopes, action, subject)) return false;
    const known = withPolicyFields(this.cache.current, subject, object);
    return allows(this.abilityOf(principal), action, subject, known, unknown);
  }

  rulesOf(principal: Principal): unknown[] {
    return packRules(this.abilityOf(principal).raw);
  }

  require(
    caller: Caller,
    action: Action,
    subject: Subject,
    object: { readonly project: string | null } & Readonly<Record<string, unknown>>,
    unknown: UnknownFields = 'closed',
  ): void {
    this.requireFresh(action, subject);
    if (this.may(caller.principal, action, subject, object, unknown)) return;
    if (this.maySee(caller.principal, action, subject, object)) throw forbidden(action, subject, object);
    throw hidden(object.project, action, subject);
  }

  /** Whether a refusal may say that the thing is there. What belongs to no project, say the list of projects, may be known. */
  private maySee(
    principal: Principal,
    action: Action,
    subject: Subject,
    object: { readonly project: string | null } & Readonly<Record<string, unknown>>,
  ): boolean {
    if (action === 'read') return false;
    if (this.may(principal, 'read', subject, object, 'open')) return true;
    return object.project === null && this.maySomewhere(principal, 'read', subject);
  }

  requireSomewhere(caller: Caller, action: Action, subject: Subject): void {
    this.requireFresh(action, subject);
    if (!this.maySomewhere(caller.principal, action, subject)) throw forbidden(action, subject, {});
  }

  private maySomewhere(principal: Principal, action: Action, subject: Subject): boolean {
    return (
      withinScopes(principal.scopes, action, subject) &&
      allowsSomewhere(this.abilityOf(principal), action, subject)
    );
  }

  requireProject(project: string, action: Action, subject: Subject): void {
    const known = this.cache.current.projects.get(project);
    if (!known) throw hidden(project, action, subject);
    if (!known.active && action !== 'read' && action !== 'verify') {
      throw errors.conflict(
        'ACCESS.PROJECT_ARCHIVED',
        `Project ${project} is archived: it can only be read.`,
      );
    }
  }

  private requireFresh(action: Action, subject: Subject): void {
    const staleForMs = this.cache.staleForMs;
    if (staleForMs > DEAD_AFTER_MS || (staleForMs > STALE_AFTER_MS && !mayGoOnWhenStale(action, subject))) {
      throw policyStale(staleForMs);
    }
  }

  private byApiKey(credential: string): Principal {
    const parsed = parseApiKey(credential);
    const key = parsed && this.cache.current.apiKeys.get(parsed.keyId);
    if (!parsed || !key || !apiKeyMatches(parsed, key.secretDigest)) {
      throw errors.unauthenticated(
        'ACCESS.API_KEY_UNKNOWN',
        'This API key is not known here. Check that it is whole.',
      );
    }
    if (!key.active) throw errors.unauthenticated('ACCESS.API_KEY_REVOKED', 'This API key was revoked.');
    if (key.expiresAt !== null && key.expiresAt <= this.clock.now()) {
      throw errors.unauthenticated('ACCESS.API_KEY_EXPIRED', 'This API key has expired. Ask for a new one.');
    }
    const holder = this.activePrincipal(key.principalId);
    return {
      id: holder.id,
      kind: holder.kind,
      roles: key.project === null ? holder.roles : narrowed(holder.roles, key.project),
      ...(key.scopes === null ? {} : { scopes: key.scopes }),
      credential: { kind: 'api-key', id: key.id },
    };
  }

  /** The browser sends the cookie also for a page of another site; only our own page knows the CSRF token. */
  private async bySession(session: SessionCredential): Promise<Principal> {
    const principal = await this.byToken(session.sessionToken, 'cookie');
    if (!session.safe && !csrfTokenMatches(session)) {
      throw errors.forbidden(
        'ACCESS.CSRF',
        'A call that changes something with a session cookie must carry the session’s CSRF token in x-csrf-token.',
      );
    }
    return principal;
  }

  private async byToken(token: string, use: VerifiedToken['use']): Promise<Principal> {
    const now = this.clock.now();
    const policy = this.currentPolicy();
    const digest = sha256(token);
    let known = this.verified.get(digest);
    if (!known || known.expiresAt <= now || known.notBefore > now) {
      known = await this.tokens.verify(token, policy, now);
      remember(this.verified, digest, known);
    }
    if (known.use !== use) {
      throw errors.unauthenticated(
        'ACCESS.TOKEN_MISPLACED',
        'A session’s token counts in its cookie alone, and a program’s token in the header alone. Log in again.',
      );
    }
    if (policy.revokedSessions.has(known.id)) {
      throw errors.unauthenticated('ACCESS.SESSION_REVOKED', 'This session was ended. Log in again.');
    }
    const holder = this.activePrincipal(known.principalId);
    if (holder.tokensNotBefore !== null && known.issuedAt < holder.tokensNotBefore) {
      throw errors.unauthenticated('ACCESS.TOKEN_REVOKED', 'This token was revoked. Log in again.');
    }
    this.requireKnownWhenStale(known, now);
    return {
      id: holder.id,
      kind: holder.kind,
      roles: holder.roles,
      credential: { kind: 'token', id: known.id },
    };
  }

  /** While the policy is stale only tokens from before count: those that this service could know of. */
  private requireKnownWhenStale(token: VerifiedToken, now: number): void {
    const staleForMs = this.cache.staleForMs;
    const staleSince = now - staleForMs + STALE_AFTER_MS;
    if (staleForMs > STALE_AFTER_MS && token.issuedAt > staleSince) throw policyStale(staleForMs);
  }

  private activePrincipal(id: string): PolicyPrincipal {
    const principal = this.cache.current.principals.get(id);
    if (!principal) {
      throw errors.unauthenticated(
        'ACCESS.PRINCIPAL_UNKNOWN',
        'The holder of this credential is not known to this service. If it was made just now, try again in a second.',
      );
    }
    if (!principal.active) {
      throw errors.unauthenticated(
        'ACCESS.PRINCIPAL_DISABLED',
        'The holder of this credential was disabled.',
      );
    }
    // A binding for a time ends here, without another word from governance.
    return { ...principal, roles: bindingsAt(principal.roles, this.clock.now()) };
  }

  private abilityOf(principal: Principal): PrincipalAbility {
    const policy = this.currentPolicy();
    const key = JSON.stringify([principal.id, principal.roles]);
    let ability = this.abilities.get(key);
    if (!ability) {
      ability = buildAbility(principal.roles, policy.roles, principal.id);
      remember(this.abilities, key, ability);
    }
    return ability;
  }

  /** The policy now; caches that were made under another one are emptied first. */
  private currentPolicy(): PolicySnapshot {
    const policy = this.cache.current;
    if (policy !== this.cachedFor) {
      this.abilities.clear();
      this.verified.clear();
      this.cachedFor = policy;
    }
    return policy;
  }
}

function withoutScheme(credential: string | undefined): string {
  const text = credential?.trim() ?? '';
  const bearer = /^bearer\s+(\S+)$/i.exec(text);
  if (bearer) return bearer[1]!;
  if (text === '' || /\s/.test(text)) {
    throw errors.unauthenticated(
      'ACCESS.CREDENTIAL_MISSING',
      'Say who you are: send `authorization: Bearer <token or API key>` or `x-api-key: <API key>`.',
    );
  }
  return text;
}

/** What is left of somebody's roles for a key that is bound to one project. */
function narrowed(roles: readonly RoleBinding[], project: string): RoleBinding[] {
  return roles
    .filter((binding) => binding.project === null || binding.project === project)
    .map((binding) => ({ role: binding.role, project }));
}

function remember<Value>(cache: Map<string, Value>, key: string, value: Value): void {
  if (cache.size >= CACHE_SIZE) cache.clear();
  cache.set(key, value);
}

/** `object` is what the decision knew of it: who is told may read it. */
function forbidden(action: Action, subject: Subject, object: Readonly<Record<string, unknown>>): Error {
  return errors.forbidden('ACCESS.FORBIDDEN', `You may not ${action} this (${subject}).`, {
    details: { action, subject, object },
  });
}

/** The same words and details whether there is no such project or the caller may not see what is in it. */
function hidden(project: string | null, action: Action, subject: Subject): Error {
  return errors.notFound(
    'ACCESS.NOT_FOUND',
    project === null ? 'There is no such thing here.' : `There is no such thing in project ${project}.`,
    { details: { action, subject, object: { project } } },
  );
}
