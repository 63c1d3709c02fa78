import type { UnitOfWork } from '@steward/database';
import type { CanaryJudgement } from './canary-judgement';
import type { Move, Rollout, RolloutState } from './rollout';

/** A move as it is remembered. */
export interface RolloutMove {
  readonly state: RolloutState;
  readonly step: number;
  readonly percent: number;
  readonly reason: string;
  readonly judgement: CanaryJudgement | null;
  readonly movedAt: string;
}

export abstract class RolloutRepository {
  /** All that go on. */
  abstract goingOn(): Promise<Rollout[]>;
  /** The one that goes on, else the last one. */
  abstract latest(project: string, model: string, unit?: UnitOfWork): Promise<Rollout | null>;
  /** Locks it until the transaction ends. `skip`: null where another process has it locked, instead of waiting. */
  abstract lock(unit: UnitOfWork, id: string, when: 'wait' | 'skip'): Promise<Rollout | null>;
  abstract add(unit: UnitOfWork, rollout: Rollout): Promise<void>;
  abstract move(
    unit: UnitOfWork,
    rollout: Rollout,
    move: Move,
    judgement: CanaryJudgement | null,
  ): Promise<Rollout>;
  /** Oldest first. */
  abstract moves(id: string): Promise<RolloutMove[]>;
}
