import { errors, type AppError } from '@steward/kernel';

/** The protocol's datatypes and the bytes of one element; BYTES elements vary. BF16 is refused: no client sends it here. */
const ELEMENT_BYTES = {
  BOOL: 1,
  UINT8: 1,
  UINT16: 2,
  UINT32: 4,
  UINT64: 8,
  INT8: 1,
  INT16: 2,
  INT32: 4,
  INT64: 8,
  FP16: 2,
  FP32: 4,
  FP64: 8,
  BYTES: 0,
} as const;
export type Datatype = keyof typeof ELEMENT_BYTES;

/** A decoded tensor: numbers for every datatype but BYTES, whose elements are texts. */
export interface Tensor {
  readonly name: string;
  readonly datatype: Datatype;
  readonly shape: readonly number[];
  readonly numbers: Float64Array | null;
  readonly texts: readonly string[] | null;
}

/** What every transport knows of an input before its contents are read. */
export interface TensorHead {
  readonly name: string;
  readonly datatype: string;
  readonly shape: readonly number[];
}

const bad = (code: string, message: string, details: Record<string, unknown>): AppError =>
  errors.invalid(`INFERENCE.${code}`, message, { details });

const MAX_TEXT_BYTES = 10_000;
const utf8 = new TextDecoder('utf-8', { fatal: true });

/** The datatype of a head, or an error that lists the known ones. */
export function datatypeOf(head: TensorHead): Datatype {
  if (head.datatype in ELEMENT_BYTES) return head.datatype as Datatype;
  throw bad(
    'DATATYPE_UNKNOWN',
    `Tensor "${head.name}" has the unknown datatype "${head.datatype}"; use one of ${Object.keys(ELEMENT_BYTES).join(', ')}.`,
    {
      tensor: head.name,
    },
  );
}

/** Number of elements that a shape holds; at most `limit`. */
export function elementsOf(head: TensorHead, limit: number): number {
  let elements = 1;
  for (const size of head.shape) {
    if (!Number.isInteger(size) || size < 0) {
      throw bad(
        'SHAPE_INVALID',
        `Tensor "${head.name}" has the shape [${head.shape.join(', ')}]; sizes are whole numbers, 0 or more.`,
        { tensor: head.name },
      );
    }
    elements *= size;
    if (elements > limit) {
      throw errors.limit(
        'INFERENCE.TOO_MANY_ROWS',
        `Tensor "${head.name}" holds more than ${limit} elements; send fewer rows a request.`,
        { details: { tensor: head.name, limit } },
      );
    }
  }
  if (head.shape.length === 0 || head.shape.length > 8) {
    throw bad(
      'SHAPE_INVALID',
      `Tensor "${head.name}" has ${head.shape.length} dimensions; 1 to 8 are allowed.`,
      { tensor: head.name },
    );
  }
  return elements;
}

/** IEEE 754 half precision to double. */
function half(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 31) return fraction ? NaN : sign * Infinity;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

const READERS: Record<Exclude<Datatype, 'BYTES'>, (view: DataView, at: number) => number> = {
  BOOL: (view, at) => (view.getUint8(at) === 0 ? 0 : 1),
  UINT8: (view, at) => view.getUint8(at),
  UINT16: (view, at) => view.getUint16(at, true),
  UINT32: (view, at) => view.getUint32(at, true),
  UINT64: (view, at) => Number(view.getBigUint64(at, true)),
  INT8: (view, at) => view.getInt8(at),
  INT16: (view, at) => view.getInt16(at, true),
  INT32: (view, at) => view.getInt32(at, true),
  INT64: (view, at) => Number(view.getBigInt64(at, true)),
  FP16: (view, at) => half(view.getUint16(at, true)),
  FP32: (view, at) => view.getFloat32(at, true),
  FP64: (view, at) => view.getFloat64(at, true),
};

/** Decodes raw contents: little-endian, row-major; BYTES elements have a four-byte length in front. */
export function fromRaw(head: TensorHead, raw: Uint8Array, limit: number): Tensor {
  const datatype = datatypeOf(head);
  const elements = elementsOf(head, limit);
  if (datatype === 'BYTES')
    return {
      name: head.name,
      shape: head.shape,
      datatype,
      numbers: null,
      texts: rawTexts(head, raw, elements),
    };
  const size = ELEMENT_BYTES[datatype];
  if (raw.byteLength !== elements * size) {
    throw bad(
      'SHAPE_MISMATCH',
      `Tensor "${head.name}" of shape [${head.shape.join(', ')}] and datatype ${datatype} takes ${elements * size} bytes; ${raw.byteLength} came.`,
      {
        tensor: head.name,
      },
    );
  }
  const view = new DataView(raw.buffer, raw.byteOffset, raw.byteLength);
  const read = READERS[datatype];
  const numbers = new Float64Array(elements);
  for (let index = 0; index < elements; index++) numbers[index] = read(view, index * size);
  return { name: head.name, shape: head.shape, datatype, numbers, texts: null };
}

function rawTexts(head: TensorHead, raw: Uint8Array, elements: number): string[] {
  const view = new DataView(raw.buffer, raw.byteOffset, raw.byteLength);
  const texts: string[] = [];
  let at = 0;
  while (at < raw.byteLength && texts.length < elements) {
    const length = at + 4 <= raw.byteLength ? view.getUint32(at, true) : -1;
    if (length < 0 || at + 4 + length > raw.byteLength) {
      throw bad(
        'SHAPE_MISMATCH',
        `Element ${texts.length} of tensor "${head.name}" says a length that its bytes do not hold.`,
        { tensor: head.name },
      );
    }
    texts.push(textOf(head, raw.subarray(at + 4, at + 4 + length), texts.length));
    at += 4 + length;
  }
  if (texts.length !== elements || at !== raw.byteLength) {
    throw bad(
      'SHAPE_MISMATCH',
      `Tensor "${head.name}" of shape [${head.shape.join(', ')}] takes ${elements} elements; its bytes hold ${at === raw.byteLength ? texts.length : 'more'}.`,
      { tensor: head.name },
    );
  }
  return texts;
}

function textOf(head: TensorHead, bytes: Uint8Array, index: number): string {
  if (bytes.byteLength > MAX_TEXT_BYTES) {
    throw errors.limit(
      'INFERENCE.TEXT_TOO_LONG',
      `Element ${index} of tensor "${head.name}" is longer than ${MAX_TEXT_BYTES} bytes.`,
      { details: { tensor: head.name } },
    );
  }
  if (bytes.includes(0)) {
    throw bad('TEXT_INVALID', `Element ${index} of tensor "${head.name}" holds a NUL character.`, {
      tensor: head.name,
    });
  }
  try {
    return utf8.decode(bytes);
  } catch {
    throw bad('TEXT_INVALID', `Element ${index} of tensor "${head.name}" is not UTF-8.`, {
      tensor: head.name,
    });
  }
}

/** Takes contents that came as values (typed gRPC contents, JSON); their number must match the shape. */
export function fromValues(head: TensorHead, values: ArrayLike<unknown>, limit: number): Tensor {
  const datatype = datatypeOf(head);
  const elements = elementsOf(head, limit);
  if (values.length !== elements) {
    throw bad(
      'SHAPE_MISMATCH',
      `Tensor "${head.name}" of shape [${head.shape.join(', ')}] takes ${elements} elements; ${values.length} came.`,
      { tensor: head.name },
    );
  }
  if (datatype === 'BYTES') {
    const texts = Array.from(values, (value, index) => {
      if (typeof value === 'string') return textOf(head, Buffer.from(value), index);
      if (value instanceof Uint8Array) return textOf(head, value, index);
      throw wrongElement(head, index, 'a text');
    });
    return { name: head.name, shape: head.shape, datatype, numbers: null, texts };
  }
  const numbers = new Float64Array(elements);
  for (let index = 0; index < elements; index++)
    numbers[index] = numberOf(head, datatype, values[index], index);
  return { name: head.name, shape: head.shape, datatype, numbers, texts: null };
}

function numberOf(head: TensorHead, datatype: Datatype, value: unknown, index: number): number {
  if (typeof value === 'boolean' && datatype === 'BOOL') return value ? 1 : 0;
  if (typeof value === 'number' && (datatype.startsWith('FP') || Number.isInteger(value))) return value;
  // JSON has no NaN: null stands for a missing number.
  if (value === null && datatype.startsWith('FP')) return NaN;
  throw wrongElement(
    head,
    index,
    datatype === 'BOOL' ? 'true or false' : datatype.startsWith('FP') ? 'a number' : 'a whole number',
  );
}

const wrongElement = (head: TensorHead, index: number, wanted: string): AppError =>
  bad('ELEMENT_INVALID', `Element ${index} of tensor "${head.name}" (${head.datatype}) must be ${wanted}.`, {
    tensor: head.name,
  });

/** Encodes doubles and texts as raw contents. */
export function rawNumbers(values: Float64Array): Uint8Array {
  // Every platform that Node.js runs on is little-endian.
  return new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
}

export function rawBytes(texts: readonly string[]): Uint8Array {
  const parts: Buffer[] = [];
  for (const text of texts) {
    const bytes = Buffer.from(text);
    const length = Buffer.alloc(4);
    length.writeUInt32LE(bytes.byteLength);
    parts.push(length, bytes);
  }
  return Buffer.concat(parts);
}
