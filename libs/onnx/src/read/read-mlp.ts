import type { MlpLayer, MlpModel } from '@steward/learning';

import { LAYER } from '../write/write-mlp';
import { type GraphIndex, NotUnderstood } from './graph-index';

/** Reads the network of a graph that `writeOnnx` wrote over this many features. */
export function readMlp(graph: GraphIndex, features: number, link: MlpModel['link'] | 'exp'): MlpModel {
  if (link === 'exp') throw new NotUnderstood('a network has no link exp');
  const layers: MlpLayer[] = [];
  let inputs = features;
  for (let i = 0; graph.hasNode(`${LAYER}/${i}/sums`); i++) {
    const layer = readLayer(graph, `${LAYER}/${i}`, inputs);
    layers.push(layer);
    inputs = layer.outputs;
  }
  return { features, outputs: inputs, layers, link };
}

function readLayer(graph: GraphIndex, prefix: string, inputs: number): MlpLayer {
  const biases = graph.doubles(`${prefix}/biases`);
  const transposed = graph.doubles(`${prefix}/weights`);
  const outputs = biases.length;
  if (transposed.length !== inputs * outputs) throw new NotUnderstood(`${prefix} lacks weights`);
  const weights = new Float64Array(inputs * outputs);
  for (let k = 0; k < outputs; k++) {
    for (let j = 0; j < inputs; j++) weights[k * inputs + j] = transposed[j * outputs + k]!;
  }
  return { inputs, outputs, weights, biases };
}
