import type { ServerResponse } from 'node:http';
import { promisify } from 'node:util';
import { deflate, gzip } from 'node:zlib';

const ENCODERS = { gzip: promisify(gzip), deflate: promisify(deflate) };
/** Less is not worth compressing. */
const SMALLEST_BYTES = 4_096;

/** Ends a response with these bytes, compressed where the caller accepts it and it is worth it. */
export async function sendBytes(
  response: ServerResponse,
  bytes: Buffer,
  accepted: string | string[] | undefined,
): Promise<void> {
  const names = String(accepted ?? '').toLowerCase();
  const encoding = (['gzip', 'deflate'] as const).find((name) => names.includes(name));
  const body =
    encoding && bytes.byteLength >= SMALLEST_BYTES ? await ENCODERS[encoding](bytes, { level: 1 }) : bytes;
  if (body !== bytes && encoding) response.setHeader('content-encoding', encoding);
  response.setHeader('vary', 'accept-encoding');
  response.setHeader('content-length', body.byteLength);
  response.end(body);
}
