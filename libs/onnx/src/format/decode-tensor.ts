import { WireType, type BinaryReader } from '@bufbuild/protobuf/wire';

import { ELEMENT_TYPE_NUMBERS, type OnnxTensor } from './onnx-model';
import { readFields, safeInteger } from './protobuf-fields';

interface TensorParts {
  name: string;
  type: number;
  dims: number[];
  /** Whichever of float_data, int32_data, int64_data, double_data was there. */
  numbers: number[];
  strings: string[];
  raw: Uint8Array | undefined;
}

/** Reads one TensorProto; its elements may stand in raw_data or in the list of their type. */
export function decodeTensor(r: BinaryReader): OnnxTensor {
  const parts: TensorParts = { name: '', type: 0, dims: [], numbers: [], strings: [], raw: undefined };
  const list = (wire: WireType, read: () => number): void => {
    const end = wire === WireType.LengthDelimited ? r.uint32() + r.pos : r.pos + 1;
    while (r.pos < end) parts.numbers.push(read());
  };
  readFields(r, r.uint32(), 'TensorProto', {
    1: (wire) => {
      const end = wire === WireType.LengthDelimited ? r.uint32() + r.pos : r.pos + 1;
      while (r.pos < end) parts.dims.push(safeInteger(r.int64()));
    },
    2: () => (parts.type = r.int32()),
    4: (wire) => list(wire, () => r.float()),
    5: (wire) => list(wire, () => r.int32()),
    6: () => parts.strings.push(r.string()),
    7: (wire) => list(wire, () => safeInteger(r.int64())),
    8: () => (parts.name = r.string()),
    9: () => (parts.raw = r.bytes()),
    10: (wire) => list(wire, () => r.double()),
    12: () => r.string(),
  });
  return assemble(parts);
}

function assemble(parts: TensorParts): OnnxTensor {
  const { name, dims } = parts;
  const count = dims.reduce((product, dim) => product * dim, 1);
  const tensor = ofType(parts, count);
  if (tensor.values.length !== count) {
    throw new Error(`tensor ${name} has ${tensor.values.length} elements where its shape asks for ${count}`);
  }
  return { ...tensor, name, dims };
}

type Content<T = OnnxTensor> = T extends OnnxTensor ? Pick<T, 'type' | 'values'> : never;

function ofType({ type, numbers, strings, raw, name }: TensorParts, count: number): Content {
  const from = (bytesEach: number): ArrayBuffer => {
    if (raw === undefined || raw.length !== bytesEach * count)
      throw new Error(`tensor ${name} is incomplete`);
    return new Uint8Array(raw).buffer;
  };
  const inRaw = raw !== undefined;
  switch (type) {
    case ELEMENT_TYPE_NUMBERS.double:
      return { type: 'double', values: inRaw ? new Float64Array(from(8)) : Float64Array.from(numbers) };
    case ELEMENT_TYPE_NUMBERS.float:
      return { type: 'float', values: inRaw ? new Float32Array(from(4)) : Float32Array.from(numbers) };
    case ELEMENT_TYPE_NUMBERS.uint8:
      return { type: 'uint8', values: inRaw ? new Uint8Array(from(1)) : Uint8Array.from(numbers) };
    case ELEMENT_TYPE_NUMBERS.bool:
      return { type: 'bool', values: inRaw ? new Uint8Array(from(1)) : Uint8Array.from(numbers) };
    case ELEMENT_TYPE_NUMBERS.int32:
      return { type: 'int32', values: inRaw ? new Int32Array(from(4)) : Int32Array.from(numbers) };
    case ELEMENT_TYPE_NUMBERS.int64:
      return { type: 'int64', values: inRaw ? Array.from(new BigInt64Array(from(8)), safeInteger) : numbers };
    case ELEMENT_TYPE_NUMBERS.string:
      return { type: 'string', values: strings };
    default:
      throw new Error(`tensor ${name} is of element type ${type}, which Steward does not know`);
  }
}
