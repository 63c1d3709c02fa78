import { RunStates } from '@steward/contracts';
import { errors } from '@steward/kernel';
import type { ChampionComparison, LearnerSummary } from '../experiment/trained-model';

export type RunState = (typeof RunStates)[number];

/** Where a running job is. `done` of `total` steps of its kind. */
export interface RunProgress {
  readonly step: 'loading' | 'cross_validating' | 'fitting' | 'evaluating' | 'exporting' | 'storing';
  readonly done: number;
  readonly total: number;
  /** The learner at work, where there is one. */
  readonly learner: string | null;
}

/** What a succeeded run says in lists; the whole stands in the evaluation artifact. */
export interface RunResult {
  readonly model: string;
  readonly version: number;
  readonly digest: string;
  readonly evaluationDigest: string;
  readonly referenceDigest: string;
  readonly learner: string;
  /** Hold-out figures of the chosen learner's final model. */
  readonly metrics: Readonly<Record<string, number | null>>;
  /** In the pipeline's order. */
  readonly learners: readonly LearnerSummary[];
  readonly fairness: {
    readonly demographicParityRatio: number | null;
    readonly equalizedOddsDifference: number | null;
    readonly rows: number;
  };
  readonly comparison: ChampionComparison | null;
  readonly sensitiveInputs: readonly string[];
}

export interface Run {
  readonly id: string;
  readonly project: string;
  readonly pipeline: string;
  readonly pipelineVersion: number;
  readonly pipelineDigest: string;
  readonly model: string;
  readonly dataset: string;
  readonly datasetVersion: number;
  readonly datasetDigest: string;
  readonly state: RunState;
  readonly trigger: 'person' | 'alert';
  readonly retrainId: string | null;
  /** Who is at the root of the chain of causes. */
  readonly startedBy: string;
  readonly correlation: string;
  readonly attempt: number;
  readonly progress: RunProgress | null;
  readonly result: RunResult | null;
  readonly failure: string | null;
  readonly failureMessage: string | null;
  readonly createdAt: string;
  readonly startedAt: string | null;
  readonly finishedAt: string | null;
}

const NEXT: Readonly<Record<RunState, readonly RunState[]>> = {
  queued: ['running', 'failed', 'cancelled'],
  running: ['running', 'succeeded', 'failed', 'cancelled'],
  succeeded: [],
  failed: [],
  cancelled: [],
};

/** True if a run may go from one state to the other. `running` to `running`: another worker takes it up again. */
export function mayMove(from: RunState, to: RunState): boolean {
  return NEXT[from].includes(to);
}

export function isFinished(state: RunState): boolean {
  return NEXT[state].length === 0;
}

export function runNotFound(id: string) {
  return errors.notFound('TRAINING.RUN_NOT_FOUND', `There is no run ${id} in this project.`);
}
