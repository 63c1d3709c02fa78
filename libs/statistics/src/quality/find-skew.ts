import { checkProbability } from '../arguments/check-arguments';
import { jensenShannonOfCounts, maximumDifference } from '../drift/divergences';
import { smoothedShares } from '../drift/shares';
import type { BinCounts } from '../reference/bin-counts';
import type { Anomaly } from './data-schema';

/** From which distance training and serving count as skewed; TFDV's comparators. */
export interface SkewThresholds {
  /** Largest difference of a category's share. Default 0.1. */
  readonly infinityNorm?: number;
  /** Jensen-Shannon divergence (base 2, not its root) of a numeric column's bins. Default 0.1. */
  readonly jensenShannon?: number;
}

/**
 * Training-serving skew: holds the counts of served rows against the reference of the training data, a size check without
 * a test of evidence, as TFDV's comparators. For alarms use {@link judgeDrift}. Columns without a row are skipped.
 */
export function findSkew(served: BinCounts, thresholds: SkewThresholds = {}): Anomaly[] {
  const { infinityNorm = 0.1, jensenShannon = 0.1 } = thresholds;
  checkProbability('thresholds.infinityNorm', infinityNorm);
  checkProbability('thresholds.jensenShannon', jensenShannon);
  return served.reference.columns.flatMap((column): Anomaly[] => {
    const current = served.column(column.name).snapshot();
    if (current.rows === 0 || column.rows === 0) return [];
    const before = [...column.counts, column.missing];
    const now = [...current.counts, current.missing];
    const numeric = column.kind === 'numeric';
    const pair = smoothedShares(before, now);
    const value = numeric
      ? jensenShannonOfCounts(before, now).value ** 2
      : maximumDifference(pair.reference, pair.current).value;
    const limit = numeric ? jensenShannon : infinityNorm;
    if (value <= limit) return [];
    const code = numeric ? 'COMPARATOR_JENSEN_SHANNON_DIVERGENCE_HIGH' : 'COMPARATOR_L_INFTY_HIGH';
    return [
      {
        code,
        column: column.name,
        message: `The distance is ${value.toPrecision(4)}; expected at most ${limit}.`,
      },
    ];
  });
}
