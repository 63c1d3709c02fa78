import type { BinaryReader, WireType } from '@bufbuild/protobuf/wire';

/** Reads one field's value from where the reader stands. */
export type FieldReader = (wire: WireType) => unknown;

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
    read(wire);
  }
  if (reader.pos !== end) throw new Error(`${message} does not end where it says`);
}

/** An int64 as a number; those beyond 2^53 do not occur in the models that are understood. */
export function safeInteger(value: bigint | string | number): number {
  const result = Number(value);
  if (!Number.isSafeInteger(result)) throw new Error(`the integer ${value} is too large`);
  return result;
}
