import type { ModelDescriptor } from '@steward/contracts';

type Figures = Readonly<Record<string, number | null>>;

export interface ComparisonFigures {
  readonly rows: number;
  readonly championAuc: number | null;
  readonly candidateAuc: number | null;
}

export interface RunResultAnswer {
  readonly model: string;
  readonly version: number;
  readonly digest: string;
  readonly learner: string;
  readonly metrics: Figures;
  readonly learners: readonly {
    readonly kind: string;
    readonly mean: number | null;
    readonly deviation: number | null;
    readonly auc: number | null;
    readonly demographicParityRatio?: number | null;
    readonly equalizedOddsDifference?: number | null;
  }[];
  readonly fairness: {
    readonly demographicParityRatio: number | null;
    readonly equalizedOddsDifference: number | null;
    readonly rows: number;
  };
  readonly comparison: { readonly champion: string; readonly figures: ComparisonFigures } | null;
  readonly sensitiveInputs: readonly string[];
}

export interface RunAnswer {
  readonly id: string;
  readonly pipeline: string;
  readonly pipelineVersion: number;
  readonly pipelineDigest: string;
  readonly model: string;
  readonly dataset: string;
  readonly datasetVersion: number;
  readonly datasetDigest: string;
  readonly state: 'queued' | 'running' | 'succeeded' | 'failed' | 'cancelled';
  readonly trigger: 'person' | 'alert';
  readonly startedBy: string;
  readonly correlation: string;
  readonly attempt: number;
  readonly progress: {
    readonly step: string;
    readonly done: number;
    readonly total: number;
    readonly learner: string | null;
  } | null;
  readonly result: RunResultAnswer | null;
  readonly failure: string | null;
  readonly failureMessage: string | null;
  readonly createdAt: string;
  readonly startedAt: string | null;
  readonly finishedAt: string | null;
}

export interface ModelVersionAnswer {
  readonly model: string;
  readonly version: number;
  readonly digest: string;
  readonly runId: string;
  readonly learner: string;
  readonly descriptor: ModelDescriptor;
  readonly metrics: Figures;
  readonly registeredAt: string;
}

export interface AliasAnswer {
  readonly alias: string;
  readonly version: number;
  readonly digest: string;
  readonly requestId: string;
  readonly movedAt: string;
}

export interface AliasMoveAnswer extends AliasAnswer {
  readonly previousVersion: number | null;
  readonly previousDigest: string | null;
  readonly approvers: readonly string[];
}

export interface ModelAnswer {
  readonly model: string;
  readonly versions: number;
  readonly newest: ModelVersionAnswer;
  readonly aliases: readonly AliasAnswer[];
}

export interface AliasesAnswer {
  readonly current: readonly AliasAnswer[];
  readonly history: readonly AliasMoveAnswer[];
}

export interface RetrainAnswer {
  readonly retrainId: string;
  readonly model: string;
  readonly modelVersion: number;
  readonly alertId: string;
  readonly windowId: string;
  readonly labelledRows: number;
  readonly minimumRows: number;
  readonly state: 'waiting_for_outcomes' | 'training' | 'answered' | 'failed' | 'declined';
  readonly reason: string | null;
  readonly runId: string | null;
  readonly requestedAt: string;
  readonly changedAt: string;
  readonly explanation: string;
}

/** A pipeline in its current version. */
export interface PipelineAnswer {
  readonly pipeline: string;
  readonly version: number;
  readonly digest: string;
  readonly definition: {
    readonly dataset: string;
    readonly model: string;
    readonly inputs: readonly string[];
    readonly learners: readonly {
      readonly kind: string;
      readonly params: Readonly<Record<string, unknown>>;
    }[];
    readonly metric: string;
    readonly folds: number;
    readonly holdOut: number;
    readonly seed: number;
    readonly alias: string;
  };
  readonly changedBy: string;
  readonly changedAt: string;
}
