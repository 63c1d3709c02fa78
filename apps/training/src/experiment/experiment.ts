import type { DatasetContract } from '@steward/contracts';
import type { DeltaRows } from '@steward/delta';
import { errors } from '@steward/kernel';
import {
  binaryTarget,
  fitPipeline,
  predict,
  predictPositive,
  selectRows,
  type FittedPipeline,
} from '@steward/learning';
import { checkOnnx, encodeModel, explanationMetadata, isolationFile, writeOnnx } from '@steward/onnx';
import { checkAgainstContract } from '../pipelines/check-against-contract';
import type { PipelineDefinition } from '../pipelines/pipeline-definition';
import type { ChampionTraining } from './compare-champion';
import { checkEnoughRows, crossValidateAll, type CrossValidation, type Examples } from './cross-validate';
import { assess, evaluationDocument, summarise, type Files } from './evaluation';
import type { LeftOut } from './training-rows';
import { experimentRows, inputTable, type ExperimentRows, type SystemColumnNames } from './experiment-rows';
import { learnerSpec } from './learner-spec';
import { makeReference, referenceRows } from './make-reference';
import { assignSplit, HOLD_OUT, rowsWhere } from './split';
import type { TrainedModel } from './trained-model';

/** All that an experiment depends on. The same gives the same bytes. */
export interface ExperimentInput {
  readonly definition: PipelineDefinition;
  readonly pipelineDigest: string;
  readonly contract: DatasetContract;
  readonly datasetDigest: string;
  readonly table: DeltaRows;
  /** Who was left out of it; nobody where there is none. */
  readonly leftOut?: LeftOut | null;
  readonly columns: readonly string[];
  readonly system: SystemColumnNames;
  /** A retraining's reference is made from the newest labelled rows. */
  readonly retraining: boolean;
  /** The present champion, to be compared with; null where there is none that was made from this dataset. */
  readonly champion: (ChampionTraining & { readonly digest: string; readonly modelFile: Uint8Array }) | null;
}

/** What an experiment makes: its files, and what is said of them. */
export interface ExperimentOutput {
  readonly onnx: Uint8Array;
  readonly modelFile: Uint8Array;
  readonly reference: Uint8Array;
  readonly evaluation: Uint8Array;
  /** Null: no input can be judged so. */
  readonly isolation: Uint8Array | null;
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
  const assessed = assess(input, rows, examples, scores, validation);
  progress('exporting', 0, 1, null);
  const files = await writeFiles(input, examples, fitted, rows, scores);
  const evaluation = jsonBytes(evaluationDocument(input, rows, examples, validation, assessed, files));
  return {
    onnx: files.onnx,
    modelFile: files.modelFile,
    reference: files.reference,
    evaluation,
    isolation: files.isolation,
    model: summarise(
      input,
      examples,
      validation,
      assessed,
      { ...files, evaluation },
      fitted,
      sensitiveInputs,
    ),
  };
}

function fitChosen(examples: Examples, definition: PipelineDefinition, chosen: number): FittedPipeline {
  const at = fittedRows(examples);
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

const fittedRows = ({ split }: Examples): Int32Array => rowsWhere(split, (part) => part !== HOLD_OUT);

/** For each row a score of a model that was not fitted on it: the final one's in the hold-out, else the out-of-fold one. */
function evaluationScores(
  examples: Examples,
  fitted: FittedPipeline,
  { outOfFold, chosen }: CrossValidation,
): Float64Array {
  const final = predictPositive(fitted, examples.table);
  return outOfFold[chosen]!.map((score, row) => (examples.split[row] === HOLD_OUT ? final[row]! : score));
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
  const training = selectRows(examples.table, fittedRows(examples));
  const explanation = explanationMetadata(fitted, training);
  const onnx = writeOnnx(fitted, { ...metadata, ...explanation });
  const check = await checkOnnx(onnx, fitted, examples.table, { predict: (table) => predict(fitted, table) });
  const from = referenceRows(rows, input.retraining);
  return {
    onnx,
    modelFile: encodeModel(fitted, metadata),
    reference: jsonBytes(makeReference(rows, scores, from.at, contract, definition.inputs)),
    isolation: isolationFile(training, definition.seed, {
      dataset_digest: input.datasetDigest,
      pipeline_digest: input.pipelineDigest,
    }),
    referenceRows: from,
    onnxCheck: { maxDifference: check.maxDifference, rows: check.rows, thresholdRows: check.thresholdRows },
  };
}

/** Compact JSON. Figures that JSON cannot hold (an unbounded interval's Infinity) become null. */
function jsonBytes(value: unknown): Uint8Array {
  const text = JSON.stringify(value);
  if (text === undefined) throw errors.internal('TRAINING.INTERNAL', 'An artifact came out empty.');
  return Buffer.from(text);
}
