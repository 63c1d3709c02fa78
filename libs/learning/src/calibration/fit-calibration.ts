import { bernoulli, newtonGlm } from '../linear/newton-glm';
import { type Calibration, checkOutcomes, logOdds } from './calibration';
import { fitIsotonic } from './fit-isotonic';

/**
 * Learns a calibration from probabilities and outcomes (0/1) that the model was not trained on: out-of-fold
 * predictions of `crossValidate`, for example. Platt needs few rows, isotonic a thousand or more. Throws
 * LEARNING.CALIBRATION.
 */
export function fitCalibration(
  kind: Calibration['kind'],
  probabilities: Float64Array,
  outcomes: Float64Array,
  weights?: Float64Array,
): Calibration {
  checkOutcomes(probabilities, outcomes);
  switch (kind) {
    case 'platt':
      return fitPlatt(probabilities, outcomes, weights);
    case 'beta':
      return fitBeta(probabilities, outcomes, weights);
    case 'isotonic':
      return fitIsotonic(probabilities, outcomes, weights);
  }
}

/** Platt's method with his smoothed targets, as scikit-learn does on the decision function. */
function fitPlatt(p: Float64Array, y: Float64Array, weights: Float64Array | undefined): Calibration {
  let [positive, negative] = [0, 0];
  y.forEach((value, i) => {
    if (value === 1) positive += weights ? weights[i]! : 1;
    else negative += weights ? weights[i]! : 1;
  });
  const high = (positive + 1) / (positive + 2);
  const low = 1 / (negative + 2);
  const targets = y.map((value) => (value === 1 ? high : low));
  const [slope, intercept] = logit([p.map(logOdds)], targets, weights);
  return { kind: 'platt', slope: slope!, intercept: intercept! };
}

/** A side whose coefficient comes out negative is left out, so that the map rises. */
function fitBeta(p: Float64Array, y: Float64Array, weights: Float64Array | undefined): Calibration {
  const low = p.map((value) => Math.log(Math.max(value, 1e-15)));
  const high = p.map((value) => -Math.log(Math.max(1 - value, 1e-15)));
  const [a, b, c] = logit([low, high], y, weights);
  if (a! >= 0 && b! >= 0) return { kind: 'beta', a: a!, b: b!, c: c! };
  const [only, intercept] = logit([a! < 0 ? high : low], y, weights);
  const kept = Math.max(only!, 0);
  return { kind: 'beta', a: a! < 0 ? 0 : kept, b: a! < 0 ? kept : 0, c: intercept! };
}

/** Logistic regression of targets (0 to 1) on a few columns; a trace of a penalty keeps separated data finite. */
function logit(
  columns: readonly Float64Array[],
  y: Float64Array,
  weights: Float64Array | undefined,
): Float64Array {
  const features = columns.length;
  const values = new Float64Array(y.length * features);
  columns.forEach((column, j) => column.forEach((value, i) => (values[i * features + j] = value)));
  const data = { rows: y.length, features, values };
  return newtonGlm(data, {
    family: bernoulli,
    y,
    weights,
    penalty: 1e-9 * y.length,
    maxIterations: 200,
    tolerance: 1e-10,
  });
}
