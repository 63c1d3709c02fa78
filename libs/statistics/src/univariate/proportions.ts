import { checkInteger, invalidArgument } from '../arguments/check-arguments';
import { logBinomial } from '../distributions/log-gamma';
import { normalTwoSided } from '../distributions/normal';
import type { TestResult } from './test-result';

/** Successes out of trials. */
export interface Proportion {
  readonly successes: number;
  readonly trials: number;
}

/**
 * z-test of two proportions with the pooled variance, two-sided, as statsmodels' `proportions_ztest`. The effect size is
 * the difference reference - current. Where both are 0 or both are 1 there is no difference: p = 1.
 */
export function proportionsZ(reference: Proportion, current: Proportion): TestResult {
  checkProportion('reference', reference);
  checkProportion('current', current);
  const difference = reference.successes / reference.trials - current.successes / current.trials;
  const pooled = (reference.successes + current.successes) / (reference.trials + current.trials);
  const variance = pooled * (1 - pooled) * (1 / reference.trials + 1 / current.trials);
  const statistic = variance === 0 ? 0 : difference / Math.sqrt(variance);
  return { statistic, pValue: normalTwoSided(statistic), effectSize: difference, method: 'asymptotic' };
}

/**
 * Fisher's exact test of a 2 x 2 table, two-sided: the chance of all tables with the same margins that are no likelier
 * than the one seen, as scipy's `fisher_exact`. The statistic is the sample odds ratio (Infinity or NaN-free 1 where it is
 * not defined), the effect size the difference of the proportions.
 */
export function fisherExact(reference: Proportion, current: Proportion): TestResult {
  checkProportion('reference', reference);
  checkProportion('current', current);
  const [a, c] = [reference.successes, current.successes];
  const [n, m] = [reference.trials, current.trials];
  const successes = a + c;
  const all = logBinomial(n + m, successes);
  const probability = (x: number) => Math.exp(logBinomial(n, x) + logBinomial(m, successes - x) - all);
  const seen = probability(a) * (1 + 1e-9);
  let pValue = 0;
  for (let x = Math.max(0, successes - m); x <= Math.min(n, successes); x++) {
    const p = probability(x);
    if (p <= seen) pValue += p;
  }
  const [up, down] = [a * (m - c), c * (n - a)];
  const statistic = down === 0 ? (up === 0 ? 1 : Infinity) : up / down;
  return { statistic, pValue: Math.min(1, pValue), effectSize: a / n - c / m, method: 'exact' };
}

function checkProportion(name: string, { successes, trials }: Proportion): void {
  checkInteger(`${name}.trials`, trials, 1);
  checkInteger(`${name}.successes`, successes);
  if (successes > trials)
    throw invalidArgument(`${name}.successes`, successes, `at most the ${trials} trials`);
}
