/**
 * How the values of one feature become bins of at most 256. Missing values (NaN) have a bin of their own, the last.
 * Numeric: bin b holds values v with v <= upper[b], b the smallest such; the last value bin has no upper bound.
 * Categorical: the value is a category code; codes from `values - 1` on share the last value bin.
 */
export interface BinMapper {
  readonly kind: 'numeric' | 'categorical';
  /** Number of bins of values, at least 1. */
  readonly values: number;
  /** Bin of missing values, or -1 if the training rows have none. */
  readonly missing: number;
  /** Numeric: the `values - 1` finite thresholds between bins, ascending. */
  readonly upper: Float64Array;
  /** Categorical: whether the last value bin pools several rare codes, which then never go left together. */
  readonly pooled: boolean;
}

/**
 * Thresholds that cut sorted values into at most `most` bins: between all distinct values if there are few enough,
 * otherwise bins of about equal counts in which a value that fills a bin alone gets one (as LightGBM's greedy bins).
 */
export function findThresholds(sorted: Float64Array, most: number): Float64Array {
  const { values, counts } = distinct(sorted);
  const cuts: number[] = [];
  if (values.length <= most) {
    for (let i = 1; i < values.length; i++) cuts.push(between(values[i - 1]!, values[i]!));
    return Float64Array.from(cuts);
  }
  let restRows = sorted.length;
  let restBins = most;
  let inBin = 0;
  for (let i = 0; i < values.length - 1 && restBins > 1; i++) {
    inBin += counts[i]!;
    const size = restRows / restBins;
    const nextFills = counts[i + 1]! >= size && inBin >= size / 2;
    if (inBin >= size || nextFills) {
      cuts.push(between(values[i]!, values[i + 1]!));
      restRows -= inBin;
      restBins--;
      inBin = 0;
    }
  }
  return Float64Array.from(cuts);
}

/** A finite threshold t with low <= t < high: the midpoint where the doubles allow it. */
export function between(low: number, high: number): number {
  if (low === -Infinity) return high === -Number.MAX_VALUE ? low : -Number.MAX_VALUE;
  if (high === Infinity) return low === Number.MAX_VALUE ? low : finiteMiddle(low, Number.MAX_VALUE);
  return finiteMiddle(low, high);
}

function finiteMiddle(low: number, high: number): number {
  const middle = low / 2 + high / 2;
  return middle >= low && middle < high ? middle : low;
}

function distinct(sorted: Float64Array): { values: Float64Array; counts: Int32Array } {
  const values = new Float64Array(sorted.length);
  const counts = new Int32Array(sorted.length);
  let n = 0;
  for (let i = 0; i < sorted.length; i++) {
    const value = sorted[i]!;
    if (n === 0 || value !== values[n - 1]) values[n++] = value;
    counts[n - 1]!++;
  }
  return { values: values.subarray(0, n), counts: counts.subarray(0, n) };
}
