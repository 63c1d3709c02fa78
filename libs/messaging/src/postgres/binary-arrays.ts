import { BinaryParts } from '@steward/database';

/** Types of elements, from pg_type. */
const OID = { bytes: 17, integer: 23, text: 25 } as const;
const HEAD_BYTES = 20;
/** Elements from this size on are written from where they lie; smaller ones are copied together, fewer pieces being cheaper. */
const LARGE_BYTES = 4_096;

/**
 * Arrays in PostgreSQL's binary format (array_recv). The client sends a Buffer as a binary parameter, so that neither it
 * escapes each element nor the server parses it: with lists of bytes that is most of the cost of an append.
 */
export const bytesArray = (values: readonly Buffer[]): BinaryParts => arrayOf(OID.bytes, values);

/** The same of texts, which must not be null. */
export const textArray = (values: readonly string[]): BinaryParts => arrayOf(OID.text, values);

/** The same of integers of 32 bits. */
export function integerArray(values: readonly number[]): BinaryParts {
  const buffer = Buffer.allocUnsafe(HEAD_BYTES + 8 * values.length);
  let at = writeHead(buffer, OID.integer, values.length);
  for (const value of values) at = buffer.writeInt32BE(value, buffer.writeInt32BE(4, at));
  return new BinaryParts([buffer]);
}

/** What an array begins with; returns its size. */
function writeHead(buffer: Buffer, oid: number, length: number): number {
  buffer.writeInt32BE(1, 0); // dimensions
  buffer.writeInt32BE(0, 4); // no nulls
  buffer.writeInt32BE(oid, 8);
  buffer.writeInt32BE(length, 12);
  return buffer.writeInt32BE(1, 16); // lower bound
}

function arrayOf(oid: number, values: readonly (Buffer | string)[]): BinaryParts {
  const sizes = values.map((value) => Buffer.byteLength(value));
  const copied = sizes.reduce((sum, size) => sum + 4 + (size < LARGE_BYTES ? size : 0), HEAD_BYTES);
  const buffer = Buffer.allocUnsafe(copied);
  const pieces: Buffer[] = [];
  let at = writeHead(buffer, oid, values.length);
  let from = 0;
  values.forEach((value, index) => {
    const size = sizes[index]!;
    at = buffer.writeInt32BE(size, at);
    if (size >= LARGE_BYTES) {
      pieces.push(buffer.subarray(from, at), typeof value === 'string' ? Buffer.from(value) : value);
      from = at;
    } else at += typeof value === 'string' ? buffer.write(value, at, 'utf8') : value.copy(buffer, at);
  });
  return new BinaryParts([...pieces, buffer.subarray(from)]);
}
