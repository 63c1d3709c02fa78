import type { NumberList } from '../arguments/check-arguments';
import { sortedSample } from './test-result';

/** Wasserstein-1 distance, raw and normalised as Evidently does. */
export interface WassersteinDistance {
  /** In the column's unit: how far the mass has to be moved, on average. As scipy's `wasserstein_distance`. */
  readonly value: number;
  /** Divided by max(standard deviation of the reference, 0.001), as Evidently has it; alarms there from 0.1. */
  readonly normalised: number;
}

/** Wasserstein-1 (earth mover's) distance of two samples: the area between their distribution functions. */
export function wassersteinDistance(reference: NumberList, current: NumberList): WassersteinDistance {
  const a = sortedSample('reference', reference);
  const b = sortedSample('current', current);
  let i = 0;
  let j = 0;
  let value = 0;
  let previous = Math.min(a[0]!, b[0]!);
  while (i < a.length || j < b.length) {
    const next = i < a.length && (j >= b.length || a[i]! <= b[j]!) ? a[i]! : b[j]!;
    value += Math.abs(i / a.length - j / b.length) * (next - previous);
    while (i < a.length && a[i] === next) i++;
    while (j < b.length && b[j] === next) j++;
    previous = next;
  }
  return { value, normalised: value / Math.max(standardDeviation(a), 0.001) };
}

/** Of the population (n), as numpy's `std`. */
function standardDeviation(values: Float64Array): number {
  let mean = 0;
  for (const value of values) mean += value / values.length;
  let squares = 0;
  for (const value of values) squares += (value - mean) * (value - mean);
  return Math.sqrt(squares / values.length);
}
