import type { OnnxAttribute, OnnxGraph, OnnxNode, OnnxTensor, OnnxValueInfo } from '../format/onnx-model';

/** The domain of the tree ensemble and label encoder operators. */
export const ML_DOMAIN = 'ai.onnx.ml';

/** Collects the parts of a graph in the order in which they are added. Values are referred to by name. */
export class GraphBuilder {
  private readonly nodes: OnnxNode[] = [];
  private readonly initializers: OnnxTensor[] = [];
  private readonly inputs: OnnxValueInfo[] = [];
  private readonly outputs: OnnxValueInfo[] = [];

  input(info: OnnxValueInfo): void {
    this.inputs.push(info);
  }

  output(info: OnnxValueInfo): void {
    this.outputs.push(info);
  }

  /** Adds a constant and returns its name. */
  constant(tensor: OnnxTensor): string {
    this.initializers.push(tensor);
    return tensor.name;
  }

  /** Adds a vector or matrix of doubles. Without `dims` it is a vector of one. */
  doubles(name: string, values: ArrayLike<number>, dims: readonly number[] = [values.length]): string {
    return this.constant({ name, type: 'double', dims, values: Float64Array.from(values) });
  }

  /** Adds a vector of integers. */
  integers(name: string, values: readonly number[]): string {
    return this.constant({ name, type: 'int64', dims: [values.length], values });
  }

  /** Adds a node with one output, which is also the node's name, and returns it. */
  node(
    opType: string,
    output: string,
    inputs: readonly string[],
    attributes: readonly OnnxAttribute[] = [],
    domain = '',
  ): string {
    const sorted = attributes.toSorted((a, b) => (a.name < b.name ? -1 : 1));
    this.nodes.push({ opType, domain, name: output, inputs, outputs: [output], attributes: sorted });
    return output;
  }

  build(name: string): OnnxGraph {
    const { nodes, initializers, inputs, outputs } = this;
    return { name, nodes, initializers, inputs, outputs };
  }
}
