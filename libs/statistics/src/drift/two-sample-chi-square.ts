import {
  checkCounts,
  checkNotEmpty,
  checkPositive,
  checkSameLength,
  type NumberList,
} from '../arguments/check-arguments';
import { chiSquareUpperTail } from '../distributions/chi-square';

/** A two-sample chi-square test over the same cells. */
export interface ChiSquareResult {
  readonly statistic: number;
  readonly degreesOfFreedom: number;
  /** 1 where fewer than two cells are left: there is no evidence of a difference. */
  readonly pValue: number;
  /** Cramér's V, the effect size, 0 to 1. */
  readonly cramersV: number;
  /** For each cell of the input the number of the pooled cell that it was counted in, or -1 if empty on both sides. */
  readonly pooledInto: Int32Array;
  readonly pooledCells: number;
  /** Each pooled cell's part of the statistic; the parts add up to it. Empty where there was nothing to test. */
  readonly contributions: Float64Array;
}

/** Cochran's rule of thumb: the chi-square approximation holds where no expected count is below 5. */
const DEFAULT_MINIMUM_EXPECTED = 5;

/**
 * Chi-square test of homogeneity of two samples over the same cells. Both lists are counts of samples: the reference is
 * not taken for the truth, which would make a small reference alarm too often. Without pooling it equals scipy's
 * `chi2_contingency([reference, current], correction=False)`.
 *
 * Sparse cells are pooled first, because the p-value is an approximation for large counts: cells whose expected count in
 * the smaller sample is below `minimumExpected` are counted together; should they together still be sparse, the smallest
 * other cell joins them, and so on. Which cells are pooled depends on the sum of both samples only, so pooling does not
 * favour either verdict.
 *
 * @param minimumExpected default 5 (Cochran); 0 leaves every cell as it is.
 */
export function twoSampleChiSquare(
  referenceCounts: NumberList,
  currentCounts: NumberList,
  minimumExpected: number = DEFAULT_MINIMUM_EXPECTED,
): ChiSquareResult {
  return compare(referenceCounts, currentCounts, minimumExpected, homogeneity);
}

/**
 * G-test (likelihood ratio) of homogeneity of two samples over the same cells: like {@link twoSampleChiSquare}, with the
 * statistic 2 sum of observed x ln(observed / expected). Without pooling it equals scipy's
 * `chi2_contingency(..., lambda_='log-likelihood', correction=False)`.
 */
export function twoSampleG(
  referenceCounts: NumberList,
  currentCounts: NumberList,
  minimumExpected: number = DEFAULT_MINIMUM_EXPECTED,
): ChiSquareResult {
  return compare(referenceCounts, currentCounts, minimumExpected, likelihoodRatio);
}

type Parts = (reference: Float64Array, current: Float64Array, n: number, m: number) => Float64Array;

function compare(a: NumberList, b: NumberList, minimumExpected: number, partsOf: Parts): ChiSquareResult {
  checkNotEmpty('referenceCounts', a);
  checkSameLength('referenceCounts', a, 'currentCounts', b);
  checkCounts('referenceCounts', a);
  checkCounts('currentCounts', b);
  if (minimumExpected !== 0) checkPositive('minimumExpected', minimumExpected);
  const n = sum(a);
  const m = sum(b);
  const { into, cells } = poolSparse(a, b, Math.min(n, m) / (n + m), minimumExpected);
  const none = n === 0 || m === 0 || cells < 2;
  const contributions = none
    ? new Float64Array(0)
    : partsOf(collect(a, into, cells), collect(b, into, cells), n, m);
  const statistic = Math.max(0, sum(contributions));
  const degreesOfFreedom = none ? 0 : cells - 1;
  return {
    statistic,
    degreesOfFreedom,
    pValue: none ? 1 : chiSquareUpperTail(statistic, degreesOfFreedom),
    cramersV: none ? 0 : Math.min(1, Math.sqrt(statistic / (n + m))),
    pooledInto: into,
    pooledCells: cells,
    contributions,
  };
}

/** 2 (a ln(a / expected) + b ln(b / expected)) per cell. */
function likelihoodRatio(reference: Float64Array, current: Float64Array, n: number, m: number): Float64Array {
  return reference.map((a, i) => {
    const b = current[i]!;
    const share = (a + b) / (n + m);
    return 2 * ((a > 0 ? a * Math.log(a / (share * n)) : 0) + (b > 0 ? b * Math.log(b / (share * m)) : 0));
  });
}

/** (a m - b n)^2 / (n m (a + b)) per cell: the 2 x k contingency statistic without a table of expectations. */
function homogeneity(reference: Float64Array, current: Float64Array, n: number, m: number): Float64Array {
  return reference.map((a, i) => {
    const expected = ((a + current[i]!) * n) / (n + m);
    return ((a - expected) * (a - expected) * (n + m)) / (expected * m);
  });
}

function poolSparse(a: NumberList, b: NumberList, smallerShare: number, minimumExpected: number) {
  const into = new Int32Array(a.length).fill(-1);
  const occupied = Array.from({ length: a.length }, (_, i) => i).filter((i) => a[i]! + b[i]! > 0);
  const expected = (i: number) => (a[i]! + b[i]!) * smallerShare;
  const ascending = occupied.toSorted((i, j) => expected(i) - expected(j) || i - j);
  const pool = new Set<number>();
  let pooled = 0;
  for (const i of ascending) {
    if (expected(i) >= minimumExpected && (pool.size === 0 || pooled >= minimumExpected)) break;
    pool.add(i);
    pooled += expected(i);
  }
  let cells = 0;
  let poolCell = -1;
  for (const i of occupied) {
    if (!pool.has(i)) into[i] = cells++;
    else into[i] = poolCell = poolCell === -1 ? cells++ : poolCell;
  }
  return { into, cells };
}

function collect(counts: NumberList, into: Int32Array, cells: number): Float64Array {
  const pooled = new Float64Array(cells);
  for (let i = 0; i < counts.length; i++) if (into[i]! >= 0) pooled[into[i]!]! += counts[i]!;
  return pooled;
}

function sum(counts: NumberList): number {
  let total = 0;
  for (let i = 0; i < counts.length; i++) total += counts[i]!;
  return total;
}
