import type { LinearModel } from './linear-model';

/** Scores (before the link) of dense rows, row-major [rows, features] to row-major [rows, outputs]. */
export function linearScores(model: LinearModel, values: Float64Array, rows: number): Float64Array {
  const { features, outputs, weights, intercepts } = model;
  const scores = new Float64Array(rows * outputs);
  for (let row = 0; row < rows; row++) {
    for (let k = 0; k < outputs; k++) {
      let sum = 0;
      for (let j = 0; j < features; j++) sum += weights[k * features + j]! * values[row * features + j]!;
      scores[row * outputs + k] = sum + intercepts[k]!;
    }
  }
  return scores;
}
