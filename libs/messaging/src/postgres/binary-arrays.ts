/** Types of elements, from pg_type. */
const OID = { bytes: 17, text: 25 } as const;
const HEAD_BYTES = 20;

/**
 * Arrays in PostgreSQL's binary format (array_recv). The client sends a Buffer as a binary parameter, so that neither it
 * escapes each element nor the server parses it: with lists of bytes that is most of the cost of an append.
 */
export const bytesArray = (values: readonly Buffer[]): Buffer =>
  arrayOf(
    OID.bytes,
    values.map((value) => value.byteLength),
    (index, into, at) => values[index]!.copy(into, at),
  );

/** The same of texts, which must not be null. */
export const textArray = (values: readonly string[]): Buffer =>
  arrayOf(
    OID.text,
    values.map((value) => Buffer.byteLength(value)),
    (index, into, at) => into.write(values[index]!, at, 'utf8'),
  );

function arrayOf(
  oid: number,
  sizes: readonly number[],
  write: (index: number, into: Buffer, at: number) => void,
): Buffer {
  const bytes = sizes.reduce((sum, size) => sum + 4 + size, HEAD_BYTES);
  const buffer = Buffer.allocUnsafe(bytes);
  buffer.writeInt32BE(1, 0); // dimensions
  buffer.writeInt32BE(0, 4); // no nulls
  buffer.writeInt32BE(oid, 8);
  buffer.writeInt32BE(sizes.length, 12);
  buffer.writeInt32BE(1, 16); // lower bound
  let at = HEAD_BYTES;
  sizes.forEach((size, index) => {
    buffer.writeInt32BE(size, at);
    write(index, buffer, at + 4);
    at += 4 + size;
  });
  return buffer;
}
