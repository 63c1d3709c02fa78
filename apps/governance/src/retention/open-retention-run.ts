import { Injectable } from '@nestjs/common';
import { AuditTrail, type Caller } from '@steward/access';
import type { RetentionClass } from '@steward/contracts';
import { Database } from '@steward/database';
import { Clock, errors, newId } from '@steward/kernel';
import type { GovernanceTables } from '../governance-tables';
import { OrderRetention } from './order-retention';
import { ReadRetention } from './read-retention';
import { dueOf } from './retention-schedule';
import type { RetentionRun } from './retention-run';
import { RetentionPolicyRepository, RetentionRunRepository } from './retention.repository';

/** Opens a run: every service counts what would go. Nothing is deleted before somebody confirms it. */
@Injectable()
export class OpenRetentionRun {
  constructor(
    private readonly database: Database<GovernanceTables>,
    private readonly policies: RetentionPolicyRepository,
    private readonly runs: RetentionRunRepository,
    private readonly reading: ReadRetention,
    private readonly ordering: OrderRetention,
    private readonly audit: AuditTrail,
    private readonly clock: Clock,
  ) {}

  /**
   * `classes`: no others. Throws GOVERNANCE.RETENTION_NOTHING_SCHEDULED, GOVERNANCE.RETENTION_HELD (legal holds stop
   * all of it), GOVERNANCE.RETENTION_RUN_OPEN.
   */
  async execute(
    caller: Caller,
    project: string,
    { classes, unattended }: { classes: readonly RetentionClass[]; unattended: boolean },
  ): Promise<RetentionRun> {
    return this.database.transaction(async (unit) => {
      await this.policies.lock(unit, project);
      const now = this.clock.now();
      const openedAt = new Date(now).toISOString();
      const holds = await this.policies.holds(project, openedAt, unit);
      const { orders, held } = dueOf(await this.reading.schedule(project, unit), holds, classes, now);
      if (orders.length === 0) throw nothingToDo(held.length);
      const { version, changedBy } = await this.policies.policy(project, unit);
      const run: RetentionRun = {
        id: newId(now),
        project,
        origin: caller.principal.kind === 'service' ? 'schedule' : 'person',
        unattended,
        state: 'counting',
        orders,
        held,
        policyVersion: version,
        policyBy: changedBy,
        openedBy: caller.principal.id,
        openedAt,
        counts: null,
        countedAt: null,
        confirmedBy: null,
        confirmedAt: null,
        deletedItems: null,
        evidence: null,
        endedBy: null,
        endedAt: null,
        correlation: caller.correlation,
      };
      if (!(await this.runs.add(unit, run)))
        throw errors.conflict(
          'GOVERNANCE.RETENTION_RUN_OPEN',
          'Another run of this project is open: have it confirmed, or cancel it first.',
        );
      await this.ordering.execute(unit, run, 'count', orders, caller.principal.id);
      this.audit.record(unit, caller, {
        action: 'retention-run.open',
        object: { kind: 'retention-run', id: run.id },
        project,
        details: { orders: orders.length, held: held.length, unattended, policyVersion: version },
      });
      return run;
    });
  }
}

const nothingToDo = (held: number): Error =>
  held > 0
    ? errors.conflict('GOVERNANCE.RETENTION_HELD', 'Legal holds stop all that would be deleted.', {
        details: { held },
      })
    : errors.conflict(
        'GOVERNANCE.RETENTION_NOTHING_SCHEDULED',
        'Neither a purpose nor the policy says how long such data are kept.',
      );
