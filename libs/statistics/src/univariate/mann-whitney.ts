import type { NumberList } from '../arguments/check-arguments';
import { logBinomial } from '../distributions/log-gamma';
import { normalTwoSided } from '../distributions/normal';
import { midranks } from './midranks';
import { sortedSample, type TestResult } from './test-result';

/**
 * Mann-Whitney U test, two-sided, as scipy's `mannwhitneyu`: exact where one sample has at most 8 values and there are no
 * ties, otherwise normal with correction for ties and continuity. The statistic is U of the reference; the effect size
 * P(reference > current) + P(tie) / 2, where 0.5 is no difference. All values tied give p = 1.
 */
export function mannWhitney(reference: NumberList, current: NumberList): TestResult {
  const a = sortedSample('reference', reference);
  const b = sortedSample('current', current);
  const [n, m] = [a.length, b.length];
  const { ofFirst, ties } = midranks(a, b);
  const statistic = ofFirst.reduce((sum, rank) => sum + rank, 0) - (n * (n + 1)) / 2;
  const exact = Math.min(n, m) <= 8 && ties === 0;
  const larger = Math.max(statistic, n * m - statistic);
  const pValue = exact ? Math.min(1, 2 * upperShare(larger, n, m)) : normalTail(larger, n, m, ties);
  return { statistic, pValue, effectSize: statistic / (n * m), method: exact ? 'exact' : 'asymptotic' };
}

function normalTail(larger: number, n: number, m: number, ties: number): number {
  const all = n + m;
  const variance = ((n * m) / 12) * (all + 1 - (all < 2 ? 0 : ties / (all * (all - 1))));
  if (variance <= 0) return 1;
  return larger - 0.5 <= (n * m) / 2 ? 1 : normalTwoSided((larger - (n * m) / 2 - 0.5) / Math.sqrt(variance));
}

/** P(U >= u): of all ways to deal the ranks, counted by the generating function of Mann and Whitney. */
function upperShare(u: number, n: number, m: number): number {
  const [few, many] = n <= m ? [n, m] : [m, n];
  // ways[k] of sums k: multiply by (1 - x^(many + i)) / (1 - x^i) for i = 1..few; symmetric, so U >= u is U <= nm - u.
  const upTo = n * m - u;
  const ways = new Float64Array(upTo + 1);
  ways[0] = 1;
  for (let i = 1; i <= few; i++) {
    for (let k = upTo; k >= many + i; k--) ways[k]! -= ways[k - many - i]!;
    for (let k = i; k <= upTo; k++) ways[k]! += ways[k - i]!;
  }
  const total = ways.reduce((sum, count) => sum + count, 0);
  return Math.exp(Math.log(total) - logBinomial(n + m, few));
}
