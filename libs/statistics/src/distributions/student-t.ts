import { checkPositive, checkProbability, invalidArgument } from '../arguments/check-arguments';
import { logGamma } from './log-gamma';

/**
 * Regularised incomplete beta function I_x(a, b), by Lentz's continued fraction on the side where it converges fast.
 *
 * @throws AppError unless a, b > 0 and 0 <= x <= 1.
 */
export function incompleteBeta(x: number, a: number, b: number): number {
  checkProbability('x', x);
  checkPositive('a', a);
  checkPositive('b', b);
  if (x === 0 || x === 1) return x;
  const front = Math.exp(logGamma(a + b) - logGamma(a) - logGamma(b) + a * Math.log(x) + b * Math.log1p(-x));
  if (x < (a + 1) / (a + b + 2)) return (front * betaFraction(x, a, b)) / a;
  return 1 - (front * betaFraction(1 - x, b, a)) / b;
}

const TINY = 1e-300;

function betaFraction(x: number, a: number, b: number): number {
  const away = (value: number) => (Math.abs(value) < TINY ? TINY : value);
  let c = 1;
  let d = 1 / away(1 - ((a + b) * x) / (a + 1));
  let fraction = d;
  for (let m = 1; m < 10_000; m++) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m));
    d = 1 / away(1 + even * d);
    c = away(1 + even / c);
    fraction *= d * c;
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1));
    d = 1 / away(1 + odd * d);
    c = away(1 + odd / c);
    fraction *= d * c;
    if (Math.abs(d * c - 1) < 1e-16) break;
  }
  return fraction;
}

/** P(|T| >= |t|) for Student's t with `degreesOfFreedom`; precise in the far tail. */
export function studentTwoSided(t: number, degreesOfFreedom: number): number {
  if (Number.isNaN(t)) throw invalidArgument('t', t, 'a number');
  checkPositive('degreesOfFreedom', degreesOfFreedom);
  if (!Number.isFinite(t)) return 0;
  return incompleteBeta(degreesOfFreedom / (degreesOfFreedom + t * t), degreesOfFreedom / 2, 0.5);
}
