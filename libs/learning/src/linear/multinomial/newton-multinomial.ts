import { errors } from '@steward/kernel';
import { type FitControl, report } from '../../learner/progress';
import type { DenseData } from '../dense-fit';
import { newtonStep } from '../newton-glm';

/** What Newton's method for multinomial regression needs. */
export interface MultinomialOptions extends FitControl {
  readonly y: Float64Array;
  readonly classes: number;
  readonly weights?: Float64Array;
  readonly penalty: number;
  readonly maxIterations: number;
  readonly tolerance: number;
}

const MOST_WEIGHTS = 3000;
const MOST_HALVINGS = 40;

interface State {
  readonly loss: number;
  readonly gradient: Float64Array;
  readonly hessian: Float64Array;
  readonly largest: number;
}

/**
 * Minimises sum_i w_i cross-entropy + penalty / 2 |W|^2 over one weight vector and intercept for each class (the full
 * parametrisation of scikit-learn), by Newton's method. Returns [classes, features + 1], the intercept last. Throws
 * LEARNING.NOT_CONVERGED, and LEARNING.DATA_TOO_LARGE past 3,000 weights.
 */
export function newtonMultinomial(data: DenseData, options: MultinomialOptions): Float64Array {
  const size = options.classes * (data.features + 1);
  if (size > MOST_WEIGHTS) {
    throw errors.limit(
      'LEARNING.DATA_TOO_LARGE',
      `${options.classes} classes times ${data.features} features are too many for multinomial regression.`,
    );
  }
  let beta: Float64Array = new Float64Array(size);
  let state = derivatives(data, beta, options);
  for (let iteration = 1; iteration <= options.maxIterations; iteration++) {
    if (state.largest <= options.tolerance) return beta;
    const step = newtonStep(state.hessian, state.gradient);
    const most = state.loss + Math.abs(state.loss) * 1e-12;
    let next = beta;
    for (let i = 0, scale = 1; i < MOST_HALVINGS; i++, scale /= 2) {
      next = beta.map((value, j) => value - scale * step[j]!);
      if (lossOf(data, next, options) <= most) break;
    }
    beta = next;
    state = derivatives(data, beta, options);
    report(options, { done: iteration, total: options.maxIterations });
  }
  if (state.largest <= options.tolerance) return beta;
  throw errors.invalid(
    'LEARNING.NOT_CONVERGED',
    `Multinomial regression did not converge in ${options.maxIterations} iterations; raise them or lower c.`,
  );
}

function derivatives(data: DenseData, beta: Float64Array, options: MultinomialOptions): State {
  const { rows, features } = data;
  const { y, classes, weights, penalty } = options;
  const width = features + 1;
  const size = classes * width;
  const gradient = new Float64Array(size);
  const hessian = new Float64Array(size * size);
  const x = new Float64Array(width).fill(1);
  const p = new Float64Array(classes);
  let total = 0;
  for (let i = 0; i < rows; i++) {
    const weight = weights ? weights[i]! : 1;
    total += weight;
    x.set(data.values.subarray(i * features, (i + 1) * features));
    probabilities(x, beta, p);
    for (let a = 0; a < classes; a++) {
      const g = weight * (p[a]! - (y[i] === a ? 1 : 0));
      for (let j = 0; j < width; j++) gradient[a * width + j]! += g * x[j]!;
      for (let b = 0; b <= a; b++) {
        const h = weight * p[a]! * ((a === b ? 1 : 0) - p[b]!);
        addOuter(hessian, size, a * width, b * width, h, x);
      }
    }
  }
  for (let a = 0; a < classes; a++) {
    for (let j = 0; j < features; j++) {
      const at = a * width + j;
      gradient[at]! += penalty * beta[at]!;
      hessian[at * size + at]! += penalty;
    }
  }
  const largest = gradient.reduce((most, g) => Math.max(most, Math.abs(g)), 0) / total;
  return { loss: lossOf(data, beta, options), gradient, hessian, largest };
}

/** Adds h x x' to the block at (row, column); of a block on the diagonal only the lower triangle. */
function addOuter(
  hessian: Float64Array,
  size: number,
  row: number,
  column: number,
  h: number,
  x: Float64Array,
): void {
  for (let j = 0; j < x.length; j++) {
    const hx = h * x[j]!;
    if (hx === 0) continue;
    const at = (row + j) * size + column;
    const last = row === column ? j : x.length - 1;
    for (let k = 0; k <= last; k++) hessian[at + k]! += hx * x[k]!;
  }
}

/** Softmax of the scores of a row (its last element the 1 of the intercept); returns the log of its normaliser. */
function probabilities(x: Float64Array, beta: Float64Array, p: Float64Array): number {
  let most = -Infinity;
  for (let a = 0; a < p.length; a++) {
    let z = 0;
    for (let j = 0; j < x.length; j++) z += beta[a * x.length + j]! * x[j]!;
    p[a] = z;
    most = Math.max(most, z);
  }
  let sum = 0;
  for (let a = 0; a < p.length; a++) sum += p[a] = Math.exp(p[a]! - most);
  for (let a = 0; a < p.length; a++) p[a]! /= sum;
  return Math.log(sum) + most;
}

function lossOf(data: DenseData, beta: Float64Array, options: MultinomialOptions): number {
  const { rows, features } = data;
  const x = new Float64Array(features + 1).fill(1);
  const p = new Float64Array(options.classes);
  let loss = 0;
  for (let i = 0; i < rows; i++) {
    x.set(data.values.subarray(i * features, (i + 1) * features));
    const normaliser = probabilities(x, beta, p);
    let own = 0;
    for (let j = 0; j <= features; j++) own += beta[options.y[i]! * (features + 1) + j]! * x[j]!;
    loss += (options.weights ? options.weights[i]! : 1) * (normaliser - own);
  }
  beta.forEach((value, at) => {
    if (at % (features + 1) !== features) loss += (options.penalty / 2) * value * value;
  });
  return loss;
}
