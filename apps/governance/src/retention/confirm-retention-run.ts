import { Injectable } from '@nestjs/common';
import { AuditTrail, type Caller } from '@steward/access';
import { Database, type UnitOfWork } from '@steward/database';
import { Clock, errors } from '@steward/kernel';
import type { GovernanceTables } from '../governance-tables';
import { OrderRetention } from './order-retention';
import {
  ordersToDelete,
  requireSecondPerson,
  requireState,
  runNotFound,
  type RetentionRun,
} from './retention-run';
import { holdOver } from './retention-schedule';
import { RetentionPolicyRepository, RetentionRunRepository } from './retention.repository';

/** Lets a counted run delete what was counted: a second person's word, or the policy's. */
@Injectable()
export class ConfirmRetentionRun {
  constructor(
    private readonly database: Database<GovernanceTables>,
    private readonly policies: RetentionPolicyRepository,
    private readonly runs: RetentionRunRepository,
    private readonly ordering: OrderRetention,
    private readonly audit: AuditTrail,
    private readonly clock: Clock,
  ) {}

  /**
   * Throws GOVERNANCE.RETENTION_RUN_NOT_FOUND, GOVERNANCE.RETENTION_RUN_STATE, GOVERNANCE.RETENTION_FOUR_EYES,
   * GOVERNANCE.RETENTION_HELD.
   */
  async execute(caller: Caller, project: string, id: string): Promise<void> {
    await this.database.transaction(async (unit) => {
      await this.policies.lock(unit, project);
      const run = await this.runs.lock(unit, id);
      if (!run || run.project !== project) throw runNotFound(id);
      requireState(run, ['counted']);
      requireSecondPerson(run, caller.principal);
      if (!(await this.release(unit, caller, run)))
        throw errors.conflict('GOVERNANCE.RETENTION_HELD', 'Legal holds stop all that was counted.');
    });
  }

  /** The run is locked. False where legal holds that came since stop all of it. */
  async release(unit: UnitOfWork<GovernanceTables>, caller: Caller, run: RetentionRun): Promise<boolean> {
    const now = this.clock.iso();
    const holds = await this.policies.holds(run.project, now, unit);
    const counted = ordersToDelete(run);
    const orders = counted.filter((order) => holdOver(holds, order) === undefined);
    const stopped = counted.flatMap((order) => {
      const hold = holdOver(holds, order);
      return hold ? [{ class: order.class, dataset: order.dataset, holdId: hold.id }] : [];
    });
    if (orders.length === 0) return false;
    await this.runs.change(unit, run.id, {
      state: 'deleting',
      confirmedBy: caller.principal.id,
      confirmedAt: now,
      held: [...run.held, ...stopped],
    });
    await this.ordering.execute(unit, run, 'delete', orders, caller.principal.id);
    this.audit.record(
      unit,
      { ...caller, correlation: run.correlation },
      {
        action: 'retention-run.confirm',
        object: { kind: 'retention-run', id: run.id },
        project: run.project,
        details: { orders: orders.length, held: stopped.length, openedBy: run.openedBy },
      },
    );
    return true;
  }
}
