import { errors, type AppError } from '@steward/kernel';
import type { IncomingMessage } from 'node:http';
import { createGunzip, createInflate, type Gunzip, type Inflate } from 'node:zlib';

/** What Deflate can make of a byte at most. */
const LARGEST_RATIO = 1_032;
/** Each part that is unpacked waits for a turn of the event loop, which is long where many call: so many are made at most. */
const MOST_PARTS = 16;
const SMALLEST_PART_BYTES = 16 * 1024;

const DECODERS = { gzip: createGunzip, 'x-gzip': createGunzip, deflate: createInflate };

/**
 * The whole body of a request, decompressed where `Content-Encoding` says gzip or deflate; `limit` bytes at most, as it
 * came and as it is. Throws AppErrors that say which.
 */
export async function readBody(request: IncomingMessage, limit: number): Promise<Buffer> {
  const encoding = (request.headers['content-encoding'] ?? 'identity').trim().toLowerCase();
  const decode = Object.hasOwn(DECODERS, encoding) ? DECODERS[encoding as keyof typeof DECODERS] : null;
  if (!decode && encoding !== 'identity' && encoding !== '') {
    throw errors.invalid('INFERENCE.ENCODING_UNKNOWN', 'A body is sent as it is, or with gzip or deflate.');
  }
  const body = await readAll(request, limit);
  if (!decode || body.byteLength === 0) return body;
  const most = Math.min(limit, body.byteLength * LARGEST_RATIO);
  const chunkSize = Math.max(SMALLEST_PART_BYTES, Math.ceil(most / MOST_PARTS));
  return decompress(decode({ chunkSize }), body, encoding, limit);
}

/** Decompresses no further than the limit; settles whatever becomes of the stream. */
function decompress(
  stream: Gunzip | Inflate,
  body: Buffer,
  encoding: string,
  limit: number,
): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const broken = (): void =>
      reject(errors.invalid('INFERENCE.ENCODING_INVALID', `The body is no whole ${encoding} stream.`));
    const parts: Buffer[] = [];
    let size = 0;
    stream.on('data', (part: Buffer) => {
      size += part.byteLength;
      if (size <= limit) parts.push(part);
      else {
        reject(bodyTooLarge(limit));
        stream.destroy();
      }
    });
    stream.once('end', () => resolve(Buffer.concat(parts)));
    stream.once('error', broken);
    stream.once('close', broken);
    stream.end(body);
  });
}

const readAll = (request: IncomingMessage, limit: number): Promise<Buffer> =>
  new Promise((resolve, reject) => readPlainBody(request, limit, resolve, reject));

/** The whole body as it came, told as soon as it is there. Either is called, once. */
export function readPlainBody(
  request: IncomingMessage,
  limit: number,
  whole: (body: Buffer) => void,
  failed: (error: AppError) => void,
): void {
  let ended = false;
  const reject = (error: AppError): void => {
    if (ended) return;
    ended = true;
    failed(error);
  };
  // Every request is closed, after its end too.
  const aborted = (): void => {
    if (!ended) reject(errors.invalid('INFERENCE.BODY_ABORTED', 'The body ended before its length.'));
  };
  if (request.destroyed) aborted();
  let parts: Buffer[] = [];
  let size = 0;
  // What comes beyond the limit is still read, and discarded: unread it would hold up the next request on the connection.
  request.on('data', (part: Buffer) => {
    size += part.byteLength;
    if (size <= limit) parts.push(part);
    else {
      parts = [];
      reject(bodyTooLarge(limit));
    }
  });
  request.once('end', () => {
    if (ended) return;
    ended = true;
    whole(parts.length === 1 ? parts[0]! : Buffer.concat(parts));
  });
  request.once('error', aborted);
  request.once('close', aborted);
}

/** What is told of a body beyond the limit. */
export const bodyTooLarge = (limit: number): AppError =>
  errors.limit(
    'INFERENCE.BODY_TOO_LARGE',
    `The body is larger than ${limit} bytes; send fewer rows a request.`,
  );
