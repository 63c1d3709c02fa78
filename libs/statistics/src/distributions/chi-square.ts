import gammainc from '@stdlib/math-base-special-gammainc';
import { checkPositive, invalidArgument } from '../arguments/check-arguments';

/**
 * P(X >= statistic) for X chi-square with `degreesOfFreedom`. The upper tail is computed directly, so that it keeps its
 * relative precision far below 1e-16 (where `1 - cdf` would be 0).
 *
 * @throws AppError when the statistic is negative or NaN, or the degrees of freedom are not above 0.
 */
export function chiSquareUpperTail(statistic: number, degreesOfFreedom: number): number {
  checkPositive('degreesOfFreedom', degreesOfFreedom);
  if (!(statistic >= 0)) throw invalidArgument('statistic', statistic, 'a number of at least 0');
  if (statistic === 0) return 1;
  if (statistic === Infinity) return 0;
  return Math.min(1, gammainc(statistic / 2, degreesOfFreedom / 2, true, true));
}
