import type {
  Figure,
  Model,
  ModelVersion as ModelVersionMessage,
  Pipeline as PipelineMessage,
  Run as RunMessage,
} from '@steward/contracts/generated/steward/training/v1/training';
import type { Pipeline } from './pipelines/pipeline';
import type { ModelVersion } from './registry/model-version';
import type { ModelSummary } from './registry/model.repository';
import type { Run } from './runs/run';

/** Domain objects as gRPC messages: absent texts are empty, absent numbers 0 or unset. */
export function pipelineMessage(pipeline: Pipeline): PipelineMessage {
  const { project, pipeline: name, version, digest, definition, changedBy, changedAt } = pipeline;
  return {
    project,
    pipeline: name,
    version,
    digest,
    definitionJson: JSON.stringify(definition),
    changedBy,
    changedAt,
  };
}

export function runMessage(run: Run): RunMessage {
  const { result, progress } = run;
  return {
    id: run.id,
    project: run.project,
    pipeline: run.pipeline,
    pipelineVersion: run.pipelineVersion,
    pipelineDigest: run.pipelineDigest,
    model: run.model,
    dataset: run.dataset,
    datasetVersion: run.datasetVersion,
    datasetDigest: run.datasetDigest,
    state: run.state,
    trigger: run.trigger,
    retrainId: run.retrainId ?? '',
    startedBy: run.startedBy,
    attempt: run.attempt,
    progress: progress ? { ...progress, learner: progress.learner ?? '' } : undefined,
    failure: run.failure ?? '',
    failureMessage: run.failureMessage ?? '',
    modelVersion: result?.version ?? 0,
    modelDigest: result?.digest ?? '',
    learner: result?.learner ?? '',
    metrics: figures(result?.metrics ?? {}),
    fairness: figures({ ...result?.fairness }),
    createdAt: run.createdAt,
    startedAt: run.startedAt ?? '',
    finishedAt: run.finishedAt ?? '',
  };
}

export function versionMessage(version: ModelVersion): ModelVersionMessage {
  const { descriptor } = version;
  return {
    project: version.project,
    model: version.model,
    version: version.version,
    digest: version.digest,
    runId: version.runId,
    learner: version.learner,
    metrics: figures(version.metrics),
    referenceDigest: descriptor.referenceDigest,
    evaluationDigest: descriptor.evaluationDigest,
    dataset: descriptor.dataset,
    datasetVersion: descriptor.datasetVersion,
    datasetDigest: descriptor.datasetDigest,
    inputs: descriptor.inputs.map(({ name }) => name),
    classes: [...descriptor.classes],
    decisionThreshold: descriptor.decisionThreshold,
    registeredAt: version.registeredAt,
    isolationDigest: descriptor.isolationDigest ?? '',
  };
}

export function modelMessage({ model, versions, newest, aliases }: ModelSummary): Model {
  return { model, versions, newest: versionMessage(newest), aliases: aliases.map((alias) => ({ ...alias })) };
}

function figures(record: Readonly<Record<string, number | null>>): Figure[] {
  return Object.entries(record).map(([name, value]) => ({ name, value: value ?? undefined }));
}
