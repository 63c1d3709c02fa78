import {
  checkCounts,
  checkNotEmpty,
  checkPositive,
  checkSameLength,
  type NumberList,
} from '../arguments/check-arguments';

/** What is added to every count on both sides before shares are taken. */
export const DEFAULT_SMOOTHING = 0.5;

/** The two distributions that a divergence compares, cell by cell; both sum to 1. */
export interface SharePair {
  readonly reference: Float64Array;
  readonly current: Float64Array;
}

/**
 * Shares of two lists of counts over the same cells, smoothed by adding `smoothing` to every count on both sides.
 * Adding a constant to the counts (and not filling empty cells with a fixed share) keeps an empty cell's weight in
 * proportion to the sample: with a fixed filler the filler itself becomes the result. Cells that are empty on both sides
 * are left empty: they say nothing.
 *
 * @throws AppError when lengths differ, a count is not a non-negative integer, or the smoothing is not above 0.
 */
export function smoothedShares(
  referenceCounts: NumberList,
  currentCounts: NumberList,
  smoothing: number = DEFAULT_SMOOTHING,
): SharePair {
  checkNotEmpty('referenceCounts', referenceCounts);
  checkSameLength('referenceCounts', referenceCounts, 'currentCounts', currentCounts);
  checkCounts('referenceCounts', referenceCounts);
  checkCounts('currentCounts', currentCounts);
  checkPositive('smoothing', smoothing);
  const reference = new Float64Array(referenceCounts.length);
  const current = new Float64Array(referenceCounts.length);
  let referenceTotal = 0;
  let currentTotal = 0;
  for (let i = 0; i < reference.length; i++) {
    if (referenceCounts[i] === 0 && currentCounts[i] === 0) continue;
    reference[i] = referenceCounts[i]! + smoothing;
    current[i] = currentCounts[i]! + smoothing;
    referenceTotal += reference[i]!;
    currentTotal += current[i]!;
  }
  for (let i = 0; i < reference.length; i++) {
    reference[i]! /= referenceTotal || 1;
    current[i]! /= currentTotal || 1;
  }
  return { reference, current };
}
