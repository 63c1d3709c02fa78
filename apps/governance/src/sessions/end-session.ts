import { Injectable } from '@nestjs/common';
import { Access, AuditTrail, type Caller } from '@steward/access';
import { SessionRevoked } from '@steward/contracts';
import { Database } from '@steward/database';
import { Clock, errors } from '@steward/kernel';
import type { GovernanceTables } from '../governance-tables';
import { AnnouncePolicy } from '../identity/announce-policy';
import { SessionRepository } from './session.repository';

/** Ends a session: one's own, or, for who may change users, anybody's. Every service refuses it within a second. */
@Injectable()
export class EndSession {
  constructor(
    private readonly database: Database<GovernanceTables>,
    private readonly sessions: SessionRepository,
    private readonly announce: AnnouncePolicy,
    private readonly access: Access,
    private readonly audit: AuditTrail,
    private readonly clock: Clock,
  ) {}

  async end(caller: Caller, id: string): Promise<void> {
    const { principal } = caller;
    const at = this.clock.iso();
    const found = await this.sessions.find(id, at);
    // Others' sessions are not even there for who may not end them.
    const may =
      found?.principalId === principal.id || this.access.can(principal, 'update', 'User', { project: null });
    if (!found || !may) throw sessionNotFound();
    await this.database.transaction(async (unit) => {
      const session = await this.sessions.end(unit, id, principal.id, at);
      if (!session) throw sessionNotFound();
      const { principalId, expiresAt } = session;
      this.announce.publish(unit, caller, SessionRevoked, id, { sessionId: id, principalId, expiresAt });
      this.audit.record(unit, caller, {
        action: 'session.end',
        object: { kind: 'session', id },
        project: null,
        details: { principal: principalId },
      });
    });
  }
}

const sessionNotFound = () =>
  errors.notFound('GOVERNANCE.SESSION_NOT_FOUND', 'There is no such session, or it has ended.');
