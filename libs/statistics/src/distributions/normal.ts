import gammainc from '@stdlib/math-base-special-gammainc';
import { invalidArgument } from '../arguments/check-arguments';

/** P(Z >= z) for a standard normal Z; keeps its relative precision in the far tail. */
export function normalUpperTail(z: number): number {
  if (Number.isNaN(z)) throw invalidArgument('z', z, 'a number');
  if (z === 0) return 0.5;
  if (z === Infinity) return 0;
  if (z === -Infinity) return 1;
  const square = (z * z) / 2;
  return z > 0 ? 0.5 * gammainc(square, 0.5, true, true) : 0.5 + 0.5 * gammainc(square, 0.5, true, false);
}

/** P(Z <= z) for a standard normal Z. */
export function normalLowerTail(z: number): number {
  return normalUpperTail(-z);
}

/** P(|Z| >= |z|): the two-sided p-value of a z statistic. */
export function normalTwoSided(z: number): number {
  return Math.min(1, 2 * normalUpperTail(Math.abs(z)));
}

/** Coefficients of Wichura's algorithm AS 241 (PPND16), relative error about 1e-16. */
const CENTRE_P = [
  3.3871328727963665, 133.14166789178438, 1971.5909503065513, 13731.69376550946, 45921.95393154987,
  67265.7709270087, 33430.57558358813, 2509.0809287301227,
];
const CENTRE_Q = [
  1, 42.31333070160091, 687.1870074920579, 5394.196021424751, 21213.794301586597, 39307.89580009271,
  28729.085735721943, 5226.495278852854,
];
const MIDDLE_P = [
  1.4234371107496835, 4.630337846156546, 5.769497221460691, 3.6478483247632045, 1.2704582524523684,
  0.2417807251774506, 0.022723844989269184, 0.0007745450142783414,
];
const MIDDLE_Q = [
  1, 2.053191626637759, 1.6763848301838038, 0.6897673349851, 0.14810397642748008, 0.015198666563616457,
  0.0005475938084995345, 1.0507500716444169e-9,
];
const TAIL_P = [
  6.657904643501103, 5.463784911164114, 1.7848265399172913, 0.29656057182850487, 0.026532189526576124,
  0.0012426609473880784, 2.7115555687434876e-5, 2.0103343992922881e-7,
];
const TAIL_Q = [
  1, 0.599832206555888, 0.1369298809227358, 0.014875361290850615, 0.0007868691311456133,
  1.8463183175100548e-5, 1.421511758316446e-7, 2.0442631033899397e-15,
];

function rational(x: number, p: readonly number[], q: readonly number[]): number {
  let numerator = 0;
  let denominator = 0;
  for (let i = p.length - 1; i >= 0; i--) {
    numerator = numerator * x + p[i]!;
    denominator = denominator * x + q[i]!;
  }
  return numerator / denominator;
}

/**
 * The z with P(Z <= z) = probability. Wichura (1988), algorithm AS 241.
 *
 * @throws AppError unless 0 < probability < 1.
 */
export function normalQuantile(probability: number): number {
  if (!(probability > 0 && probability < 1)) {
    throw invalidArgument('probability', probability, 'a number above 0 and below 1');
  }
  const q = probability - 0.5;
  if (Math.abs(q) <= 0.425) return q * rational(0.180625 - q * q, CENTRE_P, CENTRE_Q);
  const r = Math.sqrt(-Math.log(q < 0 ? probability : 1 - probability));
  const z = r <= 5 ? rational(r - 1.6, MIDDLE_P, MIDDLE_Q) : rational(r - 5, TAIL_P, TAIL_Q);
  return q < 0 ? -z : z;
}

/** The z of a two-sided interval: 1.959964 for a confidence of 0.95. */
export function twoSidedZ(confidence: number): number {
  if (!(confidence > 0 && confidence < 1)) {
    throw invalidArgument('confidence', confidence, 'a number above 0 and below 1');
  }
  return -normalQuantile((1 - confidence) / 2);
}
