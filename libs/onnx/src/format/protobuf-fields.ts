import { BinaryReader, WireType, type BinaryWriter } from '@bufbuild/protobuf/wire';

const { Varint } = WireType;

/** Reads one field's value from where the reader stands; the message ends at `end`. */
export type FieldReader = (wire: WireType, end: number) => unknown;

/**
 * Reads the fields of one message of `length` bytes. A field that no reader is given for is a fault: a model is
 * either understood as a whole or refused.
 */
export function readFields(
  reader: BinaryReader,
  length: number,
  message: string,
  readers: Readonly<Record<number, FieldReader>>,
): void {
  const end = reader.pos + length;
  if (end > reader.len) throw new Error(`${message} is cut off`);
  while (reader.pos < end) {
    const [field, wire] = reader.tag();
    const read = readers[field];
    if (read === undefined) throw new Error(`field ${field} of ${message} is one that Steward does not know`);
    read(wire, end);
  }
  if (reader.pos !== end) throw new Error(`${message} does not end where it says`);
}

/** An int64 as a number; those beyond 2^53 do not occur in the models that are understood. */
export function safeInteger(value: bigint | string | number): number {
  const result = Number(value);
  if (!Number.isSafeInteger(result)) throw new Error(`the integer ${value} is too large`);
  return result;
}

/** A varint of so few bytes is an integer below 2^28. */
const SHORT = 4;

/**
 * A reader that takes a run of small integers in one go: a tree ensemble has a hundred thousand of them, each a field of
 * its own. Read one by one as any other field, those of 100 trees take 14 ms more.
 */
export class ListReader extends BinaryReader {
  constructor(private readonly source: Uint8Array) {
    super(source);
  }

  /** Reads on to where the run of this field with short varints ends, or its message at `end`. */
  shortIntegers(field: number, end: number, values: number[]): void {
    const { source } = this;
    const tag = (field << 3) | Varint;
    while (this.pos < end && source[this.pos] === tag) {
      let next = this.pos + 1;
      let byte = source[next++]!;
      let value = byte & 0x7f;
      for (let shift = 7; byte >= 0x80 && shift < 7 * SHORT; shift += 7) {
        byte = source[next++]!;
        value |= (byte & 0x7f) << shift;
      }
      if (byte >= 0x80 || next > end) return;
      values.push(value);
      this.pos = next;
    }
  }
}

/** Writes a repeated int64, not packed: in one go where all values are small. */
export function writeIntegers(writer: BinaryWriter, field: number, values: readonly number[]): void {
  if (!values.every((value) => value >= 0 && value < 2 ** 28)) {
    for (const value of values) writer.tag(field, Varint).int64(value);
    return;
  }
  const bytes = new Uint8Array(values.length * (1 + SHORT));
  const tag = (field << 3) | Varint;
  let at = 0;
  for (let i = 0; i < values.length; i++) {
    bytes[at++] = tag;
    let rest = values[i]!;
    for (; rest > 0x7f; rest >>>= 7) bytes[at++] = (rest & 0x7f) | 0x80;
    bytes[at++] = rest;
  }
  writer.raw(bytes.subarray(0, at));
}
