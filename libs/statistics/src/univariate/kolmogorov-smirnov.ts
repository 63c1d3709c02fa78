import type { NumberList } from '../arguments/check-arguments';
import { kolmogorovUpperTail } from '../distributions/kolmogorov';
import type { QuantileSketch } from '../profiles/quantile-sketch';
import { sortedSample, type TestResult } from './test-result';

/** Up to this many values a sample the p-value is exact, as in scipy. */
const EXACT_UP_TO = 10_000;

/** Which p-value a Kolmogorov-Smirnov test gives: exact, asymptotic, or chosen by size as scipy does. */
export interface KolmogorovSmirnovOptions {
  /** Default 'auto': exact where both samples have at most 10,000 values. Exact costs time in n x m. */
  readonly method?: 'auto' | 'exact' | 'asymptotic';
}

/**
 * Two-sample Kolmogorov-Smirnov test, two-sided, as scipy's `ks_2samp`. The statistic is the largest distance of the two
 * empirical distribution functions, and is itself the effect size (0 to 1). With ties the exact p-value is conservative.
 * The asymptotic one is that of a one-sample test of round(n m / (n + m)) values, as scipy has it.
 */
export function kolmogorovSmirnov(
  reference: NumberList,
  current: NumberList,
  { method = 'auto' }: KolmogorovSmirnovOptions = {},
): TestResult {
  const a = sortedSample('reference', reference);
  const b = sortedSample('current', current);
  const statistic = largestGap(a, b);
  const exact = method === 'exact' || (method === 'auto' && Math.max(a.length, b.length) <= EXACT_UP_TO);
  const pValue = exact
    ? exactTail(statistic, a.length, b.length)
    : kolmogorovUpperTail(statistic, Math.max(1, Math.round((a.length * b.length) / (a.length + b.length))));
  return { statistic, pValue, effectSize: statistic, method: exact ? 'exact' : 'asymptotic' };
}

/** Largest |F - G| of two ascending samples. */
export function largestGap(a: Float64Array, b: Float64Array): number {
  let i = 0;
  let j = 0;
  let gap = 0;
  while (i < a.length && j < b.length) {
    const value = Math.min(a[i]!, b[j]!);
    while (i < a.length && a[i] === value) i++;
    while (j < b.length && b[j] === value) j++;
    gap = Math.max(gap, Math.abs(i / a.length - j / b.length));
  }
  return gap;
}

/**
 * P(D >= d): of all orders in which n and m values can come, the share whose two distribution functions are ever at
 * least d apart. share(i, j) of the orders of the first i and j is a weighted mean of its two predecessors, so all terms
 * are positive and small p-values keep their digits (the recursion of Hodges 1957, on shares in place of counts).
 */
function exactTail(d: number, n: number, m: number): number {
  const [long, short] = n >= m ? [n, m] : [m, n];
  // |i/long - j/short| >= d in integers: the statistic is a multiple of 1 / (n m), computed with rounding.
  const limit = Math.round(d * long * short);
  if (limit === 0) return 1;
  const share = new Float64Array(short + 1);
  for (let j = 1; j <= short; j++) share[j] = j * long >= limit ? 1 : share[j - 1]!;
  for (let i = 1; i <= long; i++) {
    share[0] = i * short >= limit ? 1 : share[0]!;
    for (let j = 1; j <= short; j++) {
      const gap = Math.abs(i * short - j * long);
      share[j] = gap >= limit ? 1 : (share[j]! * i + share[j - 1]! * j) / (i + j);
    }
  }
  return share[short]!;
}

/** A Kolmogorov-Smirnov distance that is known only up to an error. */
export interface SketchedDistance {
  readonly value: number;
  /** The true distance lies within value ± error at 99 % confidence for each side's sketch. */
  readonly error: number;
}

/**
 * The Kolmogorov-Smirnov distance of two streams from their quantile sketches, with its bound: the sum of both sketches'
 * rank errors. Null where one is empty.
 */
export function kolmogorovSmirnovOfSketches(
  reference: QuantileSketch,
  current: QuantileSketch,
): SketchedDistance | null {
  if (reference.count === 0 || current.count === 0) return null;
  const a = reference.items();
  const b = current.items();
  let [i, j, below, under, value] = [0, 0, 0, 0, 0];
  while (i < a.length && j < b.length) {
    const at = Math.min(a[i]!.value, b[j]!.value);
    while (i < a.length && a[i]!.value === at) below += a[i++]!.weight;
    while (j < b.length && b[j]!.value === at) under += b[j++]!.weight;
    value = Math.max(value, Math.abs(below / reference.count - under / current.count));
  }
  return { value, error: reference.rankError() + current.rankError() };
}
