import { AppError, errors } from '@steward/kernel';
import type { IncomingMessage } from 'node:http';
import { promisify } from 'node:util';
import { gunzip, inflate } from 'node:zlib';

const DECODERS = { gzip: promisify(gunzip), 'x-gzip': promisify(gunzip), deflate: promisify(inflate) };

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
  try {
    return await decode(body, { maxOutputLength: limit });
  } catch (error) {
    if ((error as { code?: unknown }).code === 'ERR_BUFFER_TOO_LARGE') throw tooLarge(limit);
    throw errors.invalid('INFERENCE.ENCODING_INVALID', `The body is no whole ${encoding} stream.`);
  }
}

async function readAll(request: IncomingMessage, limit: number): Promise<Buffer> {
  const parts: Buffer[] = [];
  let size = 0;
  try {
    // Not destroyed by the throw below: the caller is to read why.
    for await (const part of request.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
      size += part.byteLength;
      if (size > limit) throw tooLarge(limit);
      parts.push(part);
    }
  } catch (error) {
    // What still comes is discarded; left unread it would hold up the next request on the connection.
    request.resume();
    if (AppError.is(error)) throw error;
    throw errors.invalid('INFERENCE.BODY_ABORTED', 'The body ended before its length.');
  }
  return parts.length === 1 ? parts[0]! : Buffer.concat(parts);
}

const tooLarge = (limit: number): AppError =>
  errors.limit(
    'INFERENCE.BODY_TOO_LARGE',
    `The body is larger than ${limit} bytes; send fewer rows a request.`,
  );
