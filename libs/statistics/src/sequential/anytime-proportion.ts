import { checkInteger, checkLevel, checkProbability, invalidArgument } from '../arguments/check-arguments';
import { logGamma } from '../distributions/log-gamma';
import { DEFAULT_CONFIDENCE, type RateEstimate } from '../intervals/estimate';

/**
 * The evidence against "the rate is `rate`" as an e-value: the mean likelihood of the counts over all rates (uniform)
 * divided by their likelihood at `rate` (Ville 1939; Robbins 1970). If that is the rate, the chance that the e-value of a
 * growing stream *ever* reaches 1/alpha is at most alpha, so one may look as often as one likes. The mean of e-values of
 * several columns, and the product over independent streams, is an e-value again. Depends on the counts alone.
 */
export function proportionEValue(successes: number, trials: number, rate: number): number {
  checkCounts(successes, trials);
  checkProbability('rate', rate);
  const failures = trials - successes;
  return Math.exp(logMixture(successes, failures) - logLikelihood(successes, failures, rate));
}

/**
 * Confidence sequence for a rate: an interval at every time, all of which hold the true rate at once with the given
 * confidence. Use it in place of Wilson's where a growing count is judged again and again; it is about half as wide again.
 * The set of rates whose {@link proportionEValue} stays below 1 / (1 - confidence), found by bisection to 1e-12.
 */
export function anytimeRate(
  successes: number,
  trials: number,
  confidence: number = DEFAULT_CONFIDENCE,
): RateEstimate {
  checkCounts(successes, trials);
  checkLevel('confidence', confidence);
  const failures = trials - successes;
  const limit = -Math.log(1 - confidence);
  const value = successes / trials;
  const mixture = logMixture(successes, failures);
  const inside = (rate: number) => mixture - logLikelihood(successes, failures, rate) < limit;
  return {
    value,
    lower: successes === 0 ? 0 : bisect(value, 0, inside),
    upper: failures === 0 ? 1 : bisect(value, 1, inside),
    successes,
    trials,
  };
}

function checkCounts(successes: number, trials: number): void {
  checkInteger('trials', trials, 1);
  checkInteger('successes', successes);
  if (successes > trials) throw invalidArgument('successes', successes, `at most the ${trials} trials`);
}

/** ln of the mean likelihood of the counts over all rates. */
function logMixture(successes: number, failures: number): number {
  return logGamma(successes + 1) + logGamma(failures + 1) - logGamma(successes + failures + 2);
}

function logLikelihood(successes: number, failures: number, rate: number): number {
  const at = (count: number, p: number) => (count === 0 ? 0 : count * Math.log(p));
  return at(successes, rate) + at(failures, 1 - rate);
}

/** The last rate between `from`, which is inside, and `to` that is still inside. */
function bisect(from: number, to: number, inside: (rate: number) => boolean): number {
  let [within, without] = [from, to];
  while (Math.abs(within - without) > 1e-12) {
    const middle = (within + without) / 2;
    if (inside(middle)) within = middle;
    else without = middle;
  }
  return without;
}
