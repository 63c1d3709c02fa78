import { DATE_PARTS, type FittedEncoder } from '@steward/learning';

import { attribute, type GraphIndex, NotUnderstood } from './graph-index';

/** Reads the encoders of a graph that `writeOnnx` wrote, in their order. */
export function readEncoders(graph: GraphIndex): FittedEncoder[] {
  const encoders: FittedEncoder[] = [];
  for (let i = 0; ; i++) {
    const prefix = `steward/encoder/${i}`;
    if (graph.hasNode(`${prefix}/bin`)) encoders.push(readBins(graph, prefix));
    else if (graph.hasNode(`${prefix}/date-parts`)) encoders.push(readDateParts(graph, prefix));
    else if (graph.hasNode(`${prefix}/value`)) encoders.push(readNumber(graph, prefix));
    else if (graph.hasNode(`${prefix}/index`)) encoders.push(readCategories(graph, prefix));
    else return encoders;
  }
}

function readNumber(graph: GraphIndex, prefix: string): FittedEncoder {
  const scaled = graph.hasNode(`${prefix}/scaled`);
  const clip = graph.hasNode(`${prefix}/clipped`)
    ? { clip: [graph.double(`${prefix}/low`), graph.double(`${prefix}/high`)] as const }
    : {};
  return {
    kind: 'number',
    input: inputOf(graph, `${prefix}/value`),
    ...clip,
    fill: readFill(graph, prefix),
    center: scaled ? graph.double(`${prefix}/center`) : 0,
    scale: scaled ? graph.double(`${prefix}/scale`) : 1,
    width: 1,
  };
}

function readFill(graph: GraphIndex, prefix: string): number | null {
  return graph.hasNode(`${prefix}/filled`) ? graph.double(`${prefix}/fill`) : null;
}

function readBins(graph: GraphIndex, prefix: string): FittedEncoder {
  const edges = [...graph.doubles(`${prefix}/edges`)];
  const output = graph.hasNode(`${prefix}/bin-columns`) ? 'one-hot' : 'index';
  const width = output === 'index' ? 1 : edges.length + 1;
  return { kind: 'bins', input: inputOf(graph, `${prefix}/value`), edges, output, width };
}

function readDateParts(graph: GraphIndex, prefix: string): FittedEncoder {
  const parts = graph.node(`${prefix}/date-parts`).inputs.map((input) => {
    const part = DATE_PARTS.find((each) => input === `${prefix}/part/${each}`);
    if (part === undefined) throw new NotUnderstood(`${input} is no part of a date`);
    return part;
  });
  const input = inputOf(graph, `${prefix}/value`);
  return { kind: 'date-parts', input, parts, fill: readFill(graph, prefix), width: parts.length };
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
  if (graph.hasNode(`${prefix}/hashing`)) {
    const indices = attribute(node, 'values_int64s', 'ints');
    const unknown = attribute(node, 'default_int64', 'int');
    return {
      kind: 'hashing',
      input,
      categories,
      buckets: indices.slice(0, count),
      unknown,
      width: indices[count]!,
    };
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
