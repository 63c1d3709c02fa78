import type { Estimate, RateEstimate } from '../intervals/estimate';
import { rateDifference, rateRatio, wilsonInterval } from '../intervals/rate-intervals';

/** How far groups lie apart in one rate, with an interval for it. */
export interface Disparity extends Estimate {
  /** Labels of the group with the lowest and of the one with the highest rate. */
  readonly lowest: Readonly<Record<string, string | null>>;
  readonly highest: Readonly<Record<string, string | null>>;
  readonly comparedGroups: number;
}

/** A group's rate with its labels. */
export interface LabelledRate {
  readonly labels: Readonly<Record<string, string | null>>;
  readonly rate: RateEstimate;
}

/**
 * Largest minus smallest rate (Fairlearn's `difference`, between groups), 0 to 1. The interval holds for the largest
 * difference of any two groups at once: each of the g(g-1)/2 pairs gets Newcombe's interval at a confidence that is
 * corrected for their number (Bonferroni), and the limits are the largest of the pairs' limits for |difference|. With two
 * groups it is Newcombe's interval. Null with fewer than two groups: there is not enough data.
 */
export function largestDifference(groups: readonly LabelledRate[], confidence: number): Disparity | null {
  return extreme(groups, confidence, {
    value: (low, high) => high.value - low.value,
    pair: (a, b) => foldDifference(rateDifference(a, b)),
    worst: Math.max,
  });
}

/**
 * Smallest divided by largest rate (Fairlearn's `ratio`, between groups; the four-fifths rule asks for at least 0.8),
 * 0 to 1; 1 where every rate is 0. The interval as in {@link largestDifference}, of MOVER-R intervals. Null with fewer
 * than two groups.
 */
export function smallestRatio(groups: readonly LabelledRate[], confidence: number): Disparity | null {
  return extreme(groups, confidence, {
    value: (low, high) => (high.value === 0 ? 1 : low.value / high.value),
    pair: (a, b) => foldRatio(rateRatio(a, b)),
    worst: Math.min,
  });
}

interface Comparison {
  readonly value: (low: RateEstimate, high: RateEstimate) => number;
  readonly pair: (a: RateEstimate, b: RateEstimate) => Pick<Estimate, 'lower' | 'upper'>;
  readonly worst: (a: number, b: number) => number;
}

function extreme(groups: readonly LabelledRate[], confidence: number, how: Comparison): Disparity | null {
  if (groups.length < 2) return null;
  const ordered = groups.toSorted((a, b) => a.rate.value - b.rate.value);
  const low = ordered[0]!;
  const high = ordered.at(-1)!;
  const pairs = (groups.length * (groups.length - 1)) / 2;
  const strict = ordered.map(({ rate }) =>
    wilsonInterval(rate.successes, rate.trials, 1 - (1 - confidence) / pairs),
  );
  let lower: number | null = null;
  let upper: number | null = null;
  for (let i = 0; i < strict.length; i++) {
    for (let j = i + 1; j < strict.length; j++) {
      const interval = how.pair(strict[i]!, strict[j]!);
      lower = lower === null ? interval.lower : how.worst(lower, interval.lower);
      upper = upper === null ? interval.upper : how.worst(upper, interval.upper);
    }
  }
  const value = how.value(low.rate, high.rate);
  return {
    value,
    lower: Math.min(lower!, value),
    upper: Math.max(upper!, value),
    lowest: low.labels,
    highest: high.labels,
    comparedGroups: groups.length,
  };
}

/** The interval of |d| from that of d. */
function foldDifference({ lower, upper }: Estimate): Pick<Estimate, 'lower' | 'upper'> {
  if (lower > 0) return { lower, upper };
  if (upper < 0) return { lower: -upper, upper: -lower };
  return { lower: 0, upper: Math.max(-lower, upper) };
}

/** The interval of min(r, 1/r) from that of r. */
function foldRatio({ lower, upper }: Estimate): Pick<Estimate, 'lower' | 'upper'> {
  if (upper < 1) return { lower, upper };
  if (lower > 1) return { lower: 1 / upper, upper: 1 / lower };
  return { lower: Math.min(lower, 1 / upper), upper: 1 };
}
