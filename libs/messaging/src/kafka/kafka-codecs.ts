import { errors } from '@steward/kernel';
import { decompressLz4Raw, decompressSnappy, decompressZstd } from 'hyparquet-compressors';

/** What kafkajs asks of a codec. */
interface Codec {
  compress(encoder: unknown): Promise<Buffer>;
  decompress(buffer: Buffer): Promise<Buffer>;
}

const readOnly = (name: string): (() => Promise<Buffer>) => {
  return () =>
    Promise.reject(
      errors.internal(
        'EVENT.CODEC_READ_ONLY',
        `Steward reads ${name} but does not write it. Use none or gzip.`,
      ),
    );
};

const guarded =
  (name: string, decode: (buffer: Buffer) => Uint8Array) =>
  async (buffer: Buffer): Promise<Buffer> => {
    try {
      return await Promise.resolve(Buffer.from(decode(buffer)));
    } catch (error) {
      throw errors.internal('EVENT.CODEC_FAILED', `A batch compressed with ${name} cannot be read.`, {
        cause: error,
      });
    }
  };

/** Length of a raw Snappy block: the varint it begins with. */
function snappyLength(block: Uint8Array): number {
  let length = 0;
  for (let i = 0; i < 5; i++) {
    const byte = block[i] ?? 0;
    length += (byte & 0x7f) * 2 ** (7 * i);
    if (byte < 0x80) return length;
  }
  throw new Error('The Snappy block has no length.');
}

const XERIAL = Buffer.from([0x82, 0x53, 0x4e, 0x41, 0x50, 0x50, 0x59, 0x00]);

/** Snappy as Java's clients frame it (xerial: a header of 16 bytes, then blocks with their length), or bare. */
export function decodeSnappy(buffer: Buffer): Uint8Array {
  if (!buffer.subarray(0, 8).equals(XERIAL)) return decompressSnappy(buffer, snappyLength(buffer));
  const parts: Uint8Array[] = [];
  for (let at = 16; at < buffer.length;) {
    const size = buffer.readUInt32BE(at);
    const block = buffer.subarray(at + 4, at + 4 + size);
    parts.push(decompressSnappy(block, snappyLength(block)));
    at += 4 + size;
  }
  return Buffer.concat(parts);
}

/** Uncompressed size of an LZ4 block: the sum of its literals and matches (the block itself does not say). */
function lz4Size(block: Uint8Array): number {
  let size = 0;
  let at = 0;
  const extended = (base: number): number => {
    let length = base;
    if (base !== 15) return length;
    for (let byte = 255; byte === 255; length += byte) byte = block[at++]!;
    return length;
  };
  while (at < block.length) {
    const token = block[at++]!;
    const literals = extended(token >> 4);
    size += literals;
    at += literals;
    if (at >= block.length) break;
    at += 2;
    size += extended(token & 15) + 4;
  }
  return size;
}

const LZ4_MAGIC = 0x184d2204;

/** The LZ4 frame format (github.com/lz4/lz4, doc/lz4_Frame_format.md) with independent blocks, as Kafka writes it. */
export function decodeLz4(buffer: Buffer): Uint8Array {
  if (buffer.readUInt32LE(0) !== LZ4_MAGIC) throw new Error('This is no LZ4 frame.');
  const flags = buffer[4]!;
  if ((flags & 0x20) === 0) throw new Error('LZ4 frames with linked blocks are not supported.');
  const blockChecksum = (flags & 0x10) !== 0;
  let at = 7 + ((flags & 0x08) !== 0 ? 8 : 0) + ((flags & 0x01) !== 0 ? 4 : 0);
  const parts: Uint8Array[] = [];
  for (;;) {
    const word = buffer.readUInt32LE(at);
    if (word === 0) return Buffer.concat(parts);
    const size = word & 0x7fffffff;
    const block = buffer.subarray(at + 4, at + 4 + size);
    parts.push(word >= 0x80000000 ? block : decompressLz4Raw(block, lz4Size(block)));
    at += 4 + size + (blockChecksum ? 4 : 0);
  }
}

export const snappyCodec: Codec = {
  compress: readOnly('snappy'),
  decompress: guarded('snappy', decodeSnappy),
};
export const lz4Codec: Codec = { compress: readOnly('lz4'), decompress: guarded('lz4', decodeLz4) };
export const zstdCodec: Codec = {
  compress: readOnly('zstd'),
  decompress: guarded('zstd', (buffer) => decompressZstd(buffer)),
};
