import {
  checkNotEmpty,
  checkProbabilities,
  checkProbability,
  checkSameLength,
  type NumberList,
} from '../arguments/check-arguments';

/** What a classifier's figures are expected to be, without knowing any outcome. Null where a denominator is 0. */
export interface ExpectedPerformance {
  readonly rows: number;
  /** Expected counts; not integers. */
  readonly confusion: {
    readonly truePositives: number;
    readonly falsePositives: number;
    readonly falseNegatives: number;
    readonly trueNegatives: number;
  };
  readonly accuracy: number;
  readonly precision: number | null;
  readonly recall: number | null;
  readonly specificity: number | null;
  readonly f1: number | null;
  readonly auc: number | null;
  readonly averagePrecision: number | null;
}

/**
 * Confidence-based performance estimation (CBPE, NannyML): a calibrated probability says how likely each decision is to be
 * right, so the expected confusion matrix, and what follows from it, need no outcomes.
 *
 * It sees changes of the *inputs*. It cannot see a change of what the inputs mean (concept drift): then the calibration
 * itself is wrong, and only outcomes tell.
 *
 * @param calibrated probabilities of the positive class, calibrated on rows that the model was not fitted on.
 * @param scores that the decision rests on, as the model gave them; ties in them count one half.
 * @param threshold a row is decided positive where its score is at least this. Default 0.5.
 */
export function expectedPerformance(
  calibrated: NumberList,
  scores: NumberList,
  threshold = 0.5,
): ExpectedPerformance {
  checkNotEmpty('calibrated', calibrated);
  checkSameLength('calibrated', calibrated, 'scores', scores);
  checkProbabilities('calibrated', calibrated);
  checkProbabilities('scores', scores);
  checkProbability('threshold', threshold);
  return expectedFigures(calibrated, scores, (i) => scores[i]! >= threshold);
}

/** {@link expectedPerformance} of one class, with the decision as a function of the row. Arguments must be checked. */
export function expectedFigures(
  calibrated: NumberList,
  scores: NumberList,
  decided: (row: number) => boolean,
): ExpectedPerformance {
  let tp = 0;
  let fp = 0;
  let fn = 0;
  let tn = 0;
  for (let i = 0; i < calibrated.length; i++) {
    const p = calibrated[i]!;
    if (decided(i)) {
      tp += p;
      fp += 1 - p;
    } else {
      fn += p;
      tn += 1 - p;
    }
  }
  const share = (part: number, whole: number) => (whole === 0 ? null : part / whole);
  return {
    rows: calibrated.length,
    confusion: { truePositives: tp, falsePositives: fp, falseNegatives: fn, trueNegatives: tn },
    accuracy: (tp + tn) / calibrated.length,
    precision: share(tp, tp + fp),
    recall: share(tp, tp + fn),
    specificity: share(tn, tn + fp),
    f1: share(2 * tp, 2 * tp + fp + fn),
    ...rankingFigures(calibrated, scores),
  };
}

/** Walks down the scores: each row is a positive with its probability and a negative with the rest. */
function rankingFigures(calibrated: NumberList, scores: NumberList) {
  const order = Uint32Array.from({ length: scores.length }, (_, i) => i);
  order.sort((a, b) => scores[b]! - scores[a]! || a - b);
  let [positives, negatives, area, precisionSum] = [0, 0, 0, 0];
  for (let i = 0; i < order.length;) {
    let end = i;
    let gained = 0;
    while (end < order.length && scores[order[end]!] === scores[order[i]!])
      gained += calibrated[order[end++]!]!;
    const lost = end - i - gained;
    area += lost * (positives + gained / 2);
    positives += gained;
    negatives += lost;
    precisionSum += (gained * positives) / end;
    i = end;
  }
  return {
    auc: positives === 0 || negatives === 0 ? null : area / (positives * negatives),
    averagePrecision: positives === 0 ? null : precisionSum / positives,
  };
}
