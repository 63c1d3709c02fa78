import { checkAllFinite, checkNotEmpty, checkPositive } from '../arguments/check-arguments';
import type { Bound } from '../verdicts/judge-rate';

/**
 * The band that a figure keeps in windows of the reference: mean ± multiplier x standard deviation (population), cut to
 * the figure's own limits; NannyML's default threshold.
 *
 * @param values the figure in each reference window.
 * @param multiplier default 3.
 * @param limits of the figure, such as 0 and 1.
 */
export function referenceThreshold(
  values: ArrayLike<number>,
  multiplier = 3,
  limits: { readonly low?: number; readonly high?: number } = {},
): Required<Bound> {
  checkNotEmpty('values', values);
  checkAllFinite('values', values);
  checkPositive('multiplier', multiplier);
  const list = Array.from(values);
  const mean = list.reduce((sum, value) => sum + value, 0) / list.length;
  const deviation = Math.sqrt(list.reduce((sum, value) => sum + (value - mean) ** 2, 0) / list.length);
  return {
    atLeast: Math.max(limits.low ?? -Infinity, mean - multiplier * deviation),
    atMost: Math.min(limits.high ?? Infinity, mean + multiplier * deviation),
  };
}
