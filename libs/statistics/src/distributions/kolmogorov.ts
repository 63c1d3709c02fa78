import { checkInteger, invalidArgument } from '../arguments/check-arguments';
import { logBinomial, logGamma } from './log-gamma';

/**
 * P(D_n >= d) for the two-sided one-sample Kolmogorov-Smirnov statistic of n values: scipy's `kstwo.sf`. Which method is
 * precise where follows Simard and L'Ecuyer (2011): closed forms at both ends, twice the one-sided tail where both sides
 * cannot be exceeded together (or so rarely that it does not show), the matrix of Marsaglia, Tsang and Wang (2003) for
 * small n or small d, and the series of Pelz and Good (1976) elsewhere. Relative error below 1e-6.
 */
export function kolmogorovUpperTail(d: number, n: number): number {
  checkInteger('n', n, 1);
  if (Number.isNaN(d)) throw invalidArgument('d', d, 'a number');
  const t = n * d;
  if (t <= 0.5) return 1;
  if (d >= 1) return 0;
  if (t <= 1) return 1 - Math.exp(logGamma(n + 1) - n * Math.log(n) + n * Math.log(2 * t - 1));
  if (t >= n - 1) return 2 * (1 - d) ** n;
  const square = t * d;
  if (d >= 0.5 || square >= (n <= 140 ? 4 : 2.2)) return Math.min(1, 2 * oneSidedTail(d, n));
  const below = n <= 140 || n * d ** 1.5 <= 1.4 ? matrixBelow(d, n) : pelzGoodBelow(d, n);
  return Math.min(1, Math.max(0, 1 - below));
}

/** P(D_n^+ >= d) (Smirnov 1944): a sum of positive terms, so that no digits are lost in the tail. */
function oneSidedTail(d: number, n: number): number {
  let sum = 0;
  const last = Math.floor(n * (1 - d));
  for (let j = 0; j <= last; j++) {
    const rest = 1 - d - j / n;
    if (rest <= 0) continue;
    sum += Math.exp(logBinomial(n, j) + (j - 1) * Math.log(d + j / n) + (n - j) * Math.log(rest));
  }
  return Math.min(1, d * sum);
}

/** P(D_n < d) by the k x k matrix of Marsaglia, Tsang and Wang, scaled by powers of two against overflow. */
function matrixBelow(d: number, n: number): number {
  const k = Math.floor(n * d) + 1;
  const m = 2 * k - 1;
  const h = k - n * d;
  const base = durbinMatrix(m, h);
  const { matrix, exponent } = power(base, m, n);
  let value = matrix[(k - 1) * m + k - 1]!;
  let scale = exponent;
  for (let i = 1; i <= n; i++) {
    value = (value * i) / n;
    if (value < 1e-140) {
      value *= 2 ** 465;
      scale -= 465;
    }
  }
  return value * 2 ** scale;
}

function durbinMatrix(m: number, h: number): Float64Array {
  const matrix = new Float64Array(m * m);
  for (let i = 0; i < m; i++) for (let j = 0; j < m; j++) matrix[i * m + j] = i - j + 1 < 0 ? 0 : 1;
  for (let i = 0; i < m; i++) {
    matrix[i * m] = matrix[i * m]! - h ** (i + 1);
    matrix[(m - 1) * m + i] = matrix[(m - 1) * m + i]! - h ** (m - i);
  }
  matrix[(m - 1) * m] = matrix[(m - 1) * m]! + (2 * h - 1 > 0 ? (2 * h - 1) ** m : 0);
  for (let i = 0; i < m; i++) {
    for (let j = 0; j <= i && j < m; j++) {
      for (let g = 2; g <= i - j + 1; g++) matrix[i * m + j]! /= g;
    }
  }
  return matrix;
}

function power(base: Float64Array, m: number, n: number): { matrix: Float64Array; exponent: number } {
  if (n === 1) return { matrix: base, exponent: 0 };
  const half = power(base, m, Math.floor(n / 2));
  let matrix = multiply(half.matrix, half.matrix, m);
  let exponent = 2 * half.exponent;
  if (n % 2 === 1) matrix = multiply(base, matrix, m);
  const centre = matrix[((m - 1) / 2) * m + (m - 1) / 2]!;
  if (centre > 1e140) {
    for (let i = 0; i < matrix.length; i++) matrix[i]! *= 2 ** -465;
    exponent += 465;
  }
  return { matrix, exponent };
}

function multiply(a: Float64Array, b: Float64Array, m: number): Float64Array {
  const product = new Float64Array(m * m);
  for (let i = 0; i < m; i++) {
    for (let k = 0; k < m; k++) {
      const factor = a[i * m + k]!;
      if (factor === 0) continue;
      for (let j = 0; j < m; j++) product[i * m + j]! += factor * b[k * m + j]!;
    }
  }
  return product;
}

/** P(D_n < d): the limit distribution with its corrections up to n^(-3/2) (Pelz and Good 1976, theorem 1). */
function pelzGoodBelow(d: number, n: number): number {
  const z = Math.sqrt(n) * d;
  const z2 = z * z;
  const pi2 = Math.PI * Math.PI;
  let [k0, k1, k2, k3] = [0, 0, 0, 0];
  let [extra2, extra3] = [0, 0];
  const terms = Math.ceil((16 * z) / Math.PI);
  for (let k = 1; k <= terms; k++) {
    const a = (k - 0.5) * (k - 0.5) * pi2;
    const odd = Math.exp(-a / (2 * z2));
    k0 += odd;
    k1 += (a - z2) * odd;
    k2 += (6 * z2 ** 3 + 2 * z2 ** 2 + (2 * z2 ** 2 - 5 * z2) * a + (1 - 2 * z2) * a * a) * odd;
    k3 +=
      (-30 * z2 ** 3 -
        90 * z2 ** 4 +
        (135 * z2 ** 2 - 96 * z2 ** 3) * a +
        (212 * z2 ** 2 - 60 * z2) * a * a +
        (5 - 30 * z2) * a ** 3) *
      odd;
    const b = k * k * pi2;
    const all = Math.exp(-b / (2 * z2));
    extra2 += b * all;
    extra3 += (3 * b * z2 - b * b) * all;
  }
  const root = Math.sqrt(2 * Math.PI);
  const first = (root / z) * k0;
  const second = (root / (6 * z2 ** 2)) * k1;
  const third = (root / (72 * z ** 7)) * k2 - (root / (36 * z ** 3)) * extra2;
  const fourth = (root / (6480 * z2 ** 5)) * k3 + (root / (216 * z2 ** 3)) * extra3;
  return first + second / Math.sqrt(n) + third / n + fourth / n ** 1.5;
}
