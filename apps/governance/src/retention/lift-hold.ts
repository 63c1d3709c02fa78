import { Injectable } from '@nestjs/common';
import { AuditTrail, type Caller } from '@steward/access';
import { RetentionHoldChanged } from '@steward/contracts';
import { Database } from '@steward/database';
import { Clock, errors } from '@steward/kernel';
import { Outbox } from '@steward/messaging';
import type { GovernanceTables } from '../governance-tables';
import { RetentionPolicyRepository } from './retention.repository';

/** Lifts a legal hold: what it covered is deleted by age again, by a run that is confirmed. */
@Injectable()
export class LiftHold {
  constructor(
    private readonly database: Database<GovernanceTables>,
    private readonly policies: RetentionPolicyRepository,
    private readonly outbox: Outbox,
    private readonly audit: AuditTrail,
    private readonly clock: Clock,
  ) {}

  /** Throws GOVERNANCE.HOLD_NOT_FOUND, GOVERNANCE.HOLD_LIFTED. */
  async execute(caller: Caller, project: string, id: string, reason: string): Promise<void> {
    await this.database.transaction(async (unit) => {
      await this.policies.lock(unit, project);
      const hold = await this.policies.hold(unit, project, id);
      if (!hold) throw errors.notFound('GOVERNANCE.HOLD_NOT_FOUND', `There is no such legal hold: ${id}.`);
      if (hold.liftedAt !== null)
        throw errors.conflict('GOVERNANCE.HOLD_LIFTED', `This legal hold was lifted at ${hold.liftedAt}.`);
      await this.policies.liftHold(unit, id, { by: caller.principal.id, at: this.clock.iso(), reason });
      const { dataset, class: held, until } = hold;
      this.outbox.publish(unit, RetentionHoldChanged, {
        subject: project,
        project,
        correlation: caller.correlation,
        actor: caller.principal.id,
        payload: { holdId: id, state: 'lifted', dataset, class: held, until },
      });
      this.audit.record(unit, caller, {
        action: 'legal-hold.lift',
        object: { kind: 'legal-hold', id },
        project,
        reason,
      });
    });
  }
}
