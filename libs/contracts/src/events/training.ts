import { z } from 'zod';
import { defineEvent } from '../event-definition';
import { field } from '../field';
import { Topics } from '../topics';

/** A pipeline definition was registered or changed. Key: `<project>/<pipeline>`. */
export const PipelineChanged = defineEvent(
  'pipeline.changed',
  Topics.pipeline,
  z.object({
    pipeline: field.name(),
    pipelineVersion: field.count(),
    digest: field.digest(),
    dataset: field.name(),
    model: field.name(),
    changedBy: field.id(),
  }),
);

export const RunStates = ['queued', 'running', 'succeeded', 'failed', 'cancelled'] as const;

/** A training run moved to a state. Key: run id. */
export const RunChanged = defineEvent(
  'run.changed',
  Topics.run,
  z.object({
    runId: field.id(),
    pipeline: field.name(),
    pipelineDigest: field.digest(),
    dataset: field.name(),
    datasetVersion: field.count(),
    datasetDigest: field.digest(),
    state: field.oneOf(RunStates),
    trigger: field.oneOf(['person', 'alert']),
    /** The retrain request that it answers. */
    retrainId: field.id().nullable(),
    /** AppError code of a failure. */
    failure: field.code().nullable(),
  }),
);

/** All that serving and monitoring need to know of a model version; travels with it in every event. */
export const ModelDescriptor = z.object({
  model: field.name(),
  version: field.count(),
  /** SHA-256 of the ONNX bytes: its name in the artifact store, and what an approval names. */
  digest: field.digest(),
  sizeBytes: field.count(),
  runId: field.id(),
  pipeline: field.name(),
  dataset: field.name(),
  datasetVersion: field.count(),
  datasetDigest: field.digest(),
  contractVersion: field.count(),
  contractDigest: field.digest(),
  /** Artifact: JSON of the reference statistics (libs/statistics ReferenceProfile; the score is column `score`). */
  referenceDigest: field.digest(),
  /** Artifact: JSON of the whole evaluation (metrics per learner, folds, hold-out, by group). */
  evaluationDigest: field.digest(),
  /**
   * Artifact: isolation forest of the rows that it was trained on (libs/onnx `readIsolationFile`). Absent: it was imported,
   * trained before there were any, or no input can be judged so.
   */
  isolationDigest: field.digest().optional(),
  /** Named inputs of the ONNX graph, in its order. */
  inputs: z.array(
    z.object({
      name: field.name(),
      kind: field.oneOf(['numeric', 'categorical', 'boolean', 'time']),
      /** As the contract says it; absent: anything may change. */
      change: field.oneOf(['never', 'rises', 'falls']).optional(),
    }),
  ),
  /** [negative, positive]. */
  classes: z.array(field.name()),
  decisionThreshold: field.figure(),
  favourable: field.name(),
  /** Sensitive columns of the contract, and those by which fairness is measured. */
  sensitive: z.array(field.name()),
  groups: z.array(field.name()),
  /** How an imported graph is fed and which of its outputs answers; absent: the layout of Steward's own files. */
  graph: z
    .object({
      /** An input per column, or one tensor [rows, columns]. */
      feed: field.oneOf(['columns', 'tensor']),
      output: field.name(),
      /** [rows, classes], or the probability of the positive class, [rows] or [rows, 1]. */
      form: field.oneOf(['probabilities', 'score']),
    })
    .optional(),
});
export type ModelDescriptor = z.output<typeof ModelDescriptor>;

const Figures = z.record(field.name(), field.figure().nullable());

/** A run registered a model version. Key: `<project>/<model>`. */
export const ModelVersionRegistered = defineEvent(
  'model-version.registered',
  Topics.modelVersion,
  z.object({
    descriptor: ModelDescriptor,
    learner: field.name(),
    /** Hold-out figures: auc, logLoss, accuracy, brier, ece. */
    metrics: Figures,
  }),
);

/** Why a person may not approve: four eyes. */
export const Exclusion = z.object({
  person: field.id(),
  because: field.oneOf([
    'started_run',
    'changed_pipeline',
    'changed_contract',
    'changed_monitor',
    'changed_policy',
    'requested_promotion',
  ]),
});
export type Exclusion = z.output<typeof Exclusion>;

/** Training asks governance whether an alias may move. Key: `<project>/<model>`. */
export const ApprovalRequested = defineEvent(
  'approval.requested',
  Topics.approvalRequest,
  z.object({
    requestId: field.id(),
    model: field.name(),
    version: field.count(),
    digest: field.digest(),
    alias: field.name(),
    /** Digest of the champion that it would replace; null if the alias points nowhere. */
    replaces: field.digest().nullable(),
    runId: field.id(),
    evaluationDigest: field.digest(),
    trigger: field.oneOf(['person', 'alert']),
    retrainId: field.id().nullable(),
    /** What gates look at: auc, demographicParityRatio (null: too little data), rows, ... */
    figures: Figures,
    /** Sensitive columns among the model's inputs. */
    sensitiveInputs: z.array(field.name()),
    /** Champion and candidate on rows new to both, when there is a champion. */
    comparison: z
      .object({
        rows: field.count(),
        championAuc: field.figure().nullable(),
        candidateAuc: field.figure().nullable(),
      })
      .nullable(),
    excluded: z.array(Exclusion),
  }),
);

/** An alias moved, by compare-and-set, under an approval. Key: `<project>/<model>`. */
export const AliasChanged = defineEvent(
  'alias.changed',
  Topics.alias,
  z.object({
    alias: field.name(),
    descriptor: ModelDescriptor,
    previous: z
      .object({ version: field.count(), digest: field.digest(), referenceDigest: field.digest() })
      .nullable(),
    requestId: field.id(),
    approvers: z.array(field.id()),
  }),
);

/** A granted approval could not be carried out: the champion that it names is no longer the champion, or the like. */
export const ApprovalVoided = defineEvent(
  'approval.voided',
  Topics.approvalRequest,
  z.object({ requestId: field.id(), model: field.name(), code: field.code() }),
);

/** A request for retraining ends without a run: monitoring need not wait for it. Key: `<project>/<model>`. */
export const RetrainDeclined = defineEvent(
  'retrain.declined',
  Topics.retrainAnswer,
  z.object({ retrainId: field.id(), model: field.name(), reason: field.code() }),
);
