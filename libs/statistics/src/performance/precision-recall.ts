import {
  checkInteger,
  checkSameLength,
  flagAt,
  invalidArgument,
  type FlagList,
  type NumberList,
} from '../arguments/check-arguments';
import { checkWeights } from './weights';

/** One operating point: everything that scores at least `threshold` is taken. */
export interface OperatingPoint {
  readonly threshold: number;
  readonly precision: number;
  readonly recall: number;
  readonly falsePositiveRate: number;
}

/** The cumulated weights of positives and negatives at or above each different score, from the highest score down. */
interface Ladder {
  readonly thresholds: number[];
  readonly positives: number[];
  readonly negatives: number[];
}

/**
 * Every operating point, from the highest score down: what ROC and precision-recall curves are drawn from. Empty where a
 * class is absent.
 */
export function operatingPoints(
  labels: FlagList,
  scores: NumberList,
  weights?: NumberList,
): OperatingPoint[] {
  const { thresholds, positives, negatives } = ladder(labels, scores, weights);
  const [allPositive, allNegative] = [positives.at(-1) ?? 0, negatives.at(-1) ?? 0];
  if (allPositive === 0 || allNegative === 0) return [];
  return thresholds.map((threshold, i) => ({
    threshold,
    precision: positives[i]! / (positives[i]! + negatives[i]!),
    recall: positives[i]! / allPositive,
    falsePositiveRate: negatives[i]! / allNegative,
  }));
}

/**
 * Average precision, the area under the precision-recall curve as scikit-learn's `average_precision_score`: the sum of
 * precision x gain of recall. Null without positives.
 */
export function averagePrecision(labels: FlagList, scores: NumberList, weights?: NumberList): number | null {
  const { positives, negatives } = ladder(labels, scores, weights);
  const all = positives.at(-1) ?? 0;
  if (all === 0) return null;
  let area = 0;
  for (let i = 0; i < positives.length; i++) {
    const gained = positives[i]! - (positives[i - 1] ?? 0);
    if (gained > 0) area += (gained / all) * (positives[i]! / (positives[i]! + negatives[i]!));
  }
  return area;
}

/** Weighted area under the ROC curve, as scikit-learn's `roc_auc_score(sample_weight=...)`. Null where a class is absent. */
export function weightedRocAuc(labels: FlagList, scores: NumberList, weights: NumberList): number | null {
  const { positives, negatives } = ladder(labels, scores, weights);
  const [allPositive, allNegative] = [positives.at(-1) ?? 0, negatives.at(-1) ?? 0];
  if (allPositive === 0 || allNegative === 0) return null;
  let area = 0;
  for (let i = 0; i < positives.length; i++) {
    const step = negatives[i]! - (negatives[i - 1] ?? 0);
    area += (step * (positives[i]! + (positives[i - 1] ?? 0))) / 2;
  }
  return area / (allPositive * allNegative);
}

/** How much better than chance the best-scored part of the rows is. */
export interface GainPoint {
  /** Share of the rows taken, best first. */
  readonly share: number;
  /** Share of all positives that are among them. */
  readonly gain: number;
  /** gain / share: how many times more positives than a random choice of as many rows. */
  readonly lift: number;
}

/**
 * Cumulative gain and lift in `parts` equally large parts, best scores first; rows with equal scores are shared out evenly
 * over the parts that they fall into, so that the order of the rows does not matter. Empty without positives.
 */
export function gainCurve(labels: FlagList, scores: NumberList, parts = 10): GainPoint[] {
  checkInteger('parts', parts, 1);
  const { positives, negatives } = ladder(labels, scores);
  const all = positives.at(-1) ?? 0;
  if (all === 0) return [];
  const curve: GainPoint[] = [];
  let step = 0;
  for (let part = 1; part <= parts; part++) {
    const wanted = (labels.length * part) / parts;
    while (step < positives.length - 1 && positives[step]! + negatives[step]! < wanted) step++;
    const before = step === 0 ? 0 : positives[step - 1]! + negatives[step - 1]!;
    const within = (wanted - before) / (positives[step]! + negatives[step]! - before);
    const found = (positives[step - 1] ?? 0) + within * (positives[step]! - (positives[step - 1] ?? 0));
    curve.push({ share: part / parts, gain: found / all, lift: found / all / (part / parts) });
  }
  return curve;
}

function ladder(labels: FlagList, scores: NumberList, weights?: NumberList): Ladder {
  checkSameLength('labels', labels, 'scores', scores);
  if (weights !== undefined) checkWeights(weights, labels);
  const order = Uint32Array.from({ length: labels.length }, (_, i) => i);
  for (let i = 0; i < scores.length; i++) {
    if (!Number.isFinite(scores[i]!)) throw invalidArgument(`scores[${i}]`, scores[i], 'a finite number');
  }
  order.sort((a, b) => scores[b]! - scores[a]!);
  const steps: Ladder = { thresholds: [], positives: [], negatives: [] };
  let [positive, negative] = [0, 0];
  order.forEach((row, i) => {
    const weight = weights === undefined ? 1 : weights[row]!;
    if (flagAt('labels', labels, row) === 1) positive += weight;
    else negative += weight;
    const next = order[i + 1];
    if (next !== undefined && scores[next] === scores[row]) return;
    if (positive + negative === 0) return;
    steps.thresholds.push(scores[row]!);
    steps.positives.push(positive);
    steps.negatives.push(negative);
  });
  return steps;
}
