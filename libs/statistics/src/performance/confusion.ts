import { checkCounts } from '../arguments/check-arguments';
import type { RateEstimate } from '../intervals/estimate';
import { rateOrNull } from '../intervals/rate-intervals';

/** The four cells of a binary decision; integers, so that they add up exactly however the stream was cut. */
export interface Confusion {
  readonly truePositives: number;
  readonly falsePositives: number;
  readonly falseNegatives: number;
  readonly trueNegatives: number;
}

/** Rates of a binary decision with Wilson intervals; null where the denominator is 0 and the rate undefined. */
export interface ConfusionRates {
  readonly accuracy: RateEstimate | null;
  /** TP / (TP + FP). */
  readonly precision: RateEstimate | null;
  /** TP / (TP + FN), also sensitivity or true positive rate. */
  readonly recall: RateEstimate | null;
  /** TN / (TN + FP), also true negative rate. */
  readonly specificity: RateEstimate | null;
  /** FP / (FP + TN). */
  readonly falsePositiveRate: RateEstimate | null;
  /** FN / (FN + TP). */
  readonly falseNegativeRate: RateEstimate | null;
  /** TN / (TN + FN). */
  readonly negativePredictiveValue: RateEstimate | null;
  /** Share of positive decisions: (TP + FP) / all. */
  readonly selectionRate: RateEstimate | null;
  /** Share of positive outcomes: (TP + FN) / all. */
  readonly baseRate: RateEstimate | null;
}

/** Rates of the four cells, each with its Wilson interval. */
export function confusionRates(cells: Confusion, confidence?: number): ConfusionRates {
  checkConfusion(cells);
  const { truePositives: tp, falsePositives: fp, falseNegatives: fn, trueNegatives: tn } = cells;
  const rate = (successes: number, trials: number) => rateOrNull(successes, trials, confidence);
  const all = tp + fp + fn + tn;
  return {
    accuracy: rate(tp + tn, all),
    precision: rate(tp, tp + fp),
    recall: rate(tp, tp + fn),
    specificity: rate(tn, tn + fp),
    falsePositiveRate: rate(fp, fp + tn),
    falseNegativeRate: rate(fn, fn + tp),
    negativePredictiveValue: rate(tn, tn + fn),
    selectionRate: rate(tp + fp, all),
    baseRate: rate(tp + fn, all),
  };
}

/**
 * F-beta: (1 + beta^2) TP / ((1 + beta^2) TP + beta^2 FN + FP). Null where there is neither a positive outcome nor a
 * positive decision (scikit-learn warns and gives 0).
 */
export function fBeta(cells: Confusion, beta = 1): number | null {
  checkConfusion(cells);
  const b2 = beta * beta;
  const weighted = (1 + b2) * cells.truePositives;
  const denominator = weighted + b2 * cells.falseNegatives + cells.falsePositives;
  return denominator === 0 ? null : weighted / denominator;
}

/** Matthews correlation, -1 to 1; 0 where a row or column of the table is empty, as scikit-learn has it. */
export function matthewsCorrelation(cells: Confusion): number {
  checkConfusion(cells);
  const { truePositives: tp, falsePositives: fp, falseNegatives: fn, trueNegatives: tn } = cells;
  // The root of each product alone: four large factors multiplied lose integers beyond 2^53.
  const scale = Math.sqrt((tp + fp) * (tp + fn)) * Math.sqrt((tn + fp) * (tn + fn));
  return scale === 0 ? 0 : (tp * tn - fp * fn) / scale;
}

/** Cohen's kappa: agreement beyond chance; null where chance agreement is 1 (one class only, always predicted). */
export function cohensKappa(cells: Confusion): number | null {
  checkConfusion(cells);
  const { truePositives: tp, falsePositives: fp, falseNegatives: fn, trueNegatives: tn } = cells;
  const all = tp + fp + fn + tn;
  const chance = ((tp + fp) * (tp + fn) + (tn + fn) * (tn + fp)) / (all * all);
  return all === 0 || chance === 1 ? null : ((tp + tn) / all - chance) / (1 - chance);
}

/** The mean of recall and specificity; null where one of them is undefined. */
export function balancedAccuracy(cells: Confusion): number | null {
  const { recall, specificity } = confusionRates(cells);
  return recall === null || specificity === null ? null : (recall.value + specificity.value) / 2;
}

/** Adds two tables cell by cell. */
export function mergeConfusion(a: Confusion, b: Confusion): Confusion {
  checkConfusion(a);
  checkConfusion(b);
  return {
    truePositives: a.truePositives + b.truePositives,
    falsePositives: a.falsePositives + b.falsePositives,
    falseNegatives: a.falseNegatives + b.falseNegatives,
    trueNegatives: a.trueNegatives + b.trueNegatives,
  };
}

function checkConfusion(cells: Confusion): void {
  const { truePositives, falsePositives, falseNegatives, trueNegatives } = cells;
  checkCounts('confusion', [truePositives, falsePositives, falseNegatives, trueNegatives]);
}
