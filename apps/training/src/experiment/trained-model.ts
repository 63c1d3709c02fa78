import type { ModelDescriptor } from '@steward/contracts';
import type { Comparison } from './compare-champion';
import type { Figures } from './assess-scores';

/** What training came to: artifacts by digest, and the figures that lists and gates look at. Plain data. */
export interface TrainedModel {
  /** SHA-256 of the ONNX bytes, and how many there are. */
  readonly digest: string;
  readonly sizeBytes: number;
  readonly modelFile: string;
  readonly referenceDigest: string;
  readonly evaluationDigest: string;
  readonly learner: string;
  readonly inputs: ModelDescriptor['inputs'];
  readonly sensitiveInputs: readonly string[];
  /** On the hold-out. */
  readonly metrics: Figures;
  readonly holdOut: { readonly rows: number; readonly positives: number };
  readonly learners: readonly {
    readonly kind: string;
    readonly mean: number | null;
    readonly deviation: number | null;
    /** AUC of the out-of-fold scores of all folds together. */
    readonly auc: number | null;
  }[];
  /** Hold-out and out-of-fold predictions together: what the parity gate looks at. Null: too little data. */
  readonly fairness: {
    readonly demographicParityRatio: number | null;
    readonly equalizedOddsDifference: number | null;
    readonly rows: number;
  };
  /** With the champion whose digest this is. */
  readonly comparison: { readonly champion: string; readonly figures: Comparison } | null;
}
