/**
 * The part of the ONNX file format that Steward writes and reads, as plain objects. Names and numbers follow
 * onnx.proto (proto2) in the PyPI package onnx 1.23.2 (Apache-2.0).
 */
export type OnnxTensor = { readonly name: string; readonly dims: readonly number[] } & (
  | { readonly type: 'double'; readonly values: Float64Array }
  | { readonly type: 'float'; readonly values: Float32Array }
  | { readonly type: 'uint8'; readonly values: Uint8Array }
  | { readonly type: 'bool'; readonly values: Uint8Array }
  | { readonly type: 'int32'; readonly values: Int32Array }
  | { readonly type: 'int64'; readonly values: readonly number[] }
  | { readonly type: 'string'; readonly values: readonly string[] }
);

/** The element types that Steward knows, by the name it gives them. */
export type OnnxElementType = OnnxTensor['type'];

/** TensorProto.DataType. */
export const ELEMENT_TYPE_NUMBERS: Readonly<Record<OnnxElementType, number>> = {
  float: 1,
  uint8: 2,
  int32: 6,
  int64: 7,
  string: 8,
  bool: 9,
  double: 11,
};

/** The value of an attribute, by its kind. */
export type OnnxAttributeValue =
  | { readonly kind: 'float'; readonly value: number }
  | { readonly kind: 'int'; readonly value: number }
  | { readonly kind: 'string'; readonly value: string }
  | { readonly kind: 'tensor'; readonly value: OnnxTensor }
  | { readonly kind: 'floats'; readonly value: readonly number[] }
  | { readonly kind: 'ints'; readonly value: readonly number[] }
  | { readonly kind: 'strings'; readonly value: readonly string[] };

/** An attribute of a node. */
export type OnnxAttribute = { readonly name: string } & OnnxAttributeValue;

/** AttributeProto.AttributeType. */
export const ATTRIBUTE_TYPE_NUMBERS: Readonly<Record<OnnxAttributeValue['kind'], number>> = {
  float: 1,
  int: 2,
  string: 3,
  tensor: 4,
  floats: 6,
  ints: 7,
  strings: 8,
};

/** An operator and the names of what it reads and gives. */
export interface OnnxNode {
  readonly opType: string;
  /** Empty for ai.onnx. */
  readonly domain: string;
  readonly name: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly attributes: readonly OnnxAttribute[];
}

/** A graph input or output. A dimension is a number, or a name where it is free. */
export interface OnnxValueInfo {
  readonly name: string;
  readonly type: OnnxElementType;
  readonly dims: readonly (number | string)[];
  readonly doc: string;
}

/** Nodes in an order in which they can run, constants, inputs and outputs. */
export interface OnnxGraph {
  readonly name: string;
  readonly nodes: readonly OnnxNode[];
  readonly initializers: readonly OnnxTensor[];
  readonly inputs: readonly OnnxValueInfo[];
  readonly outputs: readonly OnnxValueInfo[];
}

/** A model file: versions, one graph, metadata_props. */
export interface OnnxModel {
  readonly irVersion: number;
  readonly opsets: readonly { readonly domain: string; readonly version: number }[];
  readonly producerName: string;
  readonly producerVersion: string;
  readonly graph: OnnxGraph;
  readonly metadata: readonly { readonly key: string; readonly value: string }[];
}
