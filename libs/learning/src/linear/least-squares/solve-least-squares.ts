import { errors } from '@steward/kernel';
import type { DenseData } from '../dense-fit';
import { newtonStep } from '../newton-glm';

/** Weighted second moments of centred features and target. */
export interface Moments {
  readonly features: number;
  readonly total: number;
  readonly means: Float64Array;
  readonly meanY: number;
  /** sum w x_j x_k, row-major, lower triangle and its mirror. */
  readonly gram: Float64Array;
  /** sum w x_j y. */
  readonly cross: Float64Array;
}

/** Sums a data set up for least squares; the intercept is taken out by centring. */
export function momentsOf(data: DenseData, y: Float64Array, weights: Float64Array | undefined): Moments {
  const { rows, features: n, values } = data;
  const means = new Float64Array(n);
  let [total, meanY] = [0, 0];
  for (let i = 0; i < rows; i++) {
    const weight = weights ? weights[i]! : 1;
    total += weight;
    meanY += weight * y[i]!;
    for (let j = 0; j < n; j++) means[j]! += weight * values[i * n + j]!;
  }
  meanY /= total;
  for (let j = 0; j < n; j++) means[j]! /= total;
  const gram = new Float64Array(n * n);
  const cross = new Float64Array(n);
  const row = new Float64Array(n);
  for (let i = 0; i < rows; i++) {
    const weight = weights ? weights[i]! : 1;
    for (let j = 0; j < n; j++) row[j] = values[i * n + j]! - means[j]!;
    for (let j = 0; j < n; j++) {
      const weighted = weight * row[j]!;
      cross[j]! += weighted * (y[i]! - meanY);
      for (let k = 0; k <= j; k++) gram[j * n + k]! += weighted * row[k]!;
    }
  }
  for (let j = 0; j < n; j++) for (let k = 0; k < j; k++) gram[k * n + j] = gram[j * n + k]!;
  return { features: n, total, means, meanY, gram, cross };
}

/** Minimises sum w (y - x b)^2 + alpha |b|^2. Collinear features without a penalty share their weight. */
export function solveRidge({ features: n, gram, cross }: Moments, alpha: number): Float64Array {
  const matrix = gram.slice();
  for (let j = 0; j < n; j++) matrix[j * n + j]! += alpha;
  return newtonStep(matrix, cross);
}

/**
 * Minimises 1 / (2 total) sum w (y - x b)^2 + alpha ratio |b|_1 + alpha (1 - ratio) / 2 |b|^2 by cyclic coordinate
 * descent on the moments (Friedman, Hastie, Tibshirani 2010). Ends when no weight moves its feature's part of the
 * prediction by more than `tolerance` of the target's deviation. Throws LEARNING.NOT_CONVERGED.
 */
export function solveElasticNet(
  { features: n, gram, cross, total }: Moments,
  deviation: number,
  params: { alpha: number; l1Ratio: number; maxIterations: number; tolerance: number },
): Float64Array {
  const b = new Float64Array(n);
  const l1 = params.alpha * params.l1Ratio * total;
  const l2 = params.alpha * (1 - params.l1Ratio) * total;
  const limit = params.tolerance * (deviation || 1);
  // rest = X'y - X'X b, kept up to date.
  const rest = cross.slice();
  for (let sweep = 0; sweep < params.maxIterations; sweep++) {
    let most = 0;
    for (let j = 0; j < n; j++) {
      const own = gram[j * n + j]!;
      if (own <= 0) continue;
      const pull = rest[j]! + own * b[j]!;
      const next = (Math.sign(pull) * Math.max(Math.abs(pull) - l1, 0)) / (own + l2);
      const step = next - b[j]!;
      if (step === 0) continue;
      b[j] = next;
      for (let k = 0; k < n; k++) rest[k]! -= gram[j * n + k]! * step;
      most = Math.max(most, Math.abs(step) * Math.sqrt(own / total));
    }
    if (most <= limit) return b;
  }
  throw errors.invalid(
    'LEARNING.NOT_CONVERGED',
    `Coordinate descent did not converge in ${params.maxIterations} sweeps; raise maxIterations or alpha.`,
  );
}
