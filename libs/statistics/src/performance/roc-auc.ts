import {
  checkSameLength,
  flagAt,
  invalidArgument,
  type FlagList,
  type NumberList,
} from '../arguments/check-arguments';
import { twoSidedZ } from '../distributions/normal';
import { DEFAULT_CONFIDENCE, type Estimate } from '../intervals/estimate';

/** Area under the ROC curve with DeLong's standard error. */
export interface AucEstimate extends Estimate {
  readonly standardError: number;
  readonly positives: number;
  readonly negatives: number;
}

/**
 * Area under the ROC curve (ties count one half, as scikit-learn's `roc_auc_score`) with the interval of DeLong, DeLong
 * and Clarke-Pearson (1988), computed from midranks in n log n (Sun and Xu 2014). The interval is cut to [0, 1].
 * A perfect separation has a standard error of 0: the interval then says nothing, and callers need a minimum of each
 * class.
 *
 * @param labels 1 or true for the positive class.
 * @param scores larger for the positive class; any finite numbers.
 * @returns null where one of the two classes is absent: the area is not defined.
 */
export function rocAuc(
  labels: FlagList,
  scores: NumberList,
  confidence: number = DEFAULT_CONFIDENCE,
): AucEstimate | null {
  checkSameLength('labels', labels, 'scores', scores);
  const [positive, negative] = splitByLabel(labels, scores);
  const z = twoSidedZ(confidence);
  const m = positive.length;
  const n = negative.length;
  if (m === 0 || n === 0) return null;
  // Structural components: for each positive the share of negatives below it, and the other way round.
  const byPositive = sharesBelow(positive, negative);
  const byNegative = sharesBelow(negative, positive);
  const value = meanOf(byPositive);
  const variance = sampleVariance(byPositive) / m + sampleVariance(byNegative) / n;
  const standardError = Math.sqrt(variance);
  return {
    value,
    lower: Math.max(0, value - z * standardError),
    upper: Math.min(1, value + z * standardError),
    standardError,
    positives: m,
    negatives: n,
  };
}

/** The scores of the positive and of the negative rows, each ascending. */
export function splitByLabel(labels: FlagList, scores: NumberList): [Float64Array, Float64Array] {
  const positive = new Float64Array(labels.length);
  const negative = new Float64Array(labels.length);
  let m = 0;
  let n = 0;
  for (let i = 0; i < labels.length; i++) {
    const score = scores[i]!;
    if (!Number.isFinite(score)) throw invalidArgument(`scores[${i}]`, score, 'a finite number');
    if (flagAt('labels', labels, i) === 1) positive[m++] = score;
    else negative[n++] = score;
  }
  return [positive.subarray(0, m).sort(), negative.subarray(0, n).sort()];
}

/** For every entry of `of` the share of `others` below it, ties one half. Both ascending. */
function sharesBelow(of: Float64Array, others: Float64Array): Float64Array {
  const shares = new Float64Array(of.length);
  let below = 0;
  let notAbove = 0;
  for (let i = 0; i < of.length; i++) {
    while (below < others.length && others[below]! < of[i]!) below++;
    while (notAbove < others.length && others[notAbove]! <= of[i]!) notAbove++;
    shares[i] = (below + notAbove) / 2 / others.length;
  }
  return shares;
}

function meanOf(values: Float64Array): number {
  let sum = 0;
  for (const value of values) sum += value;
  return sum / values.length;
}

/** With n - 1; 0 for a single entry, whose spread is unknown. */
function sampleVariance(values: Float64Array): number {
  if (values.length < 2) return 0;
  const mean = meanOf(values);
  let squares = 0;
  for (const value of values) squares += (value - mean) * (value - mean);
  return squares / (values.length - 1);
}
