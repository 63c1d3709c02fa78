import type { EvaluationAnswer, FairnessAnswer, GroupAnswer, Rate } from '@steward/client/answers';

const DIGEST = 'd'.repeat(64);
const rate = (value: number): Rate => ({
  value,
  lower: value - 0.1,
  upper: value + 0.1,
  successes: 5,
  trials: 10,
});

function group(label: string, value: number): GroupAnswer {
  return {
    labels: { afam: label },
    rows: 200,
    enoughRows: true,
    enoughOutcomes: true,
    selectionRate: rate(value),
    truePositiveRate: rate(value),
    falsePositiveRate: null,
  };
}

/** Fairness by one group column. For tests. */
export const fairness: FairnessAnswer = {
  by: ['afam'],
  confidence: 0.95,
  groups: [group('yes', 0.6), group('no', 0.8)],
  demographicParityDifference: rate(0.2),
  demographicParityRatio: { value: 0.75, lower: 0.6, upper: null },
  equalizedOddsDifference: null,
};

/** The evaluation of a small model. For tests. */
export function evaluation(): EvaluationAnswer {
  const figures = { auc: 0.8, logLoss: 0.3, accuracy: 0.9, brier: 0.1, ece: 0.02 };
  return {
    metric: 'auc',
    rows: { labelled: 1_200, withoutLabel: 0 },
    split: [{ part: 'fold', fold: 0, rows: 200, positives: 20, positiveShare: 0.1 }],
    learners: [
      {
        kind: 'gbm',
        params: {},
        mean: 0.8,
        deviation: null,
        pooled: figures,
        folds: [{ fold: 0, rows: 200, positives: 20, figures }],
      },
    ],
    chosen: 0,
    holdOut: {
      rows: 240,
      positives: 24,
      negatives: 216,
      threshold: 0.5,
      confusion: { truePositives: 10, falsePositives: 5, falseNegatives: 14, trueNegatives: 211 },
      rates: { accuracy: rate(0.9), precision: null },
      auc: { value: 0.76, lower: 0.7, upper: 0.82 },
      logLoss: rate(0.3),
      brier: rate(0.1),
      calibration: {
        expectedError: 0.02,
        maximumError: 0.1,
        curve: [
          { from: 0, to: 0.1, rows: 200, meanProbability: 0.05, positiveShare: 0.06 },
          { from: 0.1, to: 0.2, rows: 0, meanProbability: null, positiveShare: null },
        ],
      },
    },
    fairness: {
      favourable: 'no',
      holdOut: [],
      holdOutAndOutOfFold: [{ column: 'afam', report: fairness }],
      demographicParityRatio: 0.75,
    },
    comparison: { champion: DIGEST, rows: 100, championAuc: 0.7, candidateAuc: 0.76 },
    reference: { from: 'all_rows', rows: 1_200 },
    onnxCheck: { maxDifference: 2.6e-8, rows: 1_200 },
  };
}
