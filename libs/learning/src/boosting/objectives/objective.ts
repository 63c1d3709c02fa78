import type { Target } from '../../target/target';
import type { TreeEnsemble } from '../../trees/tree-ensemble';
import type { TrainingMemory } from '../training-memory';

/** What boosting minimises: its gradients, its starting point and the loss that early stopping watches. */
export interface Objective {
  /** Scores per row. */
  readonly outputs: number;
  readonly link: TreeEnsemble['link'];
  /** The constant score of each output that minimises the loss on the training rows. */
  base(): Float64Array;
  /** Writes the pair (gradient, hessian) of each row for one output into the memory. Outputs come in order. */
  gradients(memory: TrainingMemory, output: number): void;
  /** Mean weighted loss of scores (output after output, `stride` doubles each) against a target. */
  loss(scores: Float64Array, stride: number, target: Target, weights: Float64Array | undefined): number;
  /** Sets a leaf's value from its rows instead of from gradients (losses that have no curvature). */
  leafValue?(rows: Uint32Array, scores: Float64Array): number;
}

/** Weighted mean of values. */
export function weightedMean(values: Float64Array, weights: Float64Array | undefined): number {
  let sum = 0;
  let total = 0;
  for (let i = 0; i < values.length; i++) {
    const weight = weights ? weights[i]! : 1;
    sum += weight * values[i]!;
    total += weight;
  }
  return sum / total;
}

/** Weighted mean of `loss(row)` over rows. */
export function meanLoss(
  rows: number,
  weights: Float64Array | undefined,
  loss: (row: number) => number,
): number {
  let sum = 0;
  let total = 0;
  for (let i = 0; i < rows; i++) {
    const weight = weights ? weights[i]! : 1;
    sum += weight * loss(i);
    total += weight;
  }
  return sum / total;
}

/** log(1 + e^x) without overflow. */
export const softplus = (x: number): number =>
  x > 0 ? x + Math.log1p(Math.exp(-x)) : Math.log1p(Math.exp(x));
