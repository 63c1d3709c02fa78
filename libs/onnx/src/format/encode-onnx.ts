import { BinaryWriter, WireType } from '@bufbuild/protobuf/wire';

import {
  ATTRIBUTE_TYPE_NUMBERS,
  ELEMENT_TYPE_NUMBERS,
  type OnnxAttribute,
  type OnnxGraph,
  type OnnxModel,
  type OnnxNode,
  type OnnxTensor,
  type OnnxValueInfo,
} from './onnx-model';
import { writeIntegers } from './protobuf-fields';

const { Varint, LengthDelimited, Bit32 } = WireType;

/**
 * Serialises a model as an ONNX file. Fields are written in the order of their numbers and lists in their own
 * order, so equal models give equal bytes.
 */
export function encodeOnnx(model: OnnxModel): Uint8Array<ArrayBuffer> {
  const w = new BinaryWriter();
  w.tag(1, Varint).int64(model.irVersion);
  text(w, 2, model.producerName);
  text(w, 3, model.producerVersion);
  message(w, 7, () => graph(w, model.graph));
  for (const { domain, version } of model.opsets) {
    message(w, 8, () => {
      text(w, 1, domain);
      w.tag(2, Varint).int64(version);
    });
  }
  for (const { key, value } of model.metadata) {
    message(w, 14, () => {
      text(w, 1, key);
      text(w, 2, value);
    });
  }
  return w.finish();
}

function graph(w: BinaryWriter, value: OnnxGraph): void {
  for (const each of value.nodes) message(w, 1, () => node(w, each));
  text(w, 2, value.name);
  for (const each of value.initializers) message(w, 5, () => tensor(w, each));
  for (const each of value.inputs) message(w, 11, () => valueInfo(w, each));
  for (const each of value.outputs) message(w, 12, () => valueInfo(w, each));
}

function node(w: BinaryWriter, value: OnnxNode): void {
  for (const each of value.inputs) w.tag(1, LengthDelimited).string(each);
  for (const each of value.outputs) w.tag(2, LengthDelimited).string(each);
  text(w, 3, value.name);
  text(w, 4, value.opType);
  for (const each of value.attributes) message(w, 5, () => attribute(w, each));
  text(w, 7, value.domain);
}

function attribute(w: BinaryWriter, value: OnnxAttribute): void {
  text(w, 1, value.name);
  switch (value.kind) {
    case 'float':
      w.tag(2, Bit32).float(value.value);
      break;
    case 'int':
      w.tag(3, Varint).int64(value.value);
      break;
    case 'string':
      w.tag(4, LengthDelimited).string(value.value);
      break;
    case 'tensor':
      message(w, 5, () => tensor(w, value.value));
      break;
    case 'floats':
      for (const each of value.value) w.tag(7, Bit32).float(each);
      break;
    case 'ints':
      writeIntegers(w, 8, value.value);
      break;
    case 'strings':
      for (const each of value.value) w.tag(9, LengthDelimited).string(each);
      break;
  }
  w.tag(20, Varint).int32(ATTRIBUTE_TYPE_NUMBERS[value.kind]);
}

function tensor(w: BinaryWriter, value: OnnxTensor): void {
  for (const dim of value.dims) w.tag(1, Varint).int64(dim);
  w.tag(2, Varint).int32(ELEMENT_TYPE_NUMBERS[value.type]);
  if (value.type === 'string') for (const each of value.values) w.tag(6, LengthDelimited).string(each);
  text(w, 8, value.name);
  if (value.type !== 'string') w.tag(9, LengthDelimited).bytes(rawData(value));
}

/** The elements as little-endian bytes (every platform of Node.js with ONNX Runtime is little-endian). */
function rawData(value: Exclude<OnnxTensor, { type: 'string' }>): Uint8Array {
  if (value.type === 'int64') return new Uint8Array(BigInt64Array.from(value.values, BigInt).buffer);
  if (value.type === 'double') return canonicalBytes(value.values);
  return new Uint8Array(value.values.buffer, value.values.byteOffset, value.values.byteLength);
}

const QUIET_NAN = 0x7ff8000000000000n;

/** A NaN has many bit patterns, and which one an engine stores is its own affair: one of them is chosen here. */
function canonicalBytes(values: Float64Array): Uint8Array {
  const copy = values.slice();
  const bits = new BigUint64Array(copy.buffer);
  for (let i = 0; i < copy.length; i++) if (Number.isNaN(copy[i])) bits[i] = QUIET_NAN;
  return new Uint8Array(copy.buffer);
}

function valueInfo(w: BinaryWriter, value: OnnxValueInfo): void {
  text(w, 1, value.name);
  message(w, 2, () =>
    message(w, 1, () => {
      w.tag(1, Varint).int32(ELEMENT_TYPE_NUMBERS[value.type]);
      message(w, 2, () => {
        for (const dim of value.dims) {
          message(w, 1, () => {
            if (typeof dim === 'number') w.tag(1, Varint).int64(dim);
            else w.tag(2, LengthDelimited).string(dim);
          });
        }
      });
    }),
  );
  text(w, 3, value.doc);
}

function text(w: BinaryWriter, field: number, value: string): void {
  if (value !== '') w.tag(field, LengthDelimited).string(value);
}

function message(w: BinaryWriter, field: number, body: () => void): void {
  w.tag(field, LengthDelimited).fork();
  body();
  w.join();
}
