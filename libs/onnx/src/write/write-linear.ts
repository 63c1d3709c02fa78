import type { LinearModel } from '@steward/learning';

import type { GraphBuilder } from './graph-builder';

/** Writes a linear model over the concatenated features and returns the name of its scores, DOUBLE [N, outputs]. */
export function writeLinear(builder: GraphBuilder, model: LinearModel, parts: readonly string[]): string {
  const { features, outputs } = model;
  const transposed = new Float64Array(features * outputs);
  for (let k = 0; k < outputs; k++) {
    for (let j = 0; j < features; j++) transposed[j * outputs + k] = model.weights[k * features + j]!;
  }
  const row = builder.node('Concat', 'steward/features', parts, [{ name: 'axis', kind: 'int', value: 1 }]);
  const weights = builder.doubles('steward/weights', transposed, [features, outputs]);
  const products = builder.node('MatMul', 'steward/products', [row, weights]);
  return builder.node('Add', 'steward/scores', [products, builder.doubles('steward/base', model.intercepts)]);
}
