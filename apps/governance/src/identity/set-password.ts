import { Injectable } from '@nestjs/common';
import { AuditTrail, type Caller } from '@steward/access';
import { Database } from '@steward/database';
import { Clock, errors } from '@steward/kernel';
import type { GovernanceTables } from '../governance-tables';
import { SessionRepository } from '../sessions/session.repository';
import { AnnouncePolicy } from './announce-policy';
import { IdentityRepository } from './identity.repository';
import { PasswordHasher } from './password.hasher';

/** Gives a person who has just proven the old password a new one. It ends all of that person's sessions. */
@Injectable()
export class SetPassword {
  constructor(
    private readonly database: Database<GovernanceTables>,
    private readonly identities: IdentityRepository,
    private readonly passwords: PasswordHasher,
    private readonly sessions: SessionRepository,
    private readonly announce: AnnouncePolicy,
    private readonly audit: AuditTrail,
    private readonly clock: Clock,
  ) {}

  /** Throws AppError `GOVERNANCE.PASSWORD_SAME` for the old one again. */
  async set(caller: Caller, current: string, next: string): Promise<void> {
    if (next === current)
      throw errors.invalid('GOVERNANCE.PASSWORD_SAME', 'The new password must differ from the old one.');
    const { id } = caller.principal;
    const hash = await this.passwords.hash(next);
    await this.database.transaction(async (unit) => {
      await this.identities.lock(unit, id);
      const at = this.clock.iso();
      await this.identities.setPassword(unit, id, hash, at);
      await this.sessions.endAll(unit, id, id, at);
      this.audit.record(unit, caller, {
        action: 'password.change',
        object: { kind: 'user', id },
        project: null,
      });
      await this.announce.principal(unit, caller, id);
    });
  }
}
