import { checkAllFinite, checkNotEmpty, type NumberList } from '../arguments/check-arguments';

/** What a two-sample test found. */
export interface TestResult {
  readonly statistic: number;
  /** Two-sided; the chance of a statistic at least as extreme if both samples come from one population. */
  readonly pValue: number;
  /** What it measures stands at each test. */
  readonly effectSize: number;
  /** How the p-value was computed. */
  readonly method: 'exact' | 'asymptotic';
}

/** A sorted copy of a sample; refuses an empty sample, NaN and infinities. */
export function sortedSample(name: string, sample: NumberList): Float64Array {
  checkNotEmpty(name, sample);
  checkAllFinite(name, sample);
  return Float64Array.from(sample).sort();
}
