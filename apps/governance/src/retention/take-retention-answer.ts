import { Injectable } from '@nestjs/common';
import type { RetentionMode } from '@steward/contracts';
import type { UnitOfWork } from '@steward/database';
import { Clock } from '@steward/kernel';
import type { GovernanceTables } from '../governance-tables';
import { FinishRetentionRuns } from './finish-retention-runs';
import { RetentionRunRepository } from './retention.repository';

/** What a service says of its part. */
export interface RetentionAnswer {
  readonly runId: string;
  readonly mode: RetentionMode;
  readonly reportDigest: string;
  readonly items: number;
  readonly held: number;
}

/** A service counted or deleted its part. When all have, the run goes on. */
@Injectable()
export class TakeRetentionAnswer {
  constructor(
    private readonly runs: RetentionRunRepository,
    private readonly finish: FinishRetentionRuns,
    private readonly clock: Clock,
  ) {}

  /** False where nobody waits for it: it came twice, or the run was cancelled. */
  async execute(
    unit: UnitOfWork<GovernanceTables>,
    service: string,
    answer: RetentionAnswer,
  ): Promise<boolean> {
    const { runId, mode, reportDigest, items, held } = answer;
    const run = await this.runs.lock(unit, runId);
    if (run?.state !== (mode === 'count' ? 'counting' : 'deleting')) return false;
    const step = { mode, service, reportDigest, items, held, answeredAt: this.clock.iso() };
    const taken = await this.runs.finishStep(unit, runId, step);
    if (taken) unit.afterCommit(() => this.finish.wake());
    return taken;
  }
}
