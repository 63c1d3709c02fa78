import { Injectable } from '@nestjs/common';
import { AuditTrail, type Caller } from '@steward/access';
import { Database } from '@steward/database';
import { Clock, errors } from '@steward/kernel';
import type { GovernanceTables } from '../governance-tables';
import { AnnouncePolicy } from './announce-policy';
import { IdentityRepository } from './identity.repository';
import { LogIn } from './log-in';
import { PasswordHasher } from './password.hasher';
import { principalNotFound } from './principal';
import { SessionRepository } from '../sessions/session.repository';

/** A person's own change of password. It ends all of that person's sessions. Nobody sets another's password. */
@Injectable()
export class ChangePassword {
  constructor(
    private readonly database: Database<GovernanceTables>,
    private readonly identities: IdentityRepository,
    private readonly logIn: LogIn,
    private readonly passwords: PasswordHasher,
    private readonly sessions: SessionRepository,
    private readonly announce: AnnouncePolicy,
    private readonly audit: AuditTrail,
    private readonly clock: Clock,
  ) {}

  async change(caller: Caller, current: string, next: string): Promise<void> {
    const { id, kind, credential } = caller.principal;
    const identity = await this.identities.find(id);
    if (!identity) throw principalNotFound(id);
    if (kind !== 'person' || credential.kind !== 'token')
      throw errors.forbidden(
        'GOVERNANCE.PERSONAL_LOGIN_NEEDED',
        'Only a person who is logged in has a password.',
      );
    // As at a login, so that guessing is counted and locked out here too.
    await this.logIn.prove(caller, identity.name, current);
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
