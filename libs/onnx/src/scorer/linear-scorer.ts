import type { LinearModel } from '@steward/learning';

import type { ScorePredictor } from './score-predictor';

/** The scores of a linear model, summed from 0 in the order of the features, the intercept last. */
export class LinearScorer implements ScorePredictor {
  constructor(private readonly model: LinearModel) {}

  scores(dense: Float64Array, at: number, out: Float64Array, outAt: number): void {
    const { features, outputs, weights, intercepts } = this.model;
    for (let k = 0; k < outputs; k++) {
      let sum = 0;
      const first = k * features;
      for (let j = 0; j < features; j++) sum += weights[first + j]! * dense[at + j]!;
      out[outAt + k] = sum + intercepts[k]!;
    }
  }
}
