import { Inject, Injectable, Logger } from '@nestjs/common';
import { callerOfService } from '@steward/access';
import type { RetentionClass } from '@steward/contracts';
import { Database } from '@steward/database';
import { AppError, Clock, newId } from '@steward/kernel';
import { RepeatedTask } from '@steward/service';
import type { GovernanceTables } from '../governance-tables';
import { CancelRetentionRun } from './cancel-retention-run';
import { OpenRetentionRun } from './open-retention-run';
import { EnforcedClasses } from './retention-policy';
import { RetentionPolicyRepository, RetentionRunRepository } from './retention.repository';

/** How many hours lie between two runs of the schedule. */
export const RETENTION_HOURS = Symbol('RETENTION_HOURS');
const HOUR_MS = 3_600_000;

/**
 * Opens runs by the clock, for each project that keeps a schedule: one for what the policy deletes unattended, one for
 * the rest. What still waits for its confirmation is counted anew.
 */
@Injectable()
export class ScheduleRetention extends RepeatedTask {
  protected readonly pauseMs = HOUR_MS;
  private readonly log = new Logger(ScheduleRetention.name);

  constructor(
    @Inject(RETENTION_HOURS) private readonly hours: number,
    private readonly database: Database<GovernanceTables>,
    private readonly policies: RetentionPolicyRepository,
    private readonly runs: RetentionRunRepository,
    private readonly opening: OpenRetentionRun,
    private readonly cancelling: CancelRetentionRun,
    private readonly clock: Clock,
  ) {
    super();
  }

  async work(): Promise<void> {
    for (const project of await this.policies.projects()) {
      const { policy } = await this.policies.policy(project);
      const unattended = EnforcedClasses.filter((each) => policy.unattended.includes(each));
      const others = EnforcedClasses.filter((each) => !policy.unattended.includes(each));
      await this.open(project, true, unattended);
      await this.open(project, false, others);
    }
  }

  private async open(
    project: string,
    unattended: boolean,
    classes: readonly RetentionClass[],
  ): Promise<void> {
    if (classes.length === 0) return;
    const last = await this.runs.lastScheduled(project, unattended);
    if (last && this.clock.now() - Date.parse(last.openedAt) < this.hours * HOUR_MS) return;
    const caller = callerOfService('governance', newId(), project);
    await this.database.transaction(async (unit) => {
      const stale = last && (await this.runs.lock(unit, last.id));
      if (stale?.state === 'counting' || stale?.state === 'counted')
        await this.cancelling.end(unit, caller, stale);
    });
    try {
      await this.opening.execute(caller, project, { classes, unattended });
    } catch (error) {
      // Nothing to do, or the last one still deletes: both are looked at again.
      if (!AppError.is(error) || error.kind !== 'conflict') throw error;
      this.log.debug(`No run for ${project}: ${error.code}`);
    }
  }
}
