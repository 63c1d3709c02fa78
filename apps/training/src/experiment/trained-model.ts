import type { ModelDescriptor } from '@steward/contracts';
import type { Comparison } from './compare-champion';
import type { Figures } from './assess-scores';

/** How one learner did in cross-validation. */
export interface LearnerSummary {
  readonly kind: string;
  /** Mean and deviation of the choosing metric over the folds. */
  readonly mean: number | null;
  readonly deviation: number | null;
  /** Of the out-of-fold scores of all folds together; null: too little data. */
  readonly auc: number | null;
  readonly demographicParityRatio: number | null;
  readonly equalizedOddsDifference: number | null;
}

/** Candidate and champion on rows new to both; `champion` is the champion's digest. */
export interface ChampionComparison {
  readonly champion: string;
  readonly figures: Comparison;
}

/** What training came to: artifacts by digest, and the figures that lists and gates look at. Plain data. */
export interface TrainedModel {
  /** SHA-256 of the ONNX bytes, and how many there are. */
  readonly digest: string;
  readonly sizeBytes: number;
  readonly modelFile: string;
  readonly referenceDigest: string;
  readonly evaluationDigest: string;
  /** Isolation forest of the training rows; null: no input can be judged so. */
  readonly isolationDigest: string | null;
  readonly learner: string;
  readonly inputs: ModelDescriptor['inputs'];
  readonly sensitiveInputs: readonly string[];
  /** On the hold-out. */
  readonly metrics: Figures;
  readonly holdOut: { readonly rows: number; readonly positives: number };
  readonly learners: readonly LearnerSummary[];
  /** Hold-out and out-of-fold predictions together: what the parity gate looks at. Null: too little data. */
  readonly fairness: {
    readonly demographicParityRatio: number | null;
    readonly equalizedOddsDifference: number | null;
    readonly rows: number;
  };
  /** With the champion whose digest this is. */
  readonly comparison: ChampionComparison | null;
}
