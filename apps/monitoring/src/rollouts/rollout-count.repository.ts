import type { UnitOfWork } from '@steward/database';
import type { RolloutCounts, Side } from './rollout-counts';

/** One step of a rollout. */
export interface RolloutStep {
  readonly rolloutId: string;
  readonly step: number;
}

/** A predicted row whose outcome is waited for. */
export interface WaitingRow extends RolloutStep {
  /** SHA-256 of `<prediction id>/<row>`. */
  readonly digest: string;
  readonly side: Side;
  readonly label: string;
}

/** Where counts belong. */
export interface CountedModel {
  readonly project: string;
  readonly model: string;
}

export abstract class RolloutCountRepository {
  abstract wait(unit: UnitOfWork, rows: readonly WaitingRow[]): Promise<void>;
  /** The rows of these digests, which wait no more. */
  abstract take(unit: UnitOfWork, digests: readonly string[]): Promise<WaitingRow[]>;
  /** Outcomes that came before their prediction, by row; they stay for whoever else needs them. */
  abstract earlyOutcomes(
    unit: UnitOfWork,
    project: string,
    predictionId: string,
  ): Promise<Map<number, string>>;
  /** The totals, locked until the transaction ends; null where nothing was counted yet and `of` is not said. */
  abstract lock(
    unit: UnitOfWork,
    step: RolloutStep,
    of: CountedModel | null,
  ): Promise<(CountedModel & { readonly counts: RolloutCounts }) | null>;
  abstract save(unit: UnitOfWork, step: RolloutStep, counts: RolloutCounts): Promise<void>;
  /** Forgets rows whose outcome did not come by then. */
  abstract prune(before: Date): Promise<void>;
}
