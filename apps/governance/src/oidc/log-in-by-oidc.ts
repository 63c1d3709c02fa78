import { randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { AuditTrail, type Caller } from '@steward/access';
import { Database, type UnitOfWork } from '@steward/database';
import { Clock, constantTimeEqual, errors, newId, sha256 } from '@steward/kernel';
import type { GovernanceTables } from '../governance-tables';
import { AnnouncePolicy } from '../identity/announce-policy';
import { IdentityRepository } from '../identity/identity.repository';
import { bindingKey, roleChanges, type Identity } from '../identity/principal';
import { requireAdministrator } from '../identity/set-roles';
import { RoleRepository } from '../roles/role.repository';
import { OpenSession, type OpenedSession } from '../sessions/open-session';
import { OidcClient } from './oidc.client';
import { OidcLoginRepository, type WrittenGroupRole } from './oidc-login.repository';
import {
  localName,
  OidcSettings,
  safeReturnPath,
  usedSecondFactor,
  type OidcClaims,
  type OidcProvider,
} from './oidc-provider';

type Unit = UnitOfWork<GovernanceTables>;

/** How long a person may take at the provider. */
const WAY_MS = 10 * 60_000;

/**
 * Logs people in by a provider: sends the browser there, checks what it brings back, makes the account at the first
 * time, and gives it the roles of its groups, neither more nor less.
 */
@Injectable()
export class LogInByOidc {
  constructor(
    private readonly settings: OidcSettings,
    private readonly client: OidcClient,
    private readonly logins: OidcLoginRepository,
    private readonly database: Database<GovernanceTables>,
    private readonly identities: IdentityRepository,
    private readonly roles: RoleRepository,
    private readonly sessions: OpenSession,
    private readonly announce: AnnouncePolicy,
    private readonly audit: AuditTrail,
    private readonly clock: Clock,
  ) {}

  /** `browser` goes into a cookie: only this browser can finish. */
  async begin(providerId: string, returnTo: string | undefined): Promise<{ url: string; browser: string }> {
    const provider = this.provider(providerId);
    const { url, state, nonce, codeVerifier } = await this.client.begin(provider, this.redirectUri(provider));
    const browser = randomBytes(32).toString('base64url');
    const login = {
      provider: provider.id,
      nonce,
      codeVerifier,
      browserDigest: sha256(browser),
      returnTo: safeReturnPath(returnTo),
    };
    await this.logins.begin(sha256(state), login, new Date(this.clock.now() + WAY_MS).toISOString());
    return { url, browser };
  }

  /** Throws AppErrors `GOVERNANCE.OIDC_*`. `query` is what the provider appended, with its `?`. */
  async finish(
    caller: Caller,
    providerId: string,
    came: { readonly state: string; readonly query: string; readonly browser: string | undefined },
    userAgent: string | null,
  ): Promise<OpenedSession & { readonly returnTo: string }> {
    const provider = this.provider(providerId);
    const pending = await this.logins.take(sha256(came.state), this.clock.iso());
    if (pending?.provider !== provider.id)
      throw errors.unauthenticated(
        'GOVERNANCE.OIDC_STATE',
        'This login was never begun here, took too long, or was finished already. Begin again.',
      );
    if (came.browser === undefined || !constantTimeEqual(sha256(came.browser), pending.browserDigest))
      throw errors.unauthenticated(
        'GOVERNANCE.OIDC_BROWSER',
        'This login was begun in another browser. Begin again in this one.',
      );
    const { nonce, codeVerifier, returnTo } = pending;
    const callback = `${this.redirectUri(provider)}${came.query}`;
    const claims = await this.client.finish(provider, callback, { state: came.state, nonce, codeVerifier });
    const session = await this.database.transaction((unit) =>
      this.enter(unit, caller, provider, claims, userAgent),
    );
    return { ...session, returnTo };
  }

  private async enter(
    unit: Unit,
    caller: Caller,
    provider: OidcProvider,
    claims: OidcClaims,
    userAgent: string | null,
  ): Promise<OpenedSession> {
    await this.roles.lock(unit);
    const id =
      (await this.logins.principalOf(unit, provider.id, claims.subject)) ??
      (await this.make(unit, caller, provider, claims));
    const identity = await this.identities.lock(unit, id);
    if (identity?.state !== 'active')
      throw errors.forbidden(
        'GOVERNANCE.OIDC_DISABLED',
        'This account was disabled here. Ask an administrator.',
      );
    const held = await this.giveRoles(unit, caller, provider, identity, claims);
    const needing = await this.roles.requiringTotp(unit);
    if (held.some((role) => needing.has(role)) && !usedSecondFactor(claims))
      throw errors.forbidden(
        'GOVERNANCE.OIDC_SECOND_FACTOR',
        `A role of yours needs a second factor, and ${provider.name} did not ask for one. Set it up there.`,
      );
    const wish = { kind: 'cookie', userAgent } as const;
    return this.sessions.open(unit, caller, id, wish, { factor: 'oidc', provider: provider.id });
  }

  private async make(
    unit: Unit,
    caller: Caller,
    provider: OidcProvider,
    claims: OidcClaims,
  ): Promise<string> {
    const id = newId(this.clock.now());
    const wish = localName(claims, provider.id);
    const base = {
      id,
      kind: 'person' as const,
      displayName: claims.displayName ?? wish,
      passwordHash: null,
      mustChangePassword: false,
      // Nobody here made this account: the provider did, on governance's behalf.
      createdBy: 'governance',
      createdAt: this.clock.iso(),
    };
    // A name is only a name: who somebody is, is told by the provider's subject.
    const added =
      (await this.identities.add(unit, { ...base, name: wish })) ||
      (await this.identities.add(unit, { ...base, name: `${wish.slice(0, 80)}.${id.slice(-12)}` }));
    if (!added) throw errors.conflict('GOVERNANCE.NAME_TAKEN', 'No free name was found for this account.');
    await this.logins.bind(unit, provider.id, claims.subject, id);
    this.audit.record(unit, selfOf(caller, id), {
      action: 'user.create',
      object: { kind: 'user', id },
      project: null,
      details: { provider: provider.id },
    });
    return id;
  }

  /** The roles of the groups, given by whoever wrote the line of the mapping. Returns their names. */
  private async giveRoles(
    unit: Unit,
    caller: Caller,
    provider: OidcProvider,
    identity: Identity,
    claims: OidcClaims,
  ): Promise<string[]> {
    const lines = (await this.logins.groupRoles(provider.id, unit)).filter(({ group }) =>
      claims.groups.includes(group),
    );
    const wanted = new Map<string, WrittenGroupRole>();
    for (const line of lines) if (!wanted.has(bindingKey(line))) wanted.set(bindingKey(line), line);
    const bindings = [...wanted.values()].map(({ role, project }) => ({ role, project }));
    const { grant, revoke } = roleChanges(identity.roles, bindings);
    const at = this.clock.iso();
    await this.identities.revoke(unit, identity.id, revoke, 'governance', at);
    for (const binding of grant) {
      const { changedBy } = wanted.get(bindingKey(binding))!;
      await this.identities.grant(unit, identity.id, [binding], changedBy, at);
    }
    if (revoke.some(({ role }) => role === 'administrator'))
      await requireAdministrator(this.identities, unit);
    for (const [action, changed] of [['role.revoke', revoke] as const, ['role.grant', grant] as const])
      for (const { role, project } of changed)
        this.audit.record(unit, selfOf(caller, identity.id), {
          action,
          object: { kind: 'principal', id: identity.id },
          project,
          details: { role, provider: provider.id },
        });
    await this.announce.principal(unit, selfOf(caller, identity.id), identity.id);
    return bindings.map(({ role }) => role);
  }

  private provider(id: string): OidcProvider {
    const found = this.settings.providers.find((each) => each.id === id);
    if (!found || this.settings.publicUrl === null)
      throw errors.notFound(
        'GOVERNANCE.OIDC_PROVIDER_NOT_FOUND',
        `There is no provider ${id} to log in with.`,
      );
    return found;
  }

  private redirectUri({ id }: OidcProvider): string {
    return `${this.settings.publicUrl}/v1/oidc/${id}/callback`;
  }
}

const selfOf = (caller: Caller, id: string): Caller => ({
  ...caller,
  principal: { ...caller.principal, id },
});
