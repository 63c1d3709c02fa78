import { type MlpModel, runLayer } from '@steward/learning';

import type { ScorePredictor } from './score-predictor';

/** The scores of a network; the layers between are kept in buffers that every call uses anew. */
export class MlpScorer implements ScorePredictor {
  private readonly hidden: readonly Float64Array[];

  constructor(private readonly model: MlpModel) {
    this.hidden = model.layers.slice(0, -1).map(({ outputs }) => new Float64Array(outputs));
  }

  scores(dense: Float64Array, at: number, out: Float64Array, outAt: number): void {
    const { layers } = this.model;
    let from = dense;
    let start = at;
    for (let i = 0; i < this.hidden.length; i++) {
      runLayer(layers[i]!, true, from, start, this.hidden[i]!, 0);
      from = this.hidden[i]!;
      start = 0;
    }
    runLayer(layers[layers.length - 1]!, false, from, start, out, outAt);
  }
}
