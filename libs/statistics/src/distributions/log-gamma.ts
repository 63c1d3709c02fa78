import { invalidArgument } from '../arguments/check-arguments';

/** Coefficients of Stirling's series, B(2k) / (2k (2k - 1)). */
const STIRLING = [1 / 12, -1 / 360, 1 / 1260, -1 / 1680, 1 / 1188, -691 / 360360, 1 / 156];
const HALF_LOG_TWO_PI = 0.9189385332046728;

/** ln(gamma(x)) for x > 0: Stirling's series from 15 on, the recurrence below. Relative error about 1e-15. */
export function logGamma(x: number): number {
  if (!(x > 0)) throw invalidArgument('x', x, 'a number above 0');
  let shift = 1;
  let y = x;
  while (y < 15) shift *= y++;
  const inverse = 1 / (y * y);
  let series = 0;
  for (let k = STIRLING.length - 1; k >= 0; k--) series = series * inverse + STIRLING[k]!;
  return (y - 0.5) * Math.log(y) - y + HALF_LOG_TWO_PI + series / y - Math.log(shift);
}

/** ln of n over k. */
export function logBinomial(n: number, k: number): number {
  return logGamma(n + 1) - logGamma(k + 1) - logGamma(n - k + 1);
}
