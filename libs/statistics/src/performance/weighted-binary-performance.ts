import {
  checkNotEmpty,
  checkProbabilities,
  checkProbability,
  checkSameLength,
  flagAt,
  type FlagList,
  type NumberList,
} from '../arguments/check-arguments';
import { averagePrecision, weightedRocAuc } from './precision-recall';
import { checkWeights } from './weights';

/** Weighted figures, as scikit-learn's with `sample_weight`. Point values: a weighted row is no count, so no Wilson. */
export interface WeightedBinaryPerformance {
  readonly weight: number;
  readonly auc: number | null;
  readonly averagePrecision: number | null;
  readonly logLoss: number;
  readonly brier: number;
  readonly accuracy: number;
  /** Null where nothing was decided positive. */
  readonly precision: number | null;
  /** Null where nothing was positive. */
  readonly recall: number | null;
  readonly f1: number | null;
}

/** {@link binaryPerformance} with a weight per row. */
export function weightedBinaryPerformance(
  labels: FlagList,
  probabilities: NumberList,
  weights: NumberList,
  threshold = 0.5,
): WeightedBinaryPerformance {
  checkNotEmpty('labels', labels);
  checkSameLength('labels', labels, 'probabilities', probabilities);
  checkProbabilities('probabilities', probabilities);
  checkProbability('threshold', threshold);
  const weight = checkWeights(weights, labels);
  const cells = [0, 0, 0, 0];
  let [loss, squares] = [0, 0];
  for (let i = 0; i < labels.length; i++) {
    const label = flagAt('labels', labels, i);
    const probability = probabilities[i]!;
    cells[(probability >= threshold ? 0 : 2) + (label === 1 ? 0 : 1)]! += weights[i]!;
    const clipped = Math.min(1 - 2 ** -52, Math.max(2 ** -52, probability));
    loss -= weights[i]! * (label === 1 ? Math.log(clipped) : Math.log1p(-clipped));
    squares += weights[i]! * (probability - label) ** 2;
  }
  const [tp, fp, fn, tn] = cells as [number, number, number, number];
  const ratio = (part: number, whole: number) => (whole === 0 ? null : part / whole);
  return {
    weight,
    auc: weightedRocAuc(labels, probabilities, weights),
    averagePrecision: averagePrecision(labels, probabilities, weights),
    logLoss: loss / weight,
    brier: squares / weight,
    accuracy: (tp + tn) / weight,
    precision: ratio(tp, tp + fp),
    recall: ratio(tp, tp + fn),
    f1: ratio(2 * tp, 2 * tp + fp + fn),
  };
}
