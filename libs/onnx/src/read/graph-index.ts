import type { OnnxAttributeValue, OnnxGraph, OnnxNode, OnnxTensor } from '../format/onnx-model';

/** Thrown inside the readers where a graph is not of the shape that they know; it never leaves them. */
export class NotUnderstood extends Error {}

type Values = { [V in OnnxAttributeValue as V['kind']]: V['value'] };
type Value<K extends OnnxAttributeValue['kind']> = Values[K];

/** Finds the parts of a graph by name, and says so where one is missing or of another type. */
export class GraphIndex {
  private readonly nodes: ReadonlyMap<string, OnnxNode>;
  private readonly tensors: ReadonlyMap<string, OnnxTensor>;

  constructor(readonly graph: OnnxGraph) {
    this.nodes = new Map(graph.nodes.map((node) => [node.outputs[0] ?? '', node]));
    this.tensors = new Map(graph.initializers.map((tensor) => [tensor.name, tensor]));
  }

  /** The node whose first output has this name. */
  node(output: string): OnnxNode {
    const node = this.nodes.get(output);
    if (node === undefined) throw new NotUnderstood(`no node gives ${output}`);
    return node;
  }

  hasNode(output: string): boolean {
    return this.nodes.has(output);
  }

  doubles(name: string): Float64Array {
    const tensor = this.tensors.get(name);
    if (tensor?.type !== 'double') throw new NotUnderstood(`no constant ${name} of doubles`);
    return tensor.values;
  }

  double(name: string): number {
    const value = this.doubles(name)[0];
    if (value === undefined) throw new NotUnderstood(`the constant ${name} is empty`);
    return value;
  }

  strings(name: string): readonly string[] {
    const tensor = this.tensors.get(name);
    if (tensor?.type !== 'string') throw new NotUnderstood(`no constant ${name} of strings`);
    return tensor.values;
  }

  bytes(name: string): Uint8Array {
    const tensor = this.tensors.get(name);
    if (tensor?.type !== 'uint8') throw new NotUnderstood(`no constant ${name} of bytes`);
    return tensor.values;
  }
}

/** The attribute of a node, or undefined. */
export function findAttribute<K extends OnnxAttributeValue['kind']>(
  node: OnnxNode,
  name: string,
  kind: K,
): Value<K> | undefined {
  const found = node.attributes.find((each) => each.name === name);
  if (found === undefined) return undefined;
  if (found.kind !== kind) throw new NotUnderstood(`the attribute ${name} is no ${kind}`);
  const value: unknown = found.value;
  return value as Value<K>;
}

/** The attribute of a node, which must be there. */
export function attribute<K extends OnnxAttributeValue['kind']>(
  node: OnnxNode,
  name: string,
  kind: K,
): Value<K> {
  const value = findAttribute(node, name, kind);
  if (value === undefined) throw new NotUnderstood(`no attribute ${name}`);
  return value;
}
