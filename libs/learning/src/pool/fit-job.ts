import type { BinCache } from '../binning/bin-cache';
import type { FitControl } from '../learner/progress';
import { createLearner, type LearnerSpec } from '../learner/learners';
import type { FittedPipeline } from '../pipeline/fitted-pipeline';
import { predict } from '../pipeline/predict';
import { type DataPart, selectPart } from '../selection/hold-out';

/** One fit, as data: what a worker gets. */
export interface FitJob {
  readonly learner: LearnerSpec;
  readonly data: DataPart;
  /** Rows to learn from; all if left out. */
  readonly train?: Int32Array;
  /** Rows for early stopping. */
  readonly validation?: Int32Array;
  /** Rows to predict with the fitted pipeline. */
  readonly test?: Int32Array;
  readonly seed: number;
  /** Forests only: see FitOptions. */
  readonly firstTree?: number;
}

/** What a thread keeps from job to job, and the name of this job's rows in it. */
export interface KeptBins {
  readonly cache: BinCache;
  readonly rows: string;
}

/** What a fit yields. */
export interface FitResult {
  readonly fitted: FittedPipeline;
  /** Predictions of the test rows, row-major as `predict` gives them; null where none were asked for. */
  readonly predicted: Float64Array | null;
}

/** Runs a job on this thread. */
export function runFitJob(job: FitJob, control: FitControl = {}, kept?: KeptBins): FitResult {
  const { table, target, weights } = job.data;
  const part = (rows: Int32Array): DataPart => selectPart(table, target, weights, rows);
  const train = job.train ? part(job.train) : job.data;
  const fitted = createLearner(job.learner).fit(train.table, train.target, {
    ...control,
    weights: train.weights,
    seed: job.seed,
    bins: kept?.cache.of(kept.rows),
    firstTree: job.firstTree,
    validation: job.validation && part(job.validation),
  });
  return { fitted, predicted: job.test ? predict(fitted, part(job.test).table) : null };
}
