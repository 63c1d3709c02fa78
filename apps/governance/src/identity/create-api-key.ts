import { Injectable } from '@nestjs/common';
import { Actions, AuditTrail, newApiKey, Subjects, type Caller, type KeyScope } from '@steward/access';
import { Database } from '@steward/database';
import { Clock, errors } from '@steward/kernel';
import type { GovernanceTables } from '../governance-tables';
import { AnnouncePolicy } from './announce-policy';
import { ApiKeyRepository, IdentityRepository, ProjectRepository } from './identity.repository';
import { principalNotFound, type Identity } from './principal';

export interface NewApiKey {
  readonly principalId: string;
  readonly project: string | null;
  readonly expiresAt: string | null;
  /** What of the holder's rights it is to carry; null: all of them. */
  readonly scopes: readonly KeyScope[] | null;
}

/** Makes an API key for a machine, or for oneself: a key for another person would be that person's signature. */
@Injectable()
export class CreateApiKey {
  constructor(
    private readonly database: Database<GovernanceTables>,
    private readonly identities: IdentityRepository,
    private readonly projects: ProjectRepository,
    private readonly keys: ApiKeyRepository,
    private readonly announce: AnnouncePolicy,
    private readonly audit: AuditTrail,
    private readonly clock: Clock,
  ) {}

  /** `secret` is the whole key; it is not kept and cannot be shown again. */
  async create(caller: Caller, wish: NewApiKey): Promise<{ keyId: string; secret: string }> {
    const { project, expiresAt, scopes } = wish;
    requireScopes(scopes);
    if (expiresAt !== null && Date.parse(expiresAt) <= this.clock.now())
      throw errors.invalid('GOVERNANCE.KEY_EXPIRED', 'The key would have expired already.');
    if (project !== null && !(await this.projects.find(project)))
      throw errors.notFound('GOVERNANCE.PROJECT_NOT_FOUND', `There is no project ${project}.`);
    const { keyId, key, secretDigest } = newApiKey();
    return this.database.transaction(async (unit) => {
      const owner = await this.identities.lock(unit, wish.principalId);
      requireKeyOwner(caller, owner, wish.principalId);
      const kept = {
        id: keyId,
        secretDigest,
        principalId: wish.principalId,
        project,
        state: 'active' as const,
        expiresAt,
        scopes,
        limits: null,
        lastUsedAt: null,
        replacedBy: null,
        firstKeyId: null,
        createdBy: caller.principal.id,
        createdAt: this.clock.iso(),
      };
      await this.keys.add(unit, kept);
      this.announce.apiKey(unit, caller, kept);
      this.audit.record(unit, caller, {
        action: 'api-key.create',
        object: { kind: 'api-key', id: keyId },
        project,
        details: { principal: wish.principalId, expiresAt, scopes: scopes?.length ?? null },
      });
      return { keyId, secret: key };
    });
  }
}

/** Throws unless the caller may hold a key of this owner in his hands: a machine's, or his own. */
export function requireKeyOwner(caller: Caller, owner: Identity | null, id: string): void {
  if (!owner || owner.kind === 'service') throw principalNotFound(id);
  if (owner.kind === 'person' && owner.id !== caller.principal.id)
    throw errors.forbidden('GOVERNANCE.KEY_OF_ANOTHER', 'A key for a person is made by that person alone.');
}

function requireScopes(scopes: readonly KeyScope[] | null): void {
  const unknown = (scopes ?? []).flatMap(({ action, subject }) => [
    ...action.filter((each) => !(Actions as readonly string[]).includes(each)),
    ...subject.filter((each) => !(Subjects as readonly string[]).includes(each)),
  ]);
  if (unknown.length > 0)
    throw errors.invalid(
      'GOVERNANCE.SCOPE_UNKNOWN',
      `There is no action or subject ${unknown.slice(0, 10).join(', ')}. See GET /v1/roles/vocabulary.`,
      { details: { unknown } },
    );
}
