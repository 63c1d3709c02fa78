import { errors, type AppError } from '@steward/kernel';
import {
  ELEMENT_BYTES,
  FLOATS,
  holds,
  isDatatype,
  READERS,
  type Datatype,
  type NumberDatatype,
} from './datatype';
import { FEW_BYTES, readFew } from './few-numbers';

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
  if (isDatatype(head.datatype)) return head.datatype;
  throw bad(
    'DATATYPE_UNKNOWN',
    `Tensor "${head.name}" has the unknown datatype "${head.datatype.slice(0, 20)}"; use one of ${Object.keys(ELEMENT_BYTES).join(', ')}.`,
    {
      tensor: head.name,
    },
  );
}

/** Most elements of one tensor, whatever its shape: a tensor of all columns holds rows times columns. */
export const MAX_ELEMENTS = 1_000_000;

/** Number of elements that a shape holds: at most `limit` rows (the first size) and {@link MAX_ELEMENTS} in all. */
export function elementsOf(head: TensorHead, limit: number): number {
  if (head.shape.length === 0 || head.shape.length > 8) {
    throw bad(
      'SHAPE_INVALID',
      `Tensor "${head.name}" has ${head.shape.length} dimensions; 1 to 8 are allowed.`,
      { tensor: head.name },
    );
  }
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
  }
  if (head.shape[0]! > limit || !(elements <= MAX_ELEMENTS)) {
    throw errors.limit(
      'INFERENCE.TOO_MANY_ROWS',
      `Tensor "${head.name}" holds more than ${limit} rows or ${MAX_ELEMENTS} elements; send fewer rows a request.`,
      { details: { tensor: head.name, limit } },
    );
  }
  return elements;
}

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
  if (raw.length !== elements * size) {
    throw bad(
      'SHAPE_MISMATCH',
      `Tensor "${head.name}" of shape [${head.shape.join(', ')}] and datatype ${datatype} takes ${elements * size} bytes; ${raw.length} came.`,
      {
        tensor: head.name,
      },
    );
  }
  const numbers = readNumbers(datatype, raw, elements);
  return { name: head.name, shape: head.shape, datatype, numbers, texts: null };
}

function readNumbers(datatype: NumberDatatype, raw: Uint8Array, elements: number): Float64Array {
  if (datatype === 'FP64' && raw.length <= FEW_BYTES)
    return readFew(raw.buffer, raw.byteOffset, raw.length, 8);
  const aligned = raw.byteOffset % ELEMENT_BYTES[datatype] === 0 ? raw : new Uint8Array(raw);
  return READERS[datatype](aligned.buffer, aligned.byteOffset, elements);
}

function rawTexts(head: TensorHead, raw: Uint8Array, elements: number): string[] {
  const view = new DataView(raw.buffer, raw.byteOffset, raw.length);
  const texts: string[] = [];
  let at = 0;
  while (at < raw.length && texts.length < elements) {
    const length = at + 4 <= raw.length ? view.getUint32(at, true) : -1;
    if (length < 0 || at + 4 + length > raw.length) {
      throw bad(
        'SHAPE_MISMATCH',
        `Element ${texts.length} of tensor "${head.name}" says a length that its bytes do not hold.`,
        { tensor: head.name },
      );
    }
    texts.push(textOf(head, raw.subarray(at + 4, at + 4 + length), texts.length));
    at += 4 + length;
  }
  if (texts.length !== elements || at !== raw.length) {
    throw bad(
      'SHAPE_MISMATCH',
      `Tensor "${head.name}" of shape [${head.shape.join(', ')}] takes ${elements} elements; its bytes hold ${at === raw.length ? texts.length : 'more'}.`,
      { tensor: head.name },
    );
  }
  return texts;
}

function textOf(head: TensorHead, bytes: Uint8Array, index: number): string {
  if (bytes.length > MAX_TEXT_BYTES) {
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
  const float = FLOATS[datatype];
  if (float) {
    if (typeof value === 'number') return float(value);
    // JSON has no NaN: null stands for a missing number.
    if (value === null) return NaN;
    throw wrongElement(head, index, 'a number');
  }
  if (typeof value === 'number' && holds(datatype, value)) return value;
  throw wrongElement(
    head,
    index,
    datatype === 'BOOL' ? 'true or false' : `a whole number that ${datatype} holds`,
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
  const bytes = Buffer.allocUnsafe(texts.reduce((sum, text) => sum + 4 + Buffer.byteLength(text), 0));
  let at = 0;
  for (const text of texts) {
    const length = bytes.write(text, at + 4);
    bytes.writeUInt32LE(length, at);
    at += 4 + length;
  }
  return bytes;
}
