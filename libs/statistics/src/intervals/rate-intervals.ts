import { checkInteger, invalidArgument } from '../arguments/check-arguments';
import { twoSidedZ } from '../distributions/normal';
import { DEFAULT_CONFIDENCE, type Estimate, type RateEstimate } from './estimate';

/**
 * Wilson's score interval for a share (Wilson 1927), without continuity correction; as scipy's
 * `binomtest(...).proportion_ci(method='wilson')`. Never leaves [0, 1] and stays honest at 0 and at 1.
 *
 * @throws AppError when counts are not integers, successes exceed trials, or there are no trials.
 */
export function wilsonInterval(
  successes: number,
  trials: number,
  confidence: number = DEFAULT_CONFIDENCE,
): RateEstimate {
  checkInteger('trials', trials, 1);
  checkInteger('successes', successes);
  if (successes > trials) throw invalidArgument('successes', successes, `at most the ${trials} trials`);
  const z2 = twoSidedZ(confidence) ** 2;
  const value = successes / trials;
  const centre = (successes + z2 / 2) / (trials + z2);
  const half =
    (Math.sqrt(z2) / (trials + z2)) * Math.sqrt((successes * (trials - successes)) / trials + z2 / 4);
  const lower = successes === 0 ? 0 : Math.max(0, centre - half);
  const upper = successes === trials ? 1 : Math.min(1, centre + half);
  return { value, lower, upper, successes, trials };
}

/** {@link wilsonInterval}, or null where there are no trials and so no rate. */
export function rateOrNull(successes: number, trials: number, confidence?: number): RateEstimate | null {
  return trials === 0 ? null : wilsonInterval(successes, trials, confidence);
}

/**
 * Interval for `left - right` of two independent shares from their Wilson limits (Newcombe 1998, method 10;
 * as statsmodels' `confint_proportions_2indep(method='newcomb')`). Both rates must have the same confidence.
 */
export function rateDifference(left: RateEstimate, right: RateEstimate): Estimate {
  const value = left.value - right.value;
  const down = Math.hypot(left.value - left.lower, right.upper - right.value);
  const up = Math.hypot(left.upper - left.value, right.value - right.lower);
  return { value, lower: Math.max(-1, value - down), upper: Math.min(1, value + up) };
}

/**
 * Interval for `left / right` of two independent shares from their Wilson limits (MOVER-R, Donner and Zou 2012).
 * Where `right` is 0 the ratio and its upper limit are Infinity; 0/0 gives the value 1 between 0 and Infinity: the data
 * say nothing about the ratio.
 */
export function rateRatio(left: RateEstimate, right: RateEstimate): Estimate {
  if (left.value === 0 && right.value === 0) return { value: 1, lower: 0, upper: Infinity };
  const value = left.value / right.value;
  const lower = moverLimit(left.value, left.lower, right.value, right.upper, -1);
  const upper =
    right.value === 0 || right.lower === 0
      ? Infinity
      : moverLimit(left.value, left.upper, right.value, right.lower, 1);
  return { value, lower: Math.min(Math.max(0, lower), value), upper: Math.max(upper, value) };
}

function moverLimit(p1: number, limit1: number, p2: number, limit2: number, sign: -1 | 1): number {
  const denominator = limit2 * (2 * p2 - limit2);
  const product = p1 * p2;
  const root = Math.sqrt(Math.max(0, product * product - limit1 * (2 * p1 - limit1) * denominator));
  // Where the denominator vanishes the quadratic is linear; its one root is limit1 (2 p1 - limit1) / (2 p1 p2).
  if (Math.abs(denominator) < 1e-300) return (limit1 * (2 * p1 - limit1)) / (2 * product);
  return (product + sign * root) / denominator;
}
