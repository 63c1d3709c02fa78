import { Injectable } from '@nestjs/common';
import { AuditTrail, type Caller } from '@steward/access';
import { Database } from '@steward/database';
import { errors, type AppError } from '@steward/kernel';
import type { GovernanceTables } from '../governance-tables';
import { AnnouncePolicy } from './announce-policy';
import { ApiKeyRepository } from './identity.repository';

/** Ends an API key for good. */
@Injectable()
export class RevokeApiKey {
  constructor(
    private readonly database: Database<GovernanceTables>,
    private readonly keys: ApiKeyRepository,
    private readonly announce: AnnouncePolicy,
    private readonly audit: AuditTrail,
  ) {}

  async revoke(caller: Caller, keyId: string): Promise<void> {
    await this.database.transaction(async (unit) => {
      const key = await this.keys.revoke(unit, keyId);
      if (!key) throw keyNotFound(keyId);
      this.announce.apiKey(unit, caller, key);
      this.audit.record(unit, caller, {
        action: 'api-key.revoke',
        object: { kind: 'api-key', id: keyId },
        project: key.project,
        details: { principal: key.principalId },
      });
    });
  }
}

export function keyNotFound(keyId: string): AppError {
  return errors.notFound('GOVERNANCE.KEY_NOT_FOUND', 'There is no active API key with this id.', {
    details: { keyId },
  });
}
