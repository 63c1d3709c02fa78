import { Injectable } from '@nestjs/common';
import { AuditTrail, type Caller } from '@steward/access';
import { Database } from '@steward/database';
import { Clock, errors } from '@steward/kernel';
import type { GovernanceTables } from '../governance-tables';
import { breachNotFound, clockOf } from './breach';
import { BreachRepository } from './breach.repository';

/** Ends a breach: the authority was notified, or it need not be, with the reason for the books (Art. 33(5)). */
@Injectable()
export class EndBreach {
  constructor(
    private readonly database: Database<GovernanceTables>,
    private readonly breaches: BreachRepository,
    private readonly audit: AuditTrail,
    private readonly clock: Clock,
  ) {}

  async end(
    caller: Caller,
    project: string,
    id: string,
    state: 'notified' | 'not_notifiable',
    reason: string,
  ): Promise<void> {
    await this.database.transaction(async (unit) => {
      const breach = await this.breaches.lock(unit, id);
      if (breach?.project !== project) throw breachNotFound(id);
      if (breach.state !== 'open')
        throw errors.conflict('GOVERNANCE.BREACH_ENDED', `This breach is ${breach.state} already.`);
      const [endedBy, endedAt] = [caller.principal.id, this.clock.iso()];
      await this.breaches.end(unit, { ...breach, state, endedBy, endedAt, endReason: reason });
      this.audit.record(unit, caller, {
        action: state === 'notified' ? 'breach.notify' : 'breach.close',
        object: { kind: 'breach', id },
        project,
        reason,
        details: { hoursLeft: clockOf(breach, this.clock.now()).hoursLeft },
      });
    });
  }
}
