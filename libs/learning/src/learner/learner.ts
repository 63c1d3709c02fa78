import type { CheckpointControl } from '../boosting/boosting-checkpoint';
import type { BinSource } from '../binning/bin-cache';
import type { FittedPipeline } from '../pipeline/fitted-pipeline';
import type { Table } from '../table/table';
import type { Target, Task } from '../target/target';
import type { FitControl } from './progress';

/** What a fit may be given beside table and target. Checkpoints are of `gbm` only; other learners take no notice. */
export interface FitOptions extends FitControl, CheckpointControl {
  /** One for each row, at least 0. A weight of 2 counts as the row twice. */
  readonly weights?: Float64Array;
  /** Rows for early stopping; never learned from. */
  readonly validation?: { readonly table: Table; readonly target: Target; readonly weights?: Float64Array };
  /** Forests only: the number of the first tree, whose seed follows from it. Default 0. See `fitForestInPool`. */
  readonly firstTree?: number;
  /** Learners of trees: where bins of the same rows may stand already. Pools set it. */
  readonly bins?: BinSource;
  /** Default 0. Same data, parameters and seed give the same model. */
  readonly seed?: number;
}

/** A learner with its parameters, ready to be fitted any number of times. It keeps no state between fits. */
export interface Learner<P extends object = object> {
  /** As in `learners`: 'gbm', 'logistic', ... */
  readonly name: string;
  /** All parameters, defaults filled in. */
  readonly params: Readonly<P>;
  /** Kinds of target that it can learn. */
  readonly tasks: readonly Task[];
  /**
   * Learns encoders and predictor from the rows given. Throws LEARNING.TASK, LEARNING.TARGET, LEARNING.WEIGHTS and
   * LEARNING.CANCELLED, and what the encoders throw.
   */
  fit(table: Table, target: Target, options?: FitOptions): FittedPipeline;
}
