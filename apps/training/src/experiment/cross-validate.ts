import { errors } from '@steward/kernel';
import { binaryTarget, createLearner, crossValidate, type Table } from '@steward/learning';
import {
  largerIsBetter,
  type LearnerDefinition,
  type Metric,
  type PipelineDefinition,
} from '../pipelines/pipeline-definition';
import { figuresOf, performanceOf, type Figures } from './assess-scores';
import { learnerSpec } from './learner-spec';
import { describeSplit, HOLD_OUT, rowsWhere, type Split } from './split';

export interface FoldResult {
  readonly fold: number;
  readonly rows: number;
  readonly positives: number;
  readonly figures: Figures;
}

/** How one learner did over the folds. */
export interface LearnerResult {
  readonly learner: LearnerDefinition;
  readonly folds: readonly FoldResult[];
  /** Mean and sample standard deviation of the choosing metric over the folds in which it is defined. */
  readonly mean: number | null;
  readonly deviation: number | null;
  /** All figures over the out-of-fold scores of all folds together. */
  readonly pooled: Figures;
}

export interface CrossValidation {
  readonly results: readonly LearnerResult[];
  /** Index of the chosen learner. */
  readonly chosen: number;
  /** Out-of-fold scores of each learner; NaN in hold-out rows. */
  readonly outOfFold: readonly Float64Array[];
}

export interface Examples {
  readonly table: Table;
  readonly labels: Uint8Array;
  readonly classes: readonly [string, string];
  readonly split: Split;
  readonly threshold: number;
}

/** How many of how many fits are done, and which learner is at work. */
export type FitProgress = (done: number, total: number, learner: string) => void;

/** Cross-validates every learner of the pipeline over the given folds and chooses the best; ties go to the first. */
export function crossValidateAll(
  examples: Examples,
  definition: Pick<PipelineDefinition, 'learners' | 'folds' | 'metric' | 'seed'>,
  progress: FitProgress = () => undefined,
): CrossValidation {
  const total = definition.learners.length * definition.folds;
  const scores: Float64Array[] = [];
  const results = definition.learners.map((learner, i) => {
    progress(i * definition.folds, total, learner.kind);
    const { oof, width } = crossValidate({
      learner: createLearner(learnerSpec(learner)),
      table: examples.table,
      target: binaryTarget(examples.labels, examples.classes),
      folds: examples.split,
      seed: definition.seed,
      onProgress: ({ done }) => progress(i * definition.folds + done, total, learner.kind),
    });
    const outOfFold = Float64Array.from(examples.labels, (_, row) => oof[row * width + 1]!);
    scores.push(outOfFold);
    const folds = Array.from({ length: definition.folds }, (_, fold) =>
      foldResult(examples, outOfFold, fold),
    );
    return summarise(examples, learner, folds, outOfFold, definition.metric);
  });
  return { results, chosen: best(results, definition.metric), outOfFold: scores };
}

/** Throws TRAINING.TOO_FEW_ROWS where a fold or the hold-out is empty or a fit would see one class alone. */
export function checkEnoughRows(examples: Pick<Examples, 'split' | 'labels'>, folds: number): void {
  const parts = describeSplit(examples.split, examples.labels, folds);
  const empty = parts.find((part) => part.rows === 0);
  const inFolds = parts.filter((part) => part.part === 'fold');
  const positives = inFolds.reduce((sum, part) => sum + part.positives, 0);
  const negatives = inFolds.reduce((sum, part) => sum + part.rows - part.positives, 0);
  const oneClass = inFolds.some(
    (part) => positives - part.positives === 0 || negatives - (part.rows - part.positives) === 0,
  );
  if (!empty && !oneClass) return;
  throw errors.invalid(
    'TRAINING.TOO_FEW_ROWS',
    `${examples.labels.length} labelled rows with ${positives} positives outside the hold-out are too few for ` +
      `${folds} folds: every part needs rows, and both label values must remain when one fold is left out.`,
    { details: { rows: examples.labels.length, positives, folds } },
  );
}

function foldResult(examples: Examples, outOfFold: Float64Array, fold: number): FoldResult {
  const inside = rowsWhere(examples.split, (part) => part === fold);
  const performance = performanceOf(examples.labels, outOfFold, inside, examples.threshold);
  return { fold, rows: performance.rows, positives: performance.positives, figures: figuresOf(performance) };
}

function summarise(
  examples: Examples,
  learner: LearnerDefinition,
  folds: readonly FoldResult[],
  outOfFold: Float64Array,
  metric: Metric,
): LearnerResult {
  const values = folds.map((fold) => fold.figures[metric]).filter((value) => value !== null);
  const mean = values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0) / values.length;
  const squares = values.reduce((sum, value) => sum + (value - mean!) ** 2, 0);
  const at = rowsWhere(examples.split, (part) => part !== HOLD_OUT);
  return {
    learner,
    folds,
    mean,
    deviation: values.length < 2 ? null : Math.sqrt(squares / (values.length - 1)),
    pooled: figuresOf(performanceOf(examples.labels, outOfFold, at, examples.threshold)),
  };
}

function best(results: readonly LearnerResult[], metric: Metric): number {
  const sign = largerIsBetter(metric) ? 1 : -1;
  let chosen = 0;
  results.forEach((result, i) => {
    const value = result.mean === null ? -Infinity : sign * result.mean;
    const leading = results[chosen]!.mean;
    if (value > (leading === null ? -Infinity : sign * leading)) chosen = i;
  });
  return chosen;
}
