import { Injectable } from '@nestjs/common';
import { AuditTrail, type Caller } from '@steward/access';
import { Database, type UnitOfWork } from '@steward/database';
import { Clock } from '@steward/kernel';
import type { GovernanceTables } from '../governance-tables';
import { requireState, runNotFound, type RetentionRun } from './retention-run';
import { RetentionRunRepository } from './retention.repository';

/** Ends a run that has deleted nothing yet. */
@Injectable()
export class CancelRetentionRun {
  constructor(
    private readonly database: Database<GovernanceTables>,
    private readonly runs: RetentionRunRepository,
    private readonly audit: AuditTrail,
    private readonly clock: Clock,
  ) {}

  /** Throws GOVERNANCE.RETENTION_RUN_NOT_FOUND, GOVERNANCE.RETENTION_RUN_STATE. */
  async execute(caller: Caller, project: string, id: string): Promise<void> {
    await this.database.transaction(async (unit) => {
      const run = await this.runs.lock(unit, id);
      if (!run || run.project !== project) throw runNotFound(id);
      requireState(run, ['counting', 'counted']);
      await this.end(unit, caller, run);
    });
  }

  /** The run is locked. */
  async end(
    unit: UnitOfWork<GovernanceTables>,
    caller: Caller,
    { id, project }: RetentionRun,
  ): Promise<void> {
    await this.runs.change(unit, id, {
      state: 'cancelled',
      endedBy: caller.principal.id,
      endedAt: this.clock.iso(),
    });
    this.audit.record(unit, caller, {
      action: 'retention-run.cancel',
      object: { kind: 'retention-run', id },
      project,
    });
  }
}
