import type { FittedEncoder } from '@steward/learning';

import { attribute, type GraphIndex, NotUnderstood } from './graph-index';

/** Reads the encoders of a graph that `writeOnnx` wrote, in their order. */
export function readEncoders(graph: GraphIndex): FittedEncoder[] {
  const encoders: FittedEncoder[] = [];
  for (let i = 0; ; i++) {
    const prefix = `steward/encoder/${i}`;
    if (graph.hasNode(`${prefix}/value`)) encoders.push(readNumber(graph, prefix));
    else if (graph.hasNode(`${prefix}/index`)) encoders.push(readCategories(graph, prefix));
    else return encoders;
  }
}

function readNumber(graph: GraphIndex, prefix: string): FittedEncoder {
  const scaled = graph.hasNode(`${prefix}/scaled`);
  return {
    kind: 'number',
    input: inputOf(graph, `${prefix}/value`),
    fill: graph.hasNode(`${prefix}/filled`) ? graph.double(`${prefix}/fill`) : null,
    center: scaled ? graph.double(`${prefix}/center`) : 0,
    scale: scaled ? graph.double(`${prefix}/scale`) : 1,
    width: 1,
  };
}

function readCategories(graph: GraphIndex, prefix: string): FittedEncoder {
  const node = graph.node(`${prefix}/index`);
  const input = inputOf(graph, `${prefix}/index`);
  const categories = attribute(node, 'keys_strings', 'strings').slice(0, -1);
  const count = categories.length;
  if (graph.hasNode(`${prefix}/one-hot`)) {
    const missing = attribute(node, 'values_int64s', 'ints')[count]!;
    return { kind: 'one-hot', input, categories, missing: missing === count ? null : missing, width: count };
  }
  const table = graph.doubles(`${prefix}/table`);
  const unknown = table[count];
  const missing = table[count + 1];
  if (unknown === undefined || missing === undefined) throw new NotUnderstood(`${prefix} lacks values`);
  if (graph.hasNode(`${prefix}/ordinal`)) return { kind: 'ordinal', input, categories, unknown, width: 1 };
  const values = [...table.subarray(0, count)];
  return { kind: 'lookup', input, categories, values, unknown, missing, width: 1 };
}

function inputOf(graph: GraphIndex, output: string): string {
  const [input] = graph.node(output).inputs;
  if (input === undefined) throw new NotUnderstood(`${output} reads nothing`);
  return input;
}
