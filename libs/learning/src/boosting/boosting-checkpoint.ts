import { errors } from '@steward/kernel';
import type { GrownTree } from './grown-tree';

/** Where a boosting run stands: plain data, kept as JSON or by structured cloning. */
export interface BoostingCheckpoint {
  readonly kind: 'gbm';
  /** Says which run this is of: rows, features, parameters, seed. */
  readonly run: string;
  readonly rounds: number;
  readonly best: { readonly loss: number | null; readonly round: number };
  readonly trees: readonly GrownTree[];
}

/** When a run gives out checkpoints, and the one it goes on from. */
export interface CheckpointControl {
  /** Rounds between checkpoints. Default 0: none. */
  readonly checkpointEvery?: number;
  readonly onCheckpoint?: (checkpoint: BoostingCheckpoint) => void;
  /**
   * Goes on from here with the same data, parameters (but for `trees`) and seed, and ends with the bytes of a run that
   * was never interrupted. Throws LEARNING.CHECKPOINT for another run's.
   */
  readonly resume?: BoostingCheckpoint;
}

/** Throws LEARNING.CHECKPOINT unless the checkpoint is of this run. */
export function checkCheckpoint(checkpoint: BoostingCheckpoint, run: string): void {
  if (checkpoint.kind === 'gbm' && checkpoint.run === run) return;
  throw errors.conflict(
    'LEARNING.CHECKPOINT',
    'The checkpoint is of a run with other data, parameters or seed; start without it.',
    { details: { expected: run, found: checkpoint.run } },
  );
}
