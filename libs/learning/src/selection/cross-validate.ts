import type { Learner } from '../learner/learner';
import { cancelled, type FitControl } from '../learner/progress';
import type { FittedPipeline } from '../pipeline/fitted-pipeline';
import { predict, predictionWidth } from '../pipeline/predict';
import { deriveSeed } from '../random/random';
import { selectRows } from '../table/select-table';
import type { Table } from '../table/table';
import type { Target } from '../target/target';
import { type Split, splitsOf } from './folds';
import { selectPart } from './hold-out';

/** What to cross-validate. */
export interface CrossValidation extends FitControl {
  readonly learner: Learner;
  readonly table: Table;
  readonly target: Target;
  /**
   * The fold in which each row is tested; -1 leaves a row out altogether. See `kFolds`, `stratifiedFolds`. Or splits
   * made otherwise, see `timeSplits`.
   */
  readonly folds: Int32Array | readonly Split[];
  readonly weights?: Float64Array;
  /** Each fold has a seed derived from it. Default 0. */
  readonly seed?: number;
}

/** One fold's result. */
export interface FoldResult {
  readonly fold: number;
  /** The rows tested, ascending. */
  readonly rows: Int32Array;
  /** Fitted on all rows of the other folds, encoders included. */
  readonly fitted: FittedPipeline;
  /** Predictions of the rows tested, row-major as `predict` gives them. */
  readonly predicted: Float64Array;
}

/** Out-of-fold predictions. */
export interface CrossValidated {
  /** Row-major [rows, width], as `predict` gives them; NaN in rows that no fold tests. */
  readonly oof: Float64Array;
  readonly width: number;
  readonly perFold: readonly FoldResult[];
}

/**
 * Fits the learner once for each fold, on the rows of the other folds only, and predicts the fold's rows. Progress
 * counts folds. Throws LEARNING.FOLDS and what the learner throws.
 */
export function crossValidate(options: CrossValidation): CrossValidated {
  const { table, folds } = options;
  const splits = splitsOf(folds, table.rows);
  const perFold: FoldResult[] = [];
  for (const [fold, split] of splits.entries()) {
    perFold.push(runFold(options, fold, split));
    options.onProgress?.({ done: fold + 1, total: splits.length });
    if (options.shouldStop?.()) throw cancelled();
  }
  return assembleFolds(perFold, table.rows);
}

/** Puts the folds' predictions into one array. */
export function assembleFolds(perFold: readonly FoldResult[], rows: number): CrossValidated {
  const width = predictionWidth(perFold[0]!.fitted);
  const oof = new Float64Array(rows * width).fill(NaN);
  for (const { rows: tested, predicted } of perFold) {
    tested.forEach((row, i) => oof.set(predicted.subarray(i * width, (i + 1) * width), row * width));
  }
  return { oof, width, perFold };
}

function runFold(options: CrossValidation, fold: number, split: Split): FoldResult {
  const { table, target, learner, weights, seed = 0, shouldStop } = options;
  const train = selectPart(table, target, weights, split.train);
  const rows = split.test;
  const fitted = learner.fit(train.table, train.target, {
    weights: train.weights,
    seed: deriveSeed(seed, fold),
    shouldStop,
  });
  return { fold, rows, fitted, predicted: predict(fitted, selectRows(table, rows)) };
}
