import { WireType, type BinaryReader } from '@bufbuild/protobuf/wire';
import { errors } from '@steward/kernel';

import { decodeTensor } from './decode-tensor';
import {
  ELEMENT_TYPE_NUMBERS,
  type OnnxAttribute,
  type OnnxAttributeValue,
  type OnnxElementType,
  type OnnxGraph,
  type OnnxModel,
  type OnnxNode,
  type OnnxTensor,
  type OnnxValueInfo,
} from './onnx-model';
import { ListReader, readFields, safeInteger } from './protobuf-fields';

/**
 * Reads an ONNX file into {@link OnnxModel}.
 *
 * @throws AppError ONNX.UNREADABLE if the bytes are no ONNX file, or use a part of the format that Steward does not
 *   know (sub-graphs, functions, external or sparse tensors, other element types): it is never skipped in silence.
 */
export function decodeOnnx(bytes: Uint8Array): OnnxModel {
  try {
    return model(new ListReader(bytes), bytes.length);
  } catch (cause) {
    throw errors.invalid(
      'ONNX.UNREADABLE',
      `This is not an ONNX file that Steward can read: ${cause instanceof Error ? cause.message : 'unknown fault'}.`,
      { cause },
    );
  }
}

function model(r: ListReader, length: number): OnnxModel {
  const opsets: { domain: string; version: number }[] = [];
  const metadata: { key: string; value: string }[] = [];
  const result = { irVersion: 0, producerName: '', producerVersion: '', opsets, metadata };
  let graph: OnnxGraph | undefined;
  readFields(r, length, 'ModelProto', {
    1: () => (result.irVersion = safeInteger(r.int64())),
    2: () => (result.producerName = r.string()),
    3: () => (result.producerVersion = r.string()),
    4: () => r.string(),
    5: () => r.int64(),
    6: () => r.string(),
    7: () => (graph = decodeGraph(r)),
    8: () => opsets.push(decodeOpset(r)),
    14: () => metadata.push(decodeEntry(r)),
  });
  if (graph === undefined) throw new Error('it has no graph');
  return { ...result, graph };
}

function decodeOpset(r: BinaryReader): { domain: string; version: number } {
  const result = { domain: '', version: 0 };
  readFields(r, r.uint32(), 'OperatorSetIdProto', {
    1: () => (result.domain = r.string()),
    2: () => (result.version = safeInteger(r.int64())),
  });
  return result;
}

function decodeEntry(r: BinaryReader): { key: string; value: string } {
  const result = { key: '', value: '' };
  readFields(r, r.uint32(), 'StringStringEntryProto', {
    1: () => (result.key = r.string()),
    2: () => (result.value = r.string()),
  });
  return result;
}

function decodeGraph(r: ListReader): OnnxGraph {
  const nodes: OnnxNode[] = [];
  const initializers: OnnxTensor[] = [];
  const inputs: OnnxValueInfo[] = [];
  const outputs: OnnxValueInfo[] = [];
  let name = '';
  readFields(r, r.uint32(), 'GraphProto', {
    1: () => nodes.push(decodeNode(r)),
    2: () => (name = r.string()),
    5: () => initializers.push(decodeTensor(r)),
    10: () => r.string(),
    11: () => inputs.push(decodeValueInfo(r)),
    12: () => outputs.push(decodeValueInfo(r)),
    13: () => r.bytes(),
    16: () => r.bytes(),
  });
  return { name, nodes, initializers, inputs, outputs };
}

function decodeNode(r: ListReader): OnnxNode {
  const inputs: string[] = [];
  const outputs: string[] = [];
  const attributes: OnnxAttribute[] = [];
  const result = { opType: '', domain: '', name: '', inputs, outputs, attributes };
  readFields(r, r.uint32(), 'NodeProto', {
    1: () => inputs.push(r.string()),
    2: () => outputs.push(r.string()),
    3: () => (result.name = r.string()),
    4: () => (result.opType = r.string()),
    5: () => attributes.push(decodeAttribute(r)),
    6: () => r.string(),
    7: () => (result.domain = r.string()),
    9: () => r.bytes(),
  });
  return result;
}

function decodeAttribute(r: ListReader): OnnxAttribute {
  const parts = { name: '', type: 0, f: 0, i: 0, s: '', t: undefined as OnnxTensor | undefined };
  const floats: number[] = [];
  const ints: number[] = [];
  const strings: string[] = [];
  readFields(r, r.uint32(), 'AttributeProto', {
    1: () => (parts.name = r.string()),
    2: () => (parts.f = r.float()),
    3: () => (parts.i = safeInteger(r.int64())),
    4: () => (parts.s = r.string()),
    5: () => (parts.t = decodeTensor(r)),
    7: (wire) => repeated(r, wire, () => floats.push(r.float())),
    8: (wire, end) => {
      repeated(r, wire, () => ints.push(safeInteger(r.int64())));
      r.shortIntegers(8, end, ints);
    },
    9: () => strings.push(r.string()),
    13: () => r.string(),
    20: () => (parts.type = r.int32()),
  });
  return { name: parts.name, ...attributeValue({ ...parts, floats, ints, strings }) };
}

function attributeValue(parts: {
  name: string;
  type: number;
  f: number;
  i: number;
  s: string;
  t: OnnxTensor | undefined;
  floats: number[];
  ints: number[];
  strings: string[];
}): OnnxAttributeValue {
  if (parts.type === 1) return { kind: 'float', value: parts.f };
  if (parts.type === 2) return { kind: 'int', value: parts.i };
  if (parts.type === 3) return { kind: 'string', value: parts.s };
  if (parts.type === 4 && parts.t !== undefined) return { kind: 'tensor', value: parts.t };
  if (parts.type === 6) return { kind: 'floats', value: parts.floats };
  if (parts.type === 7) return { kind: 'ints', value: parts.ints };
  if (parts.type === 8) return { kind: 'strings', value: parts.strings };
  throw new Error(`attribute ${parts.name} is of type ${parts.type}, which Steward does not know`);
}

/** A repeated scalar may come packed or one by one; readers of the format must take both. */
function repeated(r: BinaryReader, wire: WireType, read: () => void): void {
  if (wire !== WireType.LengthDelimited) return read();
  const end = r.uint32() + r.pos;
  while (r.pos < end) read();
}

function decodeValueInfo(r: BinaryReader): OnnxValueInfo {
  const dims: (number | string)[] = [];
  const result = { name: '', doc: '', element: 0 };
  readFields(r, r.uint32(), 'ValueInfoProto', {
    1: () => (result.name = r.string()),
    2: () =>
      readFields(r, r.uint32(), 'TypeProto', {
        1: () =>
          readFields(r, r.uint32(), 'TypeProto.Tensor', {
            1: () => (result.element = r.int32()),
            2: () =>
              readFields(r, r.uint32(), 'TensorShapeProto', { 1: () => dims.push(decodeDimension(r)) }),
          }),
        6: () => r.string(),
      }),
    3: () => (result.doc = r.string()),
  });
  return { name: result.name, doc: result.doc, type: elementType(result.element), dims };
}

function decodeDimension(r: BinaryReader): number | string {
  let dim: number | string = '';
  readFields(r, r.uint32(), 'Dimension', {
    1: () => (dim = safeInteger(r.int64())),
    2: () => (dim = r.string()),
    3: () => r.string(),
  });
  return dim;
}

function elementType(number: number): OnnxElementType {
  for (const [name, each] of Object.entries(ELEMENT_TYPE_NUMBERS)) {
    if (each === number) return name as OnnxElementType;
  }
  throw new Error(`element type ${number} is one that Steward does not know`);
}
