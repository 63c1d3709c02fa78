import { errors } from '@steward/kernel';
import {
  checkAllFinite,
  checkInteger,
  checkPositive,
  checkSameLength,
  invalidArgument,
  type NumberList,
} from '../arguments/check-arguments';
import { RandomStream } from '../random/random-stream';

/** Kernel width, permutations and seed of the MMD test. */
export interface MmdOptions {
  /** Width of the RBF kernel exp(-d^2 / (2 w^2)). Default: the median distance of all pairs of both samples. */
  readonly bandwidth?: number;
  /** Default 200. */
  readonly permutations?: number;
  /** Default 1. */
  readonly seed?: number;
}

/** The MMD statistic with its permutation p-value. */
export interface MmdResult {
  /** Unbiased estimate of the squared discrepancy; may be slightly negative where the samples agree. */
  readonly squared: number;
  /** (1 + permutations with at least this discrepancy) / (1 + permutations): valid at any sample size. */
  readonly pValue: number;
  readonly bandwidth: number;
}

/** The kernel matrix takes 8 bytes a pair: 72 MB at this many rows. */
const MOST_ROWS = 3000;

/**
 * Maximum mean discrepancy of two samples of rows (Gretton and others 2012, lemma 6) with an RBF kernel and a permutation
 * test: sees any difference of two distributions of many columns, given enough rows. Standardise the columns before.
 *
 * @throws AppError on fewer than two rows a side, rows of different lengths, or more than 3,000 rows in all.
 */
export function maximumMeanDiscrepancy(
  reference: readonly NumberList[],
  current: readonly NumberList[],
  options: MmdOptions = {},
): MmdResult {
  const { permutations = 200, seed = 1 } = options;
  checkRows('reference', reference, reference[0]);
  checkRows('current', current, reference[0]);
  checkInteger('permutations', permutations, 1);
  const all = [...reference, ...current];
  if (all.length > MOST_ROWS) {
    throw errors.limit(
      'STATISTICS.TOO_MANY_ROWS',
      `Maximum mean discrepancy takes at most ${MOST_ROWS} rows; draw a sample.`,
      {
        details: { rows: all.length, limit: MOST_ROWS },
      },
    );
  }
  const kernel = squaredDistances(all);
  const bandwidth = options.bandwidth ?? medianDistance(kernel, all.length);
  checkPositive('bandwidth', bandwidth);
  for (let i = 0; i < kernel.length; i++) kernel[i] = Math.exp(-kernel[i]! / (2 * bandwidth * bandwidth));
  const order = Uint32Array.from({ length: all.length }, (_, i) => i);
  const squared = discrepancy(kernel, order, reference.length);
  const random = new RandomStream(seed);
  let atLeast = 0;
  for (let p = 0; p < permutations; p++) {
    random.shuffle(order);
    if (discrepancy(kernel, order, reference.length) >= squared) atLeast++;
  }
  return { squared, pValue: (1 + atLeast) / (1 + permutations), bandwidth };
}

function checkRows(name: string, rows: readonly NumberList[], first: NumberList | undefined): void {
  if (rows.length < 2) throw invalidArgument(name, rows.length, 'at least two rows');
  rows.forEach((row, i) => {
    checkSameLength('reference[0]', first!, `${name}[${i}]`, row);
    checkAllFinite(`${name}[${i}]`, row);
  });
}

function squaredDistances(rows: readonly NumberList[]): Float64Array {
  const n = rows.length;
  const distances = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < i; j++) {
      let sum = 0;
      for (let k = 0; k < rows[i]!.length; k++) sum += (rows[i]![k]! - rows[j]![k]!) ** 2;
      distances[i * n + j] = distances[j * n + i] = sum;
    }
  }
  return distances;
}

/** 1 where more than half of the pairs are equal: any width then tells the rest apart. */
function medianDistance(squares: Float64Array, n: number): number {
  const pairs = new Float64Array((n * (n - 1)) / 2);
  for (let i = 0, at = 0; i < n; i++) for (let j = 0; j < i; j++) pairs[at++] = squares[i * n + j]!;
  pairs.sort();
  const middle = pairs.length >> 1;
  const upper = Math.sqrt(pairs[middle]!);
  const median = pairs.length % 2 === 1 ? upper : (upper + Math.sqrt(pairs[middle - 1]!)) / 2;
  return median || 1;
}

function discrepancy(kernel: Float64Array, order: Uint32Array, n: number): number {
  const all = order.length;
  const m = all - n;
  let [within, beside, across] = [0, 0, 0];
  for (let i = 1; i < all; i++) {
    const row = order[i]! * all;
    const split = Math.min(i, n);
    let [low, high] = [0, 0];
    for (let j = 0; j < split; j++) low += kernel[row + order[j]!]!;
    for (let j = split; j < i; j++) high += kernel[row + order[j]!]!;
    if (i < n) within += low;
    else across += low;
    beside += high;
  }
  return (2 * within) / (n * (n - 1)) + (2 * beside) / (m * (m - 1)) - (2 * across) / (n * m);
}
