import { createLearner, type LearnerSpec } from '../learner/learners';
import { cancelled, type FitControl } from '../learner/progress';
import { predict } from '../pipeline/predict';
import { deriveSeed } from '../random/random';
import { selectRows } from '../table/select-table';
import type { Table } from '../table/table';
import type { Target } from '../target/target';
import { assembleFolds, type CrossValidated, type FoldResult } from './cross-validate';
import { type Split, splitsOf } from './folds';
import { type DataPart, selectPart } from './hold-out';

/** A cross-validation in which each fold chooses its learner by itself. */
export interface NestedCrossValidation extends FitControl {
  readonly table: Table;
  readonly target: Target;
  readonly weights?: Float64Array;
  readonly folds: Int32Array | readonly Split[];
  /** Chooses a learner from an outer fold's training rows alone: by an inner search, for example. */
  readonly choose: (part: DataPart, seed: number) => LearnerSpec | Promise<LearnerSpec>;
  readonly seed?: number;
}

/**
 * Nested cross-validation: an honest estimate of "search, then fit", since the rows that test a fold took no part in
 * its choice (Varma and Simon 2006).
 */
export async function nestedCrossValidate(
  options: NestedCrossValidation,
): Promise<CrossValidated & { readonly chosen: readonly LearnerSpec[] }> {
  const { table, target, weights, seed = 0, shouldStop } = options;
  const splits = splitsOf(options.folds, table.rows);
  const perFold: FoldResult[] = [];
  const chosen: LearnerSpec[] = [];
  for (const [fold, { train, test }] of splits.entries()) {
    const own = deriveSeed(seed, fold);
    const part = selectPart(table, target, weights, train);
    const spec = await options.choose(part, own);
    const fitOptions = { weights: part.weights, seed: own, shouldStop };
    const fitted = createLearner(spec).fit(part.table, part.target, fitOptions);
    chosen.push(spec);
    perFold.push({ fold, rows: test, fitted, predicted: predict(fitted, selectRows(table, test)) });
    options.onProgress?.({ done: fold + 1, total: splits.length });
    if (shouldStop?.()) throw cancelled();
  }
  return { ...assembleFolds(perFold, table.rows), chosen };
}
