import { invalidArgument, type NumberList } from '../arguments/check-arguments';
import { studentTwoSided } from '../distributions/student-t';
import { sortedSample, type TestResult } from './test-result';

/**
 * Welch's t test of two means, two-sided, without the assumption of equal variances, as scipy's
 * `ttest_ind(equal_var=False)`. The statistic has the sign of mean(reference) - mean(current); the effect size is Cohen's
 * d with the root of the mean of both variances. Two constant samples give p = 1 if they are equal and 0 if not.
 *
 * @throws AppError when a sample has fewer than two values.
 */
export function welchT(reference: NumberList, current: NumberList): TestResult {
  const a = momentsOf('reference', reference);
  const b = momentsOf('current', current);
  const difference = a.mean - b.mean;
  const [va, vb] = [a.variance / a.count, b.variance / b.count];
  const spread = Math.sqrt((a.variance + b.variance) / 2);
  if (va + vb === 0) {
    const equal = difference === 0;
    const statistic = equal ? 0 : Math.sign(difference) * Infinity;
    return { statistic, pValue: equal ? 1 : 0, effectSize: statistic, method: 'asymptotic' };
  }
  const statistic = difference / Math.sqrt(va + vb);
  // Shares, not variances: the squares of very small or large variances leave the range of doubles.
  const [sa, sb] = [va / (va + vb), vb / (va + vb)];
  const degreesOfFreedom = 1 / (sa ** 2 / (a.count - 1) + sb ** 2 / (b.count - 1));
  const pValue = studentTwoSided(statistic, degreesOfFreedom);
  return { statistic, pValue, effectSize: difference / spread, method: 'asymptotic' };
}

function momentsOf(name: string, values: NumberList) {
  const sorted = sortedSample(name, values);
  if (sorted.length < 2) throw invalidArgument(name, sorted.length, 'at least two values');
  const count = sorted.length;
  let sum = 0;
  for (const value of sorted) sum += value;
  const mean = sum / count;
  let squares = 0;
  for (const value of sorted) squares += (value - mean) * (value - mean);
  return { count, mean, variance: squares / (count - 1) };
}
