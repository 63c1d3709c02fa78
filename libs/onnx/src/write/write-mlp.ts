import type { MlpLayer, MlpModel } from '@steward/learning';

import type { GraphBuilder } from './graph-builder';

/** Names of a network's values begin with this and the number of the layer. */
export const LAYER = 'steward/layer';

/**
 * Writes a network over the concatenated features as MatMul, Add and Relu of doubles, and returns the name of its
 * scores, DOUBLE [N, outputs].
 */
export function writeMlp(builder: GraphBuilder, { layers }: MlpModel, parts: readonly string[]): string {
  let row = builder.node('Concat', 'steward/features', parts, [{ name: 'axis', kind: 'int', value: 1 }]);
  layers.forEach((layer, i) => {
    const dims = [layer.inputs, layer.outputs];
    const weights = builder.doubles(`${LAYER}/${i}/weights`, transposed(layer), dims);
    const products = builder.node('MatMul', `${LAYER}/${i}/products`, [row, weights]);
    const biases = builder.doubles(`${LAYER}/${i}/biases`, layer.biases);
    row = builder.node('Add', `${LAYER}/${i}/sums`, [products, biases]);
    if (i < layers.length - 1) row = builder.node('Relu', `${LAYER}/${i}/rectified`, [row]);
  });
  return row;
}

function transposed({ inputs, outputs, weights }: MlpLayer): Float64Array {
  const out = new Float64Array(inputs * outputs);
  for (let k = 0; k < outputs; k++) {
    for (let j = 0; j < inputs; j++) out[j * outputs + k] = weights[k * inputs + j]!;
  }
  return out;
}
