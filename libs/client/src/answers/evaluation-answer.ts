/** A figure with its interval; a bound may be missing where it is unlimited. */
export interface Interval {
  readonly value: number;
  readonly lower: number | null;
  readonly upper: number | null;
}

export interface Rate extends Interval {
  readonly successes: number;
  readonly trials: number;
}

export interface GroupAnswer {
  readonly labels: Readonly<Record<string, string | null>>;
  readonly rows: number;
  readonly enoughRows: boolean;
  readonly enoughOutcomes: boolean;
  readonly selectionRate: Rate | null;
  readonly truePositiveRate: Rate | null;
  readonly falsePositiveRate: Rate | null;
}

/** Group fairness, as training's evaluation and monitoring's windows hold it. */
export interface FairnessAnswer {
  readonly by: readonly string[];
  readonly confidence: number;
  readonly groups: readonly GroupAnswer[];
  readonly demographicParityDifference: Interval | null;
  readonly demographicParityRatio: Interval | null;
  readonly equalizedOddsDifference: Interval | null;
}

export interface PerformanceAnswer {
  readonly rows: number;
  readonly positives: number;
  readonly negatives: number;
  readonly threshold: number;
  readonly confusion: {
    readonly truePositives: number;
    readonly falsePositives: number;
    readonly falseNegatives: number;
    readonly trueNegatives: number;
  };
  readonly rates: Readonly<Record<string, Rate | null>>;
  readonly auc: Interval | null;
  readonly logLoss: Interval;
  readonly brier: Interval;
  readonly calibration: {
    readonly expectedError: number;
    readonly maximumError: number;
    readonly curve: readonly {
      readonly from: number;
      readonly to: number;
      readonly rows: number;
      readonly meanProbability: number | null;
      readonly positiveShare: number | null;
    }[];
  };
}

type Figures = Readonly<Record<string, number | null>>;

export interface LearnerAnswer {
  readonly kind: string;
  readonly params: Readonly<Record<string, unknown>>;
  readonly mean: number | null;
  readonly deviation: number | null;
  readonly pooled: Figures;
  readonly folds: readonly {
    readonly fold: number;
    readonly rows: number;
    readonly positives: number;
    readonly figures: Figures;
  }[];
}

/** The evaluation artifact of a model version. */
export interface EvaluationAnswer {
  readonly metric: string;
  readonly rows: { readonly labelled: number; readonly withoutLabel: number };
  readonly split: readonly {
    readonly part: string;
    readonly fold: number | null;
    readonly rows: number;
    readonly positives: number;
    readonly positiveShare: number | null;
  }[];
  readonly learners: readonly LearnerAnswer[];
  readonly chosen: number;
  readonly holdOut: PerformanceAnswer;
  readonly fairness: {
    readonly favourable: string;
    readonly holdOut: readonly { readonly column: string; readonly report: FairnessAnswer }[];
    readonly holdOutAndOutOfFold: readonly { readonly column: string; readonly report: FairnessAnswer }[];
    readonly demographicParityRatio: number | null;
  };
  readonly comparison: {
    readonly champion: string;
    readonly rows: number;
    readonly championAuc: number | null;
    readonly candidateAuc: number | null;
  } | null;
  readonly reference: { readonly from: string; readonly rows: number };
  readonly onnxCheck: { readonly maxDifference: number; readonly rows: number };
}
