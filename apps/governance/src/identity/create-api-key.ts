import { Injectable } from '@nestjs/common';
import { AuditTrail, newApiKey, type Caller } from '@steward/access';
import { Database } from '@steward/database';
import { Clock, errors } from '@steward/kernel';
import type { GovernanceTables } from '../governance-tables';
import { AnnouncePolicy } from './announce-policy';
import { ApiKeyRepository, IdentityRepository, ProjectRepository } from './identity.repository';
import { principalNotFound } from './principal';

export interface NewApiKey {
  readonly principalId: string;
  readonly project: string | null;
  readonly expiresAt: string | null;
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
    const { project, expiresAt } = wish;
    if (expiresAt !== null && Date.parse(expiresAt) <= this.clock.now())
      throw errors.invalid('GOVERNANCE.KEY_EXPIRED', 'The key would have expired already.');
    if (project !== null && !(await this.projects.find(project)))
      throw errors.notFound('GOVERNANCE.PROJECT_NOT_FOUND', `There is no project ${project}.`);
    const { keyId, key, secretDigest } = newApiKey();
    return this.database.transaction(async (unit) => {
      const owner = await this.identities.lock(unit, wish.principalId);
      if (!owner || owner.kind === 'service') throw principalNotFound(wish.principalId);
      if (owner.kind === 'person' && owner.id !== caller.principal.id)
        throw errors.forbidden(
          'GOVERNANCE.KEY_OF_ANOTHER',
          'A key for a person is made by that person alone.',
        );
      const kept = {
        id: keyId,
        secretDigest,
        principalId: owner.id,
        project,
        state: 'active' as const,
        expiresAt,
        createdBy: caller.principal.id,
        createdAt: this.clock.iso(),
      };
      await this.keys.add(unit, kept);
      this.announce.apiKey(unit, caller, kept);
      this.audit.record(unit, caller, {
        action: 'api-key.create',
        object: { kind: 'api-key', id: keyId },
        project,
        details: { principal: owner.id, expiresAt },
      });
      return { keyId, secret: key };
    });
  }
}
