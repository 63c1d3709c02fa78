import { errors } from '@steward/kernel';
import { MAX_LINE_BYTES } from './export-bundle';

/**
 * Lines of a stream of bytes in groups, one group per chunk, without line feeds and empty lines. Holds one chunk and
 * one unfinished line. Throws AppError `AUDIT.BAD_BUNDLE` for a line longer than {@link MAX_LINE_BYTES}.
 */
export async function* readLines(
  chunks: AsyncIterable<Uint8Array | string> | Iterable<Uint8Array | string>,
): AsyncGenerator<Buffer[]> {
  let rest: Buffer = Buffer.alloc(0);
  for await (const chunk of chunks) {
    const bytes =
      typeof chunk === 'string'
        ? Buffer.from(chunk)
        : Buffer.from(chunk.buffer, chunk.byteOffset, chunk.length);
    const buffer: Buffer = rest.length === 0 ? bytes : Buffer.concat([rest, bytes]);
    const lines: Buffer[] = [];
    let start = 0;
    for (let end = buffer.indexOf(0x0a); end >= 0; end = buffer.indexOf(0x0a, start)) {
      if (end > start) lines.push(buffer.subarray(start, end));
      start = end + 1;
    }
    rest = buffer.subarray(start);
    if (rest.length > MAX_LINE_BYTES)
      throw errors.invalid(
        'AUDIT.BAD_BUNDLE',
        `A line is longer than ${MAX_LINE_BYTES} bytes: this is no bundle.`,
      );
    if (lines.length > 0) yield lines;
  }
  if (rest.length > 0) yield [rest];
}
