import { Injectable } from '@nestjs/common';
import { AuditTrail, type Caller } from '@steward/access';
import { RetentionHoldChanged, type RetentionClass } from '@steward/contracts';
import { Database } from '@steward/database';
import { Clock, errors, newId } from '@steward/kernel';
import { Outbox } from '@steward/messaging';
import type { GovernanceTables } from '../governance-tables';
import { isDatasetClass } from './retention-policy';
import { RetentionPolicyRepository, type LegalHold } from './retention.repository';

/** What may not be deleted by age, why, and until when. */
export interface HoldOrder {
  readonly dataset: string | null;
  readonly class: RetentionClass | null;
  readonly reason: string;
  readonly until: string | null;
}

/** Places a legal hold. Every service knows it before it gets any later order to delete. */
@Injectable()
export class PlaceHold {
  constructor(
    private readonly database: Database<GovernanceTables>,
    private readonly policies: RetentionPolicyRepository,
    private readonly outbox: Outbox,
    private readonly audit: AuditTrail,
    private readonly clock: Clock,
  ) {}

  /** Throws GOVERNANCE.HOLD_TIME (in the past), GOVERNANCE.HOLD_SCOPE. */
  async execute(caller: Caller, project: string, order: HoldOrder): Promise<LegalHold> {
    const until = order.until === null ? null : new Date(order.until).toISOString();
    if (until !== null && until <= this.clock.iso())
      throw errors.invalid('GOVERNANCE.HOLD_TIME', 'A legal hold ends in the future, or when it is lifted.');
    if (order.dataset !== null && order.class !== null && !isDatasetClass(order.class))
      throw errors.invalid(
        'GOVERNANCE.HOLD_SCOPE',
        `${order.class} is kept by project, not by dataset: leave dataset out.`,
      );
    const hold: LegalHold = {
      ...order,
      id: newId(),
      project,
      until,
      placedBy: caller.principal.id,
      placedAt: this.clock.iso(),
      liftedBy: null,
      liftedAt: null,
      liftReason: null,
    };
    const { id, dataset } = hold;
    const scope = { dataset, class: hold.class, until };
    await this.database.transaction(async (unit) => {
      await this.policies.lock(unit, project);
      await this.policies.addHold(unit, hold);
      this.outbox.publish(unit, RetentionHoldChanged, {
        subject: project,
        project,
        correlation: caller.correlation,
        actor: caller.principal.id,
        payload: { holdId: id, state: 'placed', ...scope },
      });
      this.audit.record(unit, caller, {
        action: 'legal-hold.place',
        object: { kind: 'legal-hold', id },
        project,
        reason: hold.reason,
        details: scope,
      });
    });
    return hold;
  }
}
