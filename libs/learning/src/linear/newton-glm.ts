import { errors } from '@steward/kernel';
import { type FitControl, report } from '../learner/progress';
import { solveCholesky } from './cholesky';
import type { DenseRows } from './dense-fit';

/** A generalised linear model with its canonical link: loss, mean and variance at a score. */
export interface Family {
  readonly name: string;
  loss(score: number, y: number): number;
  mean(score: number): number;
  variance(mean: number): number;
}

/** Bernoulli outcomes 0/1 with the logistic link. */
export const bernoulli: Family = {
  name: 'Logistic regression',
  loss: (z, y) => (z > 0 ? z + Math.log1p(Math.exp(-z)) : Math.log1p(Math.exp(z))) - y * z,
  mean: (z) => 1 / (1 + Math.exp(-z)),
  variance: (p) => p * (1 - p),
};

/** Counts with the log link. */
export const poissonFamily: Family = {
  name: 'Poisson regression',
  loss: (z, y) => Math.exp(z) - y * z,
  mean: Math.exp,
  variance: (mean) => mean,
};

/** What Newton's method needs. `penalty` is that of half the squared weights; the intercept is free. */
export interface NewtonOptions extends FitControl {
  readonly family: Family;
  /** Where the intercept starts. Default 0. */
  readonly start?: number;
  readonly y: Float64Array;
  readonly weights?: Float64Array;
  readonly penalty: number;
  readonly maxIterations: number;
  readonly tolerance: number;
}

const MOST_HALVINGS = 40;

/**
 * Minimises sum_i w_i loss(z_i, y_i) + penalty / 2 |beta|^2, the intercept unpenalised, by Newton's method with step
 * halving (iteratively reweighted least squares). Returns the weights and, last, the intercept. Stops when
 * the largest gradient is below `tolerance` per unit of weight. Throws LEARNING.NOT_CONVERGED.
 */
export function newtonGlm(data: DenseRows, options: NewtonOptions): Float64Array {
  let beta: Float64Array = new Float64Array(data.features + 1);
  beta[data.features] = options.start ?? 0;
  let state = derivatives(data, beta, options);
  for (let iteration = 1; iteration <= options.maxIterations; iteration++) {
    if (state.largest <= options.tolerance) return beta;
    beta = descend(data, beta, state, options);
    state = derivatives(data, beta, options);
    report(options, { done: iteration, total: options.maxIterations });
  }
  if (state.largest <= options.tolerance) return beta;
  throw errors.invalid(
    'LEARNING.NOT_CONVERGED',
    `${options.family.name} did not converge in ${options.maxIterations} iterations; raise them or the penalty.`,
    { details: { gradient: state.largest } },
  );
}

interface Derivatives {
  readonly gradient: Float64Array;
  /** Lower triangle. */
  readonly hessian: Float64Array;
  readonly loss: number;
  readonly largest: number;
}

/** One Newton step, halved until the loss no longer rises. */
function descend(
  data: DenseRows,
  beta: Float64Array,
  state: Derivatives,
  options: NewtonOptions,
): Float64Array {
  const step = newtonStep(state.hessian, state.gradient);
  // Near the optimum the loss changes by rounding only, which must not count as getting worse.
  const most = state.loss + Math.abs(state.loss) * 1e-12;
  let next = beta;
  for (let i = 0, scale = 1; i < MOST_HALVINGS; i++, scale /= 2) {
    next = beta.map((value, j) => value - scale * step[j]!);
    if (lossOf(data, next, options) <= most) break;
  }
  return next;
}

function derivatives(data: DenseRows, beta: Float64Array, options: NewtonOptions): Derivatives {
  const { rows, features, values } = data;
  const { y, weights, penalty, family } = options;
  const n = features + 1;
  const gradient = new Float64Array(n);
  const hessian = new Float64Array(n * n);
  let total = 0;
  for (let i = 0; i < rows; i++) {
    const weight = weights ? weights[i]! : 1;
    total += weight;
    const at = i * features;
    const mean = family.mean(score(values, at, beta, features));
    const g = weight * (mean - y[i]!);
    const h = weight * family.variance(mean);
    for (let j = 0; j < features; j++) {
      const x = values[at + j]!;
      if (x === 0) continue;
      gradient[j]! += g * x;
      const hx = h * x;
      for (let k = 0; k <= j; k++) hessian[j * n + k]! += hx * values[at + k]!;
      hessian[features * n + j]! += hx;
    }
    gradient[features]! += g;
    hessian[features * n + features]! += h;
  }
  for (let j = 0; j < features; j++) {
    gradient[j]! += penalty * beta[j]!;
    hessian[j * n + j]! += penalty;
  }
  const largest = gradient.reduce((most, g) => Math.max(most, Math.abs(g)), 0) / total;
  return { gradient, hessian, loss: lossOf(data, beta, options), largest };
}

/** The solution of hessian x = gradient (lower triangle read, kept as they are). */
export function newtonStep(hessian: Float64Array, gradient: Float64Array): Float64Array {
  const n = gradient.length;
  let trace = 0;
  for (let j = 0; j < n; j++) trace += hessian[j * n + j]!;
  if (!gradient.every(Number.isFinite)) throw tooLarge();
  // Where the hessian is singular to rounding (separated data), a growing ridge keeps the step a descent.
  for (let ridge = 0; trace + ridge < 1e300; ridge = Math.max(ridge * 100, (trace / n) * 1e-12, 1e-300)) {
    const matrix = hessian.slice();
    for (let j = 0; j < n; j++) matrix[j * n + j]! += ridge;
    const step = gradient.slice();
    if (solveCholesky(matrix, step)) return step;
  }
  throw tooLarge();
}

function tooLarge() {
  const message = 'The features or the target are too large to compute with; scale them.';
  return errors.invalid('LEARNING.NOT_FINITE', message);
}

function lossOf(data: DenseRows, beta: Float64Array, { y, weights, penalty, family }: NewtonOptions): number {
  let loss = 0;
  for (let i = 0; i < data.rows; i++) {
    const z = score(data.values, i * data.features, beta, data.features);
    loss += (weights ? weights[i]! : 1) * family.loss(z, y[i]!);
  }
  for (let j = 0; j < data.features; j++) loss += (penalty / 2) * beta[j]! ** 2;
  return loss;
}

function score(values: Float64Array, at: number, beta: Float64Array, features: number): number {
  let z = beta[features]!;
  for (let j = 0; j < features; j++) z += beta[j]! * values[at + j]!;
  return z;
}
