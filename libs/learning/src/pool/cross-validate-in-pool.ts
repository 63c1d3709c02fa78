import type { LearnerSpec } from '../learner/learners';
import { deriveSeed } from '../random/random';
import { assembleFolds, type CrossValidated, type FoldResult } from '../selection/cross-validate';
import { type Split, splitsOf } from '../selection/folds';
import type { DataPart } from '../selection/hold-out';
import type { LearningPool, PoolControl } from './learning-pool';
import { shareData } from './shared-data';

/** What to cross-validate in a pool. */
export interface PoolCrossValidation extends PoolControl {
  readonly learner: LearnerSpec;
  readonly data: DataPart;
  readonly folds: Int32Array | readonly Split[];
  readonly seed?: number;
}

/** `crossValidate` with the folds side by side in a pool; the same result to the byte. Progress counts folds. */
export async function crossValidateInPool(
  pool: LearningPool,
  options: PoolCrossValidation,
): Promise<CrossValidated> {
  const { learner, folds, seed = 0, signal, onProgress } = options;
  const data = shareData(options.data);
  const splits = splitsOf(folds, data.table.rows);
  const total = splits.length;
  let done = 0;
  const results = await Promise.all(
    splits.map(async ({ train, test }, fold): Promise<FoldResult> => {
      const job = { learner, data, train, test, seed: deriveSeed(seed, fold) };
      const { fitted, predicted } = await pool.run(job, { signal });
      onProgress?.({ done: ++done, total });
      return { fold, rows: test, fitted, predicted: predicted! };
    }),
  );
  return assembleFolds(results, data.table.rows);
}
