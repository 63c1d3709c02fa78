import { Injectable } from '@nestjs/common';
import { callerOfService } from '@steward/access';
import { Database, type UnitOfWork } from '@steward/database';
import { Clock } from '@steward/kernel';
import { judgeCanary, type CanaryJudgement } from './canary-judgement';
import { ComparisonRepository, type CountedBy } from './comparison.repository';
import {
  NO_OBSERVED,
  sumServing,
  type Evidence,
  type ObservedEvidence,
  type ServingEvidence,
} from './evidence';
import { MoveRollout } from './move-rollout';
import { evidenceKey, goesOn, lookIsDue, moveBy, type Rollout } from './rollout';
import { RolloutMetrics } from './rollout.metrics';
import { RolloutRepository } from './rollout.repository';

/** The source under which monitoring's counts stand. */
export const MONITORING = 'monitoring';

/** Judges rollouts by what was counted, and moves those that a gate sends back or that pass their step. */
@Injectable()
export class JudgeRollouts {
  constructor(
    private readonly database: Database,
    private readonly rollouts: RolloutRepository,
    private readonly comparisons: ComparisonRepository,
    private readonly moves: MoveRollout,
    private readonly metrics: RolloutMetrics,
    private readonly clock: Clock,
  ) {}

  /** Judges all that go on; true if any moved. Several processes may: whoever has the lock moves, once. */
  async execute(): Promise<boolean> {
    let moved = false;
    for (const { id } of await this.rollouts.goingOn()) moved = (await this.judge(id)) || moved;
    return moved;
  }

  /** How a rollout stands. */
  async judgement(rollout: Rollout): Promise<CanaryJudgement> {
    return judgeCanary(rollout.settings, evidenceOf(await this.comparisons.of(evidenceKey(rollout))));
  }

  /** What moved the rollout is kept whatever the time. */
  private async keepLook(
    unit: UnitOfWork,
    rollout: Rollout,
    { gates }: CanaryJudgement,
    moves: boolean,
  ): Promise<void> {
    const now = this.clock.now();
    if (moves || lookIsDue(rollout, await this.rollouts.lastLook(unit, rollout), now))
      await this.rollouts.look(unit, rollout, gates);
  }

  private judge(id: string): Promise<boolean> {
    return this.database.transaction(async (unit) => {
      const rollout = await this.rollouts.lock(unit, id, 'skip');
      if (!rollout || !goesOn(rollout)) return false;
      const evidence = evidenceOf(await this.comparisons.of(evidenceKey(rollout), unit));
      const judgement = judgeCanary(rollout.settings, evidence);
      this.metrics.judged(rollout, judgement);
      const to = moveBy(rollout, judgement, this.clock.now());
      await this.keepLook(unit, rollout, judgement, to !== null);
      if (!to) return false;
      const caller = callerOfService('inference', rollout.correlation, rollout.project);
      await this.moves.move(unit, caller, rollout, to, judgement);
      if (!goesOn(to)) this.metrics.ended(rollout);
      return true;
    });
  }
}

/** All sources of one key together. */
export function evidenceOf(counted: readonly CountedBy[]): Evidence {
  const serving = counted.flatMap(({ source, counts }) =>
    source === MONITORING ? [] : [counts as ServingEvidence],
  );
  const observed = counted.find(({ source }) => source === MONITORING)?.counts as
    ObservedEvidence | undefined;
  return { serving: sumServing(serving), observed: observed ?? NO_OBSERVED };
}
