import type { NumberList } from '../arguments/check-arguments';
import { logGamma } from '../distributions/log-gamma';
import { midranks } from './midranks';
import { sortedSample, type TestResult } from './test-result';

/**
 * Two-sample Cramér-von Mises test, as scipy's `cramervonmises_2samp(method='asymptotic')` (Anderson 1962): sensitive to
 * differences over the whole range, where Kolmogorov-Smirnov looks at one point. The p-value is asymptotic: use it from
 * about 20 values a sample on. The effect size is the statistic divided by n m / (n + m): a mean squared distance of the
 * distribution functions.
 */
export function cramerVonMises(reference: NumberList, current: NumberList): TestResult {
  const a = sortedSample('reference', reference);
  const b = sortedSample('current', current);
  const [n, m] = [a.length, b.length];
  const { ofFirst, ofSecond } = midranks(a, b);
  const u = n * squaredShift(ofFirst) + m * squaredShift(ofSecond);
  const [product, sum] = [n * m, n + m];
  const statistic = u / (product * sum) - (4 * product - 1) / (6 * sum);
  const mean = (1 + 1 / sum) / 6;
  const variance =
    ((sum + 1) * (4 * product * sum - 3 * (n * n + m * m) - 2 * product)) / (45 * sum * sum * 4 * product);
  const normalised = 1 / 6 + (statistic - mean) / Math.sqrt(45 * variance);
  const pValue = normalised < 0.003 ? 1 : Math.min(1, Math.max(0, 1 - limitBelow(normalised)));
  return { statistic, pValue, effectSize: (statistic * sum) / product, method: 'asymptotic' };
}

function squaredShift(ranks: Float64Array): number {
  let squares = 0;
  for (let i = 0; i < ranks.length; i++) squares += (ranks[i]! - (i + 1)) ** 2;
  return squares;
}

/** Limit distribution of the statistic (Anderson and Darling 1952, 4.35). */
function limitBelow(x: number): number {
  let sum = 0;
  for (let k = 0; k < 100; k++) {
    const y = 4 * k + 1;
    const q = (y * y) / (16 * x);
    const front = Math.exp(logGamma(k + 0.5) - logGamma(k + 1)) / (Math.PI ** 1.5 * Math.sqrt(x));
    const term = front * Math.sqrt(y) * Math.exp(-2 * q) * scaledBesselK(0.25, q);
    sum += term;
    if (term < 1e-16) break;
  }
  return sum;
}

/** e^q K_order(q), by the trapezoid rule on its integral, which converges faster than any power. */
function scaledBesselK(order: number, q: number): number {
  const STEP = 0.05;
  let sum = 0.5;
  for (let t = STEP; ; t += STEP) {
    const term = Math.exp(-q * (Math.cosh(t) - 1)) * Math.cosh(order * t);
    sum += term;
    if (term < 1e-18 * sum) return sum * STEP;
  }
}
