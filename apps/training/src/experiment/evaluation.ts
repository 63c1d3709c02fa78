import type { DatasetContract } from '@steward/contracts';
import { sha256 } from '@steward/kernel';
import { predictPositive, type FittedPipeline } from '@steward/learning';
import { decodeModel } from '@steward/onnx';
import {
  equalizedOddsFigure,
  fairnessOf,
  figuresOf,
  parityGateFigure,
  performanceOf,
  type GroupFairness,
} from './assess-scores';
import { compareOn, rowsNewToBoth, type Comparison } from './compare-champion';
import type { CrossValidation, Examples } from './cross-validate';
import type { ExperimentInput } from './experiment';
import { inputTable, type ExperimentRows } from './experiment-rows';
import type { referenceRows } from './make-reference';
import { describeSplit, HOLD_OUT, rowsWhere } from './split';
import type { TrainedModel } from './trained-model';

/** What the evaluation rows say. */
export interface Assessment {
  readonly holdOut: ReturnType<typeof performanceOf>;
  readonly holdOutFairness: readonly GroupFairness[];
  readonly allFairness: readonly GroupFairness[];
  /** Of each learner's out-of-fold decisions. */
  readonly learnerFairness: readonly (readonly GroupFairness[])[];
  readonly comparison: Comparison | null;
}

/** Measures the chosen model and every learner. `scores` are those of {@link evaluationScores}. */
export function assess(
  input: ExperimentInput,
  rows: ExperimentRows,
  examples: Examples,
  scores: Float64Array,
  validation: CrossValidation,
): Assessment {
  const { contract, champion } = input;
  const heldOut = rowsWhere(examples.split, (part) => part === HOLD_OUT);
  const inFolds = rowsWhere(examples.split, (part) => part !== HOLD_OUT);
  const all = rowsWhere(examples.split, () => true);
  return {
    holdOut: performanceOf(rows.labels, scores, heldOut, contract.decisionThreshold),
    holdOutFairness: fairnessOf(rows, scores, heldOut, contract),
    allFairness: fairnessOf(rows, scores, all, contract),
    learnerFairness: validation.outOfFold.map((own) => fairnessOf(rows, own, inFolds, contract)),
    comparison: champion && compare(rows, examples, scores, champion, contract),
  };
}

function compare(
  rows: ExperimentRows,
  examples: Examples,
  scores: Float64Array,
  champion: NonNullable<ExperimentInput['champion']>,
  contract: DatasetContract,
): Comparison | null {
  const { fitted } = decodeModel(champion.modelFile);
  const inputs = fitted.inputs.map(({ name }) => name);
  // The contract may have lost a column that the champion reads; then the two cannot be compared.
  if (!inputs.every((name) => rows.columns.has(name))) return null;
  const at = rowsNewToBoth(rows, examples.split, champion);
  return compareOn(at, rows.labels, predictPositive(fitted, inputTable(rows, contract, inputs)), scores);
}

/** The files of a fitted model, and what is known of them. */
export interface Files {
  readonly onnx: Uint8Array;
  readonly modelFile: Uint8Array;
  readonly reference: Uint8Array;
  readonly isolation: Uint8Array | null;
  readonly referenceRows: ReturnType<typeof referenceRows>;
  readonly onnxCheck: {
    readonly maxDifference: number;
    readonly rows: number;
    readonly thresholdRows: number;
  };
}

/** The evaluation artifact: everything that was measured, for people, reports and gates. */
export function evaluationDocument(
  input: ExperimentInput,
  rows: ExperimentRows,
  examples: Examples,
  validation: CrossValidation,
  assessed: Assessment,
  files: Files,
) {
  const { definition } = input;
  return {
    version: 1,
    datasetDigest: input.datasetDigest,
    pipelineDigest: input.pipelineDigest,
    metric: definition.metric,
    rows: { labelled: rows.rows, withoutLabel: rows.withoutLabel },
    ...(input.leftOut ? { leftOut: input.leftOut } : {}),
    split: describeSplit(examples.split, examples.labels, definition.folds),
    learners: validation.results.map((result, i) => ({
      kind: result.learner.kind,
      params: result.learner.params,
      mean: result.mean,
      deviation: result.deviation,
      pooled: result.pooled,
      folds: result.folds,
      fairness: assessed.learnerFairness[i]!,
    })),
    chosen: validation.chosen,
    holdOut: assessed.holdOut,
    fairness: {
      favourable: input.contract.label.favourable,
      holdOut: assessed.holdOutFairness,
      holdOutAndOutOfFold: assessed.allFairness,
      demographicParityRatio: parityGateFigure(assessed.allFairness),
    },
    comparison: assessed.comparison && { champion: input.champion!.digest, ...assessed.comparison },
    reference: { from: files.referenceRows.from, rows: files.referenceRows.at.length },
    onnxCheck: files.onnxCheck,
  };
}

/** The short form: what lists, gates and events carry. */
export function summarise(
  input: ExperimentInput,
  examples: Examples,
  validation: CrossValidation,
  assessed: Assessment,
  files: Files & { readonly evaluation: Uint8Array },
  fitted: FittedPipeline,
  sensitiveInputs: readonly string[],
): TrainedModel {
  return {
    digest: sha256(files.onnx),
    sizeBytes: files.onnx.length,
    modelFile: sha256(files.modelFile),
    referenceDigest: sha256(files.reference),
    evaluationDigest: sha256(files.evaluation),
    isolationDigest: files.isolation && sha256(files.isolation),
    learner: input.definition.learners[validation.chosen]!.kind,
    inputs: fitted.inputs.map(({ name, kind }) => ({ name, kind })),
    sensitiveInputs,
    metrics: figuresOf(assessed.holdOut),
    holdOut: { rows: assessed.holdOut.rows, positives: assessed.holdOut.positives },
    learners: validation.results.map(({ learner, mean, deviation, pooled }, i) => ({
      kind: learner.kind,
      mean,
      deviation,
      auc: pooled.auc,
      demographicParityRatio: parityGateFigure(assessed.learnerFairness[i]!),
      equalizedOddsDifference: equalizedOddsFigure(assessed.learnerFairness[i]!),
    })),
    fairness: {
      demographicParityRatio: parityGateFigure(assessed.allFairness),
      equalizedOddsDifference: equalizedOddsFigure(assessed.allFairness),
      rows: examples.labels.length,
    },
    comparison: assessed.comparison && { champion: input.champion!.digest, figures: assessed.comparison },
  };
}
