import { errors } from '@steward/kernel';
import { createLearner, type LearnerSpec } from '../learner/learners';
import type { FittedPipeline } from '../pipeline/fitted-pipeline';
import type { DataPart } from '../selection/hold-out';
import { joinEnsembles } from '../trees/join-ensembles';
import type { TreeEnsemble } from '../trees/tree-ensemble';
import type { LearningPool, PoolControl } from './learning-pool';
import { shareData } from './shared-data';

/** Trees that one job grows: small enough to share work evenly, large enough to pay for binning the rows. */
const TREES_A_JOB = 25;

/** What to grow in a pool. */
export interface PoolForest extends PoolControl {
  /** `random-forest` or `extra-trees`. */
  readonly learner: LearnerSpec;
  readonly data: DataPart;
  readonly seed?: number;
}

/** Fits a forest with its trees side by side in a pool; the same bytes as its learner's `fit`. Progress counts trees. */
export async function fitForestInPool(pool: LearningPool, options: PoolForest): Promise<FittedPipeline> {
  const { learner, seed = 0, signal, onProgress } = options;
  const { params } = createLearner(learner);
  if (learner.name !== 'random-forest' && learner.name !== 'extra-trees') {
    throw errors.invalid('LEARNING.LEARNER', `Learner "${learner.name}" is no forest.`);
  }
  const data = shareData(options.data);
  const total = (params as { trees: number }).trees;
  let done = 0;
  const parts = await Promise.all(
    Array.from({ length: Math.ceil(total / TREES_A_JOB) }, async (_, i) => {
      const count = Math.min(TREES_A_JOB, total - i * TREES_A_JOB);
      const job = { learner: { ...learner, params: { ...learner.params, trees: count } }, data, seed };
      const { fitted } = await pool.run({ ...job, firstTree: i * TREES_A_JOB }, { signal });
      done += count;
      onProgress?.({ done, total });
      return fitted;
    }),
  );
  const ensembles = parts.map((part) => (part.predictor as { ensemble: TreeEnsemble }).ensemble);
  return { ...parts[0]!, predictor: { kind: 'trees', ensemble: joinEnsembles(ensembles) } };
}
