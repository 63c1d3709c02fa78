import { BinaryParts } from '@steward/database';

/** Types of elements, from pg_type. */
const OID = { bytes: 17, text: 25 } as const;
const HEAD_BYTES = 20;
/** Elements of this size are written from where they lie; a system call for each smaller one would cost more than its copy. */
const LARGE_BYTES = 4_096;

/**
 * Arrays in PostgreSQL's binary format (array_recv). The client sends a Buffer as a binary parameter, so that neither it
 * escapes each element nor the server parses it: with lists of bytes that is most of the cost of an append.
 */
export const bytesArray = (values: readonly Buffer[]): BinaryParts =>
  arrayOf(
    OID.bytes,
    values.map((value) => value.byteLength),
    (index, into, at) => values[index]!.copy(into, at),
    (index) => values[index]!,
  );

/** The same of texts, which must not be null. */
export const textArray = (values: readonly string[]): BinaryParts =>
  arrayOf(
    OID.text,
    values.map((value) => Buffer.byteLength(value)),
    (index, into, at) => into.write(values[index]!, at, 'utf8'),
    (index) => Buffer.from(values[index]!),
  );

function arrayOf(
  oid: number,
  sizes: readonly number[],
  write: (index: number, into: Buffer, at: number) => void,
  large: (index: number) => Buffer,
): BinaryParts {
  const copied = sizes.reduce((sum, size) => sum + 4 + (size < LARGE_BYTES ? size : 0), HEAD_BYTES);
  const buffer = Buffer.allocUnsafe(copied);
  buffer.writeInt32BE(1, 0); // dimensions
  buffer.writeInt32BE(0, 4); // no nulls
  buffer.writeInt32BE(oid, 8);
  buffer.writeInt32BE(sizes.length, 12);
  buffer.writeInt32BE(1, 16); // lower bound
  const pieces: Buffer[] = [];
  let at = HEAD_BYTES;
  let from = 0;
  sizes.forEach((size, index) => {
    at = buffer.writeInt32BE(size, at);
    if (size < LARGE_BYTES) {
      write(index, buffer, at);
      at += size;
      return;
    }
    pieces.push(buffer.subarray(from, at), large(index));
    from = at;
  });
  return new BinaryParts([...pieces, buffer.subarray(from)]);
}
