import { Injectable } from '@nestjs/common';
import { AuditTrail, newApiKey, type Caller } from '@steward/access';
import { Database } from '@steward/database';
import { Clock, errors } from '@steward/kernel';
import type { GovernanceTables } from '../governance-tables';
import { AnnouncePolicy } from './announce-policy';
import { requireKeyOwner } from './create-api-key';
import { ApiKeyRepository, IdentityRepository, type ApiKey } from './identity.repository';
import { keyNotFound } from './revoke-api-key';

export interface RotatedKey {
  readonly keyId: string;
  /** The whole key; it is not kept and cannot be shown again. */
  readonly secret: string;
  /** Until then the old key goes on, so that programs can be given the new one. */
  readonly oldExpiresAt: string;
}

/** Makes a key that is for the same as an old one, which ends after an overlap. */
@Injectable()
export class RotateApiKey {
  constructor(
    private readonly database: Database<GovernanceTables>,
    private readonly identities: IdentityRepository,
    private readonly keys: ApiKeyRepository,
    private readonly announce: AnnouncePolicy,
    private readonly audit: AuditTrail,
    private readonly clock: Clock,
  ) {}

  async rotate(caller: Caller, keyId: string, overlapSeconds: number): Promise<RotatedKey> {
    const fresh = newApiKey();
    const now = this.clock.now();
    return this.database.transaction(async (unit) => {
      const old = await this.keys.lock(unit, keyId);
      if (old?.state !== 'active' || (old.expiresAt !== null && Date.parse(old.expiresAt) <= now))
        throw keyNotFound(keyId);
      if (old.replacedBy !== null)
        throw errors.conflict(
          'GOVERNANCE.KEY_REPLACED',
          `This key was replaced by ${old.replacedBy} already.`,
          {
            details: { replacedBy: old.replacedBy },
          },
        );
      requireKeyOwner(caller, await this.identities.lock(unit, old.principalId), old.principalId);
      const next: ApiKey = {
        ...old,
        id: fresh.keyId,
        secretDigest: fresh.secretDigest,
        lastUsedAt: null,
        firstKeyId: old.firstKeyId ?? old.id,
        createdBy: caller.principal.id,
        createdAt: new Date(now).toISOString(),
      };
      const until = now + overlapSeconds * 1000;
      const oldExpiresAt = new Date(
        old.expiresAt === null ? until : Math.min(until, Date.parse(old.expiresAt)),
      ).toISOString();
      await this.keys.add(unit, next);
      await this.keys.replace(unit, old.id, next.id, oldExpiresAt);
      this.announce.apiKey(unit, caller, next);
      this.announce.apiKey(unit, caller, { ...old, expiresAt: oldExpiresAt });
      this.audit.record(unit, caller, {
        action: 'api-key.rotate',
        object: { kind: 'api-key', id: old.id },
        project: old.project,
        details: { principal: old.principalId, key: next.id, oldExpiresAt },
      });
      return { keyId: next.id, secret: fresh.key, oldExpiresAt };
    });
  }
}
