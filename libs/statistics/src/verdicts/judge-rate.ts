import { checkFinite, checkInteger, invalidArgument } from '../arguments/check-arguments';
import type { Estimate, RateEstimate } from '../intervals/estimate';
import type { Verdict } from './verdict';

/** The bound that a figure must keep: at least one of the two. */
export interface Bound {
  readonly atLeast?: number;
  readonly atMost?: number;
}

/**
 * Judges a figure against a bound by its interval: an alert only if the whole interval lies on the wrong side, so that
 * noise alone rarely alarms. A figure on the wrong side whose interval still holds the bound is `no_alert`.
 *
 * @throws AppError when the bound names neither side or is not finite.
 */
export function judgeInterval(estimate: Pick<Estimate, 'lower' | 'upper'> | null, bound: Bound): Verdict {
  if (bound.atLeast === undefined && bound.atMost === undefined) {
    throw invalidArgument('bound', undefined, "'atLeast', 'atMost' or both");
  }
  if (bound.atLeast !== undefined) checkFinite('bound.atLeast', bound.atLeast);
  if (bound.atMost !== undefined) checkFinite('bound.atMost', bound.atMost);
  if (estimate === null) return 'not_enough_data';
  const tooLow = bound.atLeast !== undefined && estimate.upper < bound.atLeast;
  const tooHigh = bound.atMost !== undefined && estimate.lower > bound.atMost;
  return tooLow || tooHigh ? 'alert' : 'no_alert';
}

/**
 * {@link judgeInterval} for a rate such as the share of missing or out-of-range values.
 *
 * @param minimumTrials below this many trials the verdict is `not_enough_data`. Default 200, a window's minimum.
 */
export function judgeRate(rate: RateEstimate | null, bound: Bound, minimumTrials = 200): Verdict {
  checkInteger('minimumTrials', minimumTrials);
  return judgeInterval(rate !== null && rate.trials >= minimumTrials ? rate : null, bound);
}
