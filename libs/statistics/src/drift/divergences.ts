import {
  checkNotEmpty,
  checkSameLength,
  invalidArgument,
  type NumberList,
} from '../arguments/check-arguments';
import { smoothedShares } from './shares';

/** A divergence with the part that each cell has in it, so that one sees where the two distributions differ. */
export interface Divergence {
  readonly value: number;
  /** One per cell, in the cells' order. For PSI, KL and Jensen-Shannon divergence they add up to the whole. */
  readonly contributions: Float64Array;
}

/**
 * Population stability index of two lists of counts over the same cells: sum of (q - p) ln(q / p), with `smoothing` added
 * to every count on both sides. Symmetric, >= 0. Customary reading: below 0.1 stable, from 0.2 shifted.
 */
export function populationStabilityIndex(
  referenceCounts: NumberList,
  currentCounts: NumberList,
  smoothing?: number,
): Divergence {
  const { reference, current } = smoothedShares(referenceCounts, currentCounts, smoothing);
  return total(reference, current, (p, q) => (p === q ? 0 : (q - p) * Math.log(q / p)));
}

/**
 * Jensen-Shannon distance of two lists of counts: the square root of the divergence, as scipy's `jensenshannon` computes
 * it, but with base 2 by default, so that 0 <= distance <= 1. The contributions add up to the divergence (the square).
 */
export function jensenShannonOfCounts(
  referenceCounts: NumberList,
  currentCounts: NumberList,
  options: { readonly base?: number; readonly smoothing?: number } = {},
): Divergence {
  const { reference, current } = smoothedShares(referenceCounts, currentCounts, options.smoothing);
  return jensenShannonDistance(reference, current, options.base);
}

/**
 * Jensen-Shannon distance of two distributions: sqrt((KL(p, m) + KL(q, m)) / 2), m their mean. Inputs are normalised to
 * sum 1, as scipy does. The contributions add up to the divergence, which is the square of the distance.
 *
 * @param base of the logarithm. Default 2 (scipy's default is e).
 */
export function jensenShannonDistance(p: NumberList, q: NumberList, base = 2): Divergence {
  if (!(base > 0) || base === 1) throw invalidArgument('base', base, 'a number above 0 other than 1');
  const unit = Math.log(base);
  const divergence = total(distribution('p', p), distribution('q', q, p), (a, b) => {
    const m = (a + b) / 2;
    return (logTerm(a, m) + logTerm(b, m)) / (2 * unit);
  });
  return { value: Math.sqrt(Math.max(0, divergence.value)), contributions: divergence.contributions };
}

/**
 * Kullback-Leibler divergence of q from p: sum of p ln(p / q) in nats, as scipy's `entropy(p, q)`. Infinity where q is 0
 * and p is not. Inputs are normalised to sum 1.
 */
export function kullbackLeibler(p: NumberList, q: NumberList): Divergence {
  return total(distribution('p', p), distribution('q', q, p), logTerm);
}

/** Hellinger distance: sqrt(1/2 sum (sqrt p - sqrt q)^2), 0 to 1. The contributions add up to its square. */
export function hellingerDistance(p: NumberList, q: NumberList): Divergence {
  const square = total(distribution('p', p), distribution('q', q, p), (a, b) => {
    const difference = Math.sqrt(a) - Math.sqrt(b);
    return (difference * difference) / 2;
  });
  return { value: Math.sqrt(square.value), contributions: square.contributions };
}

/** Total variation distance: 1/2 sum |p - q|, 0 to 1. */
export function totalVariation(p: NumberList, q: NumberList): Divergence {
  return total(distribution('p', p), distribution('q', q, p), (a, b) => Math.abs(a - b) / 2);
}

/** L-infinity distance: the largest |p - q| of any cell, 0 to 1. The contributions are the cells' |p - q|. */
export function maximumDifference(p: NumberList, q: NumberList): Divergence {
  const { contributions } = total(distribution('p', p), distribution('q', q, p), (a, b) => Math.abs(a - b));
  let value = 0;
  for (const contribution of contributions) value = Math.max(value, contribution);
  return { value, contributions };
}

function logTerm(a: number, b: number): number {
  if (a === 0) return 0;
  return b === 0 ? Infinity : a * Math.log(a / b);
}

function total(p: Float64Array, q: Float64Array, term: (p: number, q: number) => number): Divergence {
  const contributions = new Float64Array(p.length);
  let value = 0;
  for (let i = 0; i < p.length; i++) {
    contributions[i] = term(p[i]!, q[i]!);
    value += contributions[i]!;
  }
  return { value, contributions };
}

function distribution(name: string, weights: NumberList, other: NumberList = weights): Float64Array {
  checkNotEmpty(name, weights);
  checkSameLength('p', other, name, weights);
  const shares = Float64Array.from(weights);
  let sum = 0;
  for (let i = 0; i < shares.length; i++) {
    const share = shares[i]!;
    if (!(share >= 0) || share === Infinity)
      throw invalidArgument(`${name}[${i}]`, share, 'a finite number of at least 0');
    sum += share;
  }
  if (!(sum > 0)) throw invalidArgument(name, sum, 'weights with a sum above 0');
  for (let i = 0; i < shares.length; i++) shares[i]! /= sum;
  return shares;
}
