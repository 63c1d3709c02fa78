import type { UnitOfWork } from '@steward/database';
import type { CanaryJudgement, GateJudgement } from './canary-judgement';
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

/** How the gates stood at some time. */
export interface RolloutLook {
  readonly step: number;
  /** ISO 8601. */
  readonly at: string;
  readonly gates: readonly GateJudgement[];
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
  /** Keeps how the gates stand; the caller holds the rollout's lock. */
  abstract look(unit: UnitOfWork, rollout: Rollout, gates: readonly GateJudgement[]): Promise<void>;
  /** When this step was last looked at, ISO 8601; null: never. */
  abstract lastLook(unit: UnitOfWork, rollout: Rollout): Promise<string | null>;
  /** Oldest first, at most `most` of the newest. */
  abstract looks(id: string, most: number): Promise<RolloutLook[]>;
}
