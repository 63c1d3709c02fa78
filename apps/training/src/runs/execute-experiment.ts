import type { ArtifactStore } from '@steward/artifacts';
import type { DeltaTables, SystemColumns } from '@steward/delta';
import { errors } from '@steward/kernel';
import { runExperiment, type ExperimentOutput } from '../experiment/experiment';
import { columnsToRead } from '../experiment/experiment-rows';
import type { TrainedModel } from '../experiment/trained-model';
import { trainingRows } from '../experiment/training-rows';
import type { RunProgress } from './run';
import type { ExecutionRequest } from './run-executor.port';

export interface ExperimentStores {
  readonly artifacts: ArtifactStore;
  readonly tables: DeltaTables;
  /** Names of the columns that ingestion adds. */
  readonly system: typeof SystemColumns;
}

/** Loads exactly the dataset version, runs the experiment on the calling thread, stores what came of it. */
export async function executeExperiment(
  request: ExecutionRequest,
  { artifacts, tables, system }: ExperimentStores,
  onProgress: (progress: RunProgress) => void,
): Promise<TrainedModel> {
  const { contract, definition, dataset, champion } = request;
  const columns = columnsToRead(contract, definition.inputs);
  onProgress({ step: 'loading', done: 0, total: 1, learner: null });
  const whole = await tables.read(dataset.deltaPath, {
    version: dataset.deltaVersion,
    columns: [
      ...columns,
      system.batch,
      system.batchDigest,
      system.row,
      system.rowKey,
      system.source,
      system.subject,
      system.prediction,
    ],
  });
  const { table, leftOut } = trainingRows(whole, request.leftOut, system);
  const output = await runExperiment(
    {
      definition,
      pipelineDigest: request.pipelineDigest,
      contract,
      datasetDigest: dataset.digest,
      table,
      leftOut,
      columns,
      system,
      retraining: request.retraining,
      champion: champion && { ...champion, modelFile: await artifacts.read(champion.modelFile) },
    },
    (step, done, total, learner) => onProgress({ step, done, total, learner }),
  );
  onProgress({ step: 'storing', done: 0, total: 5, learner: null });
  await store(output, artifacts);
  return output.model;
}

async function store(output: ExperimentOutput, artifacts: ArtifactStore): Promise<void> {
  const { model } = output;
  const expected: readonly (readonly [Uint8Array | null, string | null])[] = [
    [output.onnx, model.digest],
    [output.modelFile, model.modelFile],
    [output.reference, model.referenceDigest],
    [output.evaluation, model.evaluationDigest],
    [output.isolation, model.isolationDigest],
  ];
  for (const [bytes, digest] of expected) {
    if (bytes === null) continue;
    const stored = await artifacts.put(bytes);
    if (stored.digest !== digest) {
      throw errors.internal('TRAINING.INTERNAL', 'The artifact store named an artifact by another digest.');
    }
  }
}
