import type { DatasetContract } from '@steward/contracts';
import type { DeltaRows } from '@steward/delta';
import { errors, sha256 } from '@steward/kernel';
import {
  binaryTarget,
  fitPipeline,
  predict,
  predictPositive,
  selectRows,
  type FittedPipeline,
} from '@steward/learning';
import { checkOnnx, decodeModel, encodeModel, writeOnnx } from '@steward/onnx';
import { checkAgainstContract } from '../pipelines/check-against-contract';
import type { PipelineDefinition } from '../pipelines/pipeline-definition';
import {
  equalizedOddsFigure,
  fairnessOf,
  figuresOf,
  parityGateFigure,
  performanceOf,
  type GroupFairness,
} from './assess-scores';
import { compareOn, rowsNewToBoth, type ChampionTraining, type Comparison } from './compare-champion';
import { checkEnoughRows, crossValidateAll, type CrossValidation, type Examples } from './cross-validate';
import { experimentRows, inputTable, type ExperimentRows, type SystemColumnNames } from './experiment-rows';
import { learnerSpec } from './learner-spec';
import { makeReference, referenceRows } from './make-reference';
import { assignSplit, describeSplit, HOLD_OUT, rowsWhere } from './split';
import type { TrainedModel } from './trained-model';

/** All that an experiment depends on. The same gives the same bytes. */
export interface ExperimentInput {
  readonly definition: PipelineDefinition;
  readonly pipelineDigest: string;
  readonly contract: DatasetContract;
  readonly datasetDigest: string;
  readonly table: DeltaRows;
  readonly columns: readonly string[];
  readonly system: SystemColumnNames;
  /** A retraining's reference is made from the newest labelled rows. */
  readonly retraining: boolean;
  /** The present champion, to be compared with; null where there is none that was made from this dataset. */
  readonly champion: (ChampionTraining & { readonly digest: string; readonly modelFile: Uint8Array }) | null;
}

/** What an experiment makes: four files, and what is said of them. */
export interface ExperimentOutput {
  readonly onnx: Uint8Array;
  readonly modelFile: Uint8Array;
  readonly reference: Uint8Array;
  readonly evaluation: Uint8Array;
  readonly model: TrainedModel;
}

export type ExperimentProgress = (
  step: 'cross_validating' | 'fitting' | 'evaluating' | 'exporting',
  done: number,
  total: number,
  learner: string | null,
) => void;

/** Cross-validates, chooses, fits, evaluates, writes and checks: a whole training, on the calling thread, without I/O. */
export async function runExperiment(
  input: ExperimentInput,
  progress: ExperimentProgress = () => undefined,
): Promise<ExperimentOutput> {
  const { definition, contract } = input;
  const sensitiveInputs = checkAgainstContract(definition, contract);
  const rows = experimentRows(input.table, contract, input.columns, input.system);
  const examples: Examples = {
    table: inputTable(rows, contract, definition.inputs),
    labels: rows.labels,
    classes: [contract.label.negative, contract.label.positive],
    split: assignSplit(rows, definition),
    threshold: contract.decisionThreshold,
  };
  checkEnoughRows(examples, definition.folds);
  const validation = crossValidateAll(examples, definition, (done, total, learner) =>
    progress('cross_validating', done, total, learner),
  );
  progress('fitting', 0, 1, definition.learners[validation.chosen]!.kind);
  const fitted = fitChosen(examples, definition, validation.chosen);
  progress('evaluating', 0, 1, null);
  const scores = evaluationScores(examples, fitted, validation);
  const assessed = assess(input, rows, examples, scores);
  progress('exporting', 0, 1, null);
  const files = await writeFiles(input, examples, fitted, rows, scores);
  const evaluation = jsonBytes(describe(input, rows, examples, validation, assessed, files));
  return {
    onnx: files.onnx,
    modelFile: files.modelFile,
    reference: files.reference,
    evaluation,
    model: summarise(input, examples, validation, assessed, files, evaluation, fitted, sensitiveInputs),
  };
}

function fitChosen(examples: Examples, definition: PipelineDefinition, chosen: number): FittedPipeline {
  const at = rowsWhere(examples.split, (part) => part !== HOLD_OUT);
  return fitPipeline(
    learnerSpec(definition.learners[chosen]!),
    selectRows(examples.table, at),
    binaryTarget(
      Array.from(at, (row) => examples.labels[row]!),
      examples.classes,
    ),
    { seed: definition.seed },
  );
}

/** For each row a score of a model that was not fitted on it: the final one's in the hold-out, else the out-of-fold one. */
function evaluationScores(
  examples: Examples,
  fitted: FittedPipeline,
  { outOfFold }: CrossValidation,
): Float64Array {
  const final = predictPositive(fitted, examples.table);
  return outOfFold.map((score, row) => (examples.split[row] === HOLD_OUT ? final[row]! : score));
}

interface Assessment {
  readonly holdOut: ReturnType<typeof performanceOf>;
  readonly holdOutFairness: readonly GroupFairness[];
  readonly allFairness: readonly GroupFairness[];
  readonly comparison: Comparison | null;
}

function assess(
  input: ExperimentInput,
  rows: ExperimentRows,
  examples: Examples,
  scores: Float64Array,
): Assessment {
  const { contract, champion } = input;
  const heldOut = rowsWhere(examples.split, (part) => part === HOLD_OUT);
  const all = rowsWhere(examples.split, () => true);
  return {
    holdOut: performanceOf(rows.labels, scores, heldOut, contract.decisionThreshold),
    holdOutFairness: fairnessOf(rows, scores, heldOut, contract),
    allFairness: fairnessOf(rows, scores, all, contract),
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

interface Files {
  readonly onnx: Uint8Array;
  readonly modelFile: Uint8Array;
  readonly reference: Uint8Array;
  readonly referenceRows: ReturnType<typeof referenceRows>;
  readonly onnxCheck: {
    readonly maxDifference: number;
    readonly rows: number;
    readonly thresholdRows: number;
  };
}

async function writeFiles(
  input: ExperimentInput,
  examples: Examples,
  fitted: FittedPipeline,
  rows: ExperimentRows,
  scores: Float64Array,
): Promise<Files> {
  const { definition, contract } = input;
  // Nothing that differs between two identical runs: the registry links digest and runs.
  const metadata = {
    dataset_digest: input.datasetDigest,
    pipeline_digest: input.pipelineDigest,
    columns: JSON.stringify(definition.inputs),
    classes: JSON.stringify(examples.classes),
    decision_threshold: String(contract.decisionThreshold),
  };
  const onnx = writeOnnx(fitted, metadata);
  const check = await checkOnnx(onnx, fitted, examples.table, { predict: (table) => predict(fitted, table) });
  const from = referenceRows(rows, input.retraining);
  return {
    onnx,
    modelFile: encodeModel(fitted, metadata),
    reference: jsonBytes(makeReference(rows, scores, from.at, contract, definition.inputs)),
    referenceRows: from,
    onnxCheck: { maxDifference: check.maxDifference, rows: check.rows, thresholdRows: check.thresholdRows },
  };
}

/** The evaluation artifact: everything that was measured, for people, reports and gates. */
function describe(
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
    split: describeSplit(examples.split, examples.labels, definition.folds),
    learners: validation.results.map((result) => ({
      kind: result.learner.kind,
      params: result.learner.params,
      mean: result.mean,
      deviation: result.deviation,
      pooled: result.pooled,
      folds: result.folds,
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

function summarise(
  input: ExperimentInput,
  examples: Examples,
  validation: CrossValidation,
  assessed: Assessment,
  files: Files,
  evaluation: Uint8Array,
  fitted: FittedPipeline,
  sensitiveInputs: readonly string[],
): TrainedModel {
  return {
    digest: sha256(files.onnx),
    sizeBytes: files.onnx.length,
    modelFile: sha256(files.modelFile),
    referenceDigest: sha256(files.reference),
    evaluationDigest: sha256(evaluation),
    learner: input.definition.learners[validation.chosen]!.kind,
    inputs: fitted.inputs.map(({ name, kind }) => ({ name, kind })),
    sensitiveInputs,
    metrics: figuresOf(assessed.holdOut),
    holdOut: { rows: assessed.holdOut.rows, positives: assessed.holdOut.positives },
    learners: validation.results.map(({ learner, mean, deviation, pooled }) => ({
      kind: learner.kind,
      mean,
      deviation,
      auc: pooled.auc,
    })),
    fairness: {
      demographicParityRatio: parityGateFigure(assessed.allFairness),
      equalizedOddsDifference: equalizedOddsFigure(assessed.allFairness),
      rows: examples.labels.length,
    },
    comparison: assessed.comparison && { champion: input.champion!.digest, figures: assessed.comparison },
  };
}

/** Compact JSON. Figures that JSON cannot hold (an unbounded interval's Infinity) become null. */
function jsonBytes(value: unknown): Uint8Array {
  const text = JSON.stringify(value);
  if (text === undefined) throw errors.internal('TRAINING.INTERNAL', 'An artifact came out empty.');
  return Buffer.from(text);
}
