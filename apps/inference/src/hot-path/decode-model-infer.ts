import { FEW_BYTES, readFew } from '../infer/few-numbers';
import { MAX_ELEMENTS, type Tensor } from '../infer/tensor';

/** A request as the hot path takes it: numbers in raw doubles or floats, nothing else. */
export interface HotRequest {
  readonly modelName: string;
  readonly modelVersion: string;
  readonly id: string;
  readonly tensors: readonly Tensor[];
}

const MOST_INPUTS = 256;
const LONGEST_NAME = 200;
const WIRE_BYTES = 2;

/** Where the decoder stands; one of it, for decoding is synchronous. */
let at = 0;
let bytes: Buffer = Buffer.alloc(0);

/** A length or tag below 2^28; -1 for all else. */
function small(end: number): number {
  let value = 0;
  for (let shift = 0; shift < 28 && at < end; shift += 7) {
    const byte = bytes[at++]!;
    value |= (byte & 0x7f) << shift;
    if (byte < 0x80) return value;
  }
  return -1;
}

/** The end of a length-delimited field that starts here; -1 where it passes `end`. */
function fieldEnd(end: number): number {
  const length = small(end);
  return length < 0 || at + length > end ? -1 : at + length;
}

/** ASCII text up to `end`; null for everything else, which the generated code reads. */
function ascii(end: number): string | null {
  if (end - at > LONGEST_NAME) return null;
  for (let index = at; index < end; index++) if (bytes[index]! > 0x7f) return null;
  const text = bytes.toString('latin1', at, end);
  at = end;
  return text;
}

interface Head {
  readonly name: string;
  readonly datatype: 'FP32' | 'FP64';
  readonly shape: number[];
}

/** An input without contents and parameters; each field once, as every encoder writes them. */
function head(end: number): Head | null {
  let name = '';
  let datatype = '';
  let shape: number[] | null = null;
  while (at < end) {
    const tag = small(end);
    if (tag >> 3 > 3 || (tag & 7) !== WIRE_BYTES) return null;
    const stop = fieldEnd(end);
    if (stop < 0) return null;
    if (tag >> 3 === 3) {
      if (shape !== null) return null;
      shape = [];
      while (at < stop) {
        const size = small(stop);
        if (size < 0 || shape.length === 2) return null;
        shape.push(size);
      }
    } else {
      const text = ascii(stop);
      if (text === null || text === '') return null;
      if (tag >> 3 === 1) {
        if (name !== '') return null;
        name = text;
      } else if (datatype === '') datatype = text;
      else return null;
    }
  }
  if (shape === null || shape.length === 0 || (datatype !== 'FP64' && datatype !== 'FP32')) return null;
  return { name, datatype, shape };
}

/** The numbers of raw contents as doubles: in place where they are many and stand at a multiple of eight. */
function doubles(datatype: Head['datatype'], from: number, to: number): Float64Array | null {
  const length = to - from;
  if (length <= FEW_BYTES) {
    const size = datatype === 'FP64' ? 8 : 4;
    return length % size === 0 ? readFew(bytes.buffer, bytes.byteOffset + from, length, size) : null;
  }
  if (datatype === 'FP64') {
    if (length % 8 !== 0) return null;
    const start = bytes.byteOffset + from;
    if (start % 8 === 0) return new Float64Array(bytes.buffer as ArrayBuffer, start, length / 8);
    // Every platform that Node.js runs on is little-endian; the copy is aligned.
    return new Float64Array(
      bytes.buffer.slice(bytes.byteOffset + from, bytes.byteOffset + to) as ArrayBuffer,
    );
  }
  if (length % 4 !== 0) return null;
  const floats = new Float32Array(
    bytes.buffer.slice(bytes.byteOffset + from, bytes.byteOffset + to) as ArrayBuffer,
  );
  return Float64Array.from(floats);
}

/**
 * Decodes a ModelInferRequest of raw FP64 and FP32 tensors without parameters, contents or requested outputs, which is
 * what callers send who want speed. Null for every other message, and for whatever is odd or broken: the generated code
 * takes those, so that nothing is accepted here that it would refuse or read otherwise.
 */
export function decodeModelInfer(message: Buffer, limit: number): HotRequest | null {
  bytes = message;
  at = 0;
  const end = message.length;
  const texts = ['', '', ''];
  const heads: Head[] = [];
  const raws: number[] = [];
  while (at < end) {
    const tag = small(end);
    if ((tag & 7) !== WIRE_BYTES) return null;
    const field = tag >> 3;
    const stop = fieldEnd(end);
    if (stop < 0) return null;
    if (field >= 1 && field <= 3) {
      const text = ascii(stop);
      if (text === null || texts[field - 1] !== '') return null;
      texts[field - 1] = text;
    } else if (field === 5) {
      const input = heads.length < MOST_INPUTS ? head(stop) : null;
      if (input === null) return null;
      heads.push(input);
    } else if (field === 7 && raws.length < 2 * MOST_INPUTS) {
      raws.push(at, stop);
      at = stop;
    } else return null;
  }
  const [modelName, modelVersion, id] = texts as [string, string, string];
  const tensors = modelName === '' ? null : tensorsOf(heads, raws, limit);
  return tensors && { modelName, modelVersion, id, tensors };
}

function tensorsOf(heads: readonly Head[], raws: readonly number[], limit: number): Tensor[] | null {
  if (heads.length === 0 || raws.length !== 2 * heads.length) return null;
  const tensors: Tensor[] = [];
  for (let index = 0; index < heads.length; index++) {
    const { name, datatype, shape } = heads[index]!;
    const elements = shape[0]! * (shape[1] ?? 1);
    const numbers = doubles(datatype, raws[2 * index]!, raws[2 * index + 1]!);
    if (numbers?.length !== elements) return null;
    if (shape[0]! > limit || elements > MAX_ELEMENTS) return null;
    tensors.push({ name, datatype, shape, numbers, texts: null });
  }
  return tensors;
}
