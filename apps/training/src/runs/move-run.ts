import { Injectable } from '@nestjs/common';
import { AuditTrail, callerOfService, type Caller } from '@steward/access';
import { Database, type UnitOfWork } from '@steward/database';
import { AppError, Clock, errors, isId } from '@steward/kernel';
import { RetrainRepository } from '../retraining/retrain.repository';
import type { TrainingTables } from '../training-tables';
import { AnnounceRun } from './announce-run';
import { isFinished, mayMove, runNotFound, type Run } from './run';
import { RunRepository } from './run.repository';

/** Takes a run up, ends it without success, or cancels it. Success is `RegisterModel`. */
@Injectable()
export class MoveRun {
  constructor(
    private readonly database: Database<TrainingTables>,
    private readonly runs: RunRepository,
    private readonly retrains: RetrainRepository,
    private readonly announce: AnnounceRun,
    private readonly audit: AuditTrail,
    private readonly clock: Clock,
  ) {}

  /** A worker takes the run up: gives it the next attempt's number, or null where there is nothing left to do. */
  async takeUp(id: string): Promise<Run | null> {
    return await this.database.transaction(async (unit) => {
      const run = await this.runs.lock(unit, id);
      if (!run || !mayMove(run.state, 'running')) return null;
      const next: Run = {
        ...run,
        state: 'running',
        attempt: run.attempt + 1,
        progress: null,
        startedAt: run.startedAt ?? this.clock.iso(),
      };
      await this.runs.change(unit, id, next);
      if (run.state === 'queued') this.announce.announce(unit, next);
      this.record(unit, next, run.state === 'queued' ? 'run.begin' : 'run.retry', { attempt: next.attempt });
      return next;
    });
  }

  /** Ends a run that cannot succeed. With `attempt`, only if that attempt still is the newest. */
  async fail(id: string, error: unknown, attempt: number | null = null): Promise<void> {
    const failure = AppError.is(error) ? error.code : 'TRAINING.INTERNAL';
    // What is not an AppError may hold anything; its text stays in the log of the service.
    const message = AppError.is(error)
      ? error.message
      : 'The run failed by an internal fault; the log has more.';
    await this.database.transaction(async (unit) => {
      const run = await this.runs.lock(unit, id);
      if (!run || isFinished(run.state) || (attempt !== null && run.attempt !== attempt)) return;
      const next: Run = {
        ...run,
        state: 'failed',
        failure,
        failureMessage: message.slice(0, 2_000),
        finishedAt: this.clock.iso(),
      };
      await this.end(unit, next);
      this.record(unit, next, 'run.fail', { failure, attempt: run.attempt });
    });
  }

  async cancel(caller: Caller, project: string, id: string): Promise<Run> {
    if (!isId(id)) throw runNotFound(id);
    return await this.database.transaction(async (unit) => {
      const run = await this.runs.lock(unit, id);
      if (!run || run.project !== project) throw runNotFound(id);
      if (run.state === 'cancelled') return run;
      if (isFinished(run.state)) {
        throw errors.conflict(
          'TRAINING.RUN_FINISHED',
          `The run has already ${run.state}; nothing is left to cancel.`,
        );
      }
      const next: Run = { ...run, state: 'cancelled', finishedAt: this.clock.iso() };
      await this.end(unit, next);
      this.audit.record(unit, caller, {
        action: 'run.cancel',
        object: { kind: 'run', id },
        project,
        details: { from: run.state },
      });
      return next;
    });
  }

  private async end(unit: UnitOfWork<TrainingTables>, run: Run): Promise<void> {
    await this.runs.change(unit, run.id, run);
    if (run.retrainId !== null) {
      await this.retrains.change(unit, run.retrainId, {
        state: 'failed',
        reason: run.failure ?? 'TRAINING.RUN_CANCELLED',
        changedAt: this.clock.iso(),
      });
    }
    this.announce.announce(unit, run);
  }

  private record(
    unit: UnitOfWork<TrainingTables>,
    run: Run,
    action: string,
    details: Record<string, string | number>,
  ): void {
    this.audit.record(unit, callerOfService('training', run.correlation, run.project), {
      action,
      object: { kind: 'run', id: run.id },
      project: run.project,
      details,
    });
  }
}
