import { errors } from '@steward/kernel';

/** A fitted map from the probability that a binary model says to one that comes true as often as it says. */
export type Calibration =
  /** sigmoid(slope x log-odds + intercept) (Platt 1999). */
  | { readonly kind: 'platt'; readonly slope: number; readonly intercept: number }
  /** log-odds = a ln p - b ln(1 - p) + c (Kull, Silva Filho, Flach 2017); a, b at least 0. */
  | { readonly kind: 'beta'; readonly a: number; readonly b: number; readonly c: number }
  /** A rising step function: linear between (x[i], y[i]), constant beyond; x ascending. */
  | { readonly kind: 'isotonic'; readonly x: readonly number[]; readonly y: readonly number[] };

/** Probabilities are raised to this before their logarithm is taken, which keeps it finite. */
export const LEAST_PROBABILITY = 1e-15;

/** The calibrated probability. */
export function applyCalibration(calibration: Calibration, p: number): number {
  switch (calibration.kind) {
    case 'platt':
      return sigmoid(calibration.slope * logOdds(p) + calibration.intercept);
    case 'beta': {
      const { a, b, c } = calibration;
      return sigmoid(
        a * Math.log(Math.max(p, LEAST_PROBABILITY)) - b * Math.log(Math.max(1 - p, LEAST_PROBABILITY)) + c,
      );
    }
    case 'isotonic':
      return interpolate(calibration.x, calibration.y, p);
  }
}

/** ln(p / (1 - p)), kept finite. */
export function logOdds(p: number): number {
  return Math.log(Math.max(p, LEAST_PROBABILITY)) - Math.log(Math.max(1 - p, LEAST_PROBABILITY));
}

/** 1 / (1 + e^-x). */
export const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x));

/** Throws LEARNING.CALIBRATION unless there are as many probabilities as outcomes, of both classes. */
export function checkOutcomes(p: Float64Array, y: Float64Array): void {
  if (p.length !== y.length || !p.every((value) => value >= 0 && value <= 1)) {
    throw errors.invalid(
      'LEARNING.CALIBRATION',
      'Calibration needs one probability from 0 to 1 for each outcome.',
    );
  }
  if (y.includes(0) && y.includes(1)) return;
  throw errors.invalid('LEARNING.CALIBRATION', 'Calibration needs outcomes of both classes.');
}

function interpolate(x: readonly number[], y: readonly number[], at: number): number {
  const last = x.length - 1;
  if (at <= x[0]!) return y[0]!;
  if (at >= x[last]!) return y[last]!;
  let [low, high] = [0, last];
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (x[middle]! <= at) low = middle;
    else high = middle;
  }
  return y[low]! + ((y[high]! - y[low]!) * (at - x[low]!)) / (x[high]! - x[low]!);
}
