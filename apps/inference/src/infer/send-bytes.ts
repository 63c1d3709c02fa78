import type { ServerResponse } from 'node:http';
import { promisify } from 'node:util';
import { deflate, gzip } from 'node:zlib';
import type { HttpAnswer } from '@steward/service';

const ENCODERS = { gzip: promisify(gzip), deflate: promisify(deflate) };
/** Less is not worth compressing. */
const SMALLEST_BYTES = 4_096;

/** An answer of these bytes, compressed where the caller accepts it and it is worth it. */
export function answerBytes(
  headers: readonly string[],
  body: Buffer | string,
  accepted: string | string[] | undefined,
): HttpAnswer | Promise<HttpAnswer> {
  const varying = [...headers, 'vary', 'accept-encoding'];
  if (body.length < SMALLEST_BYTES || accepted === undefined) return { headers: varying, body };
  const names = String(accepted).toLowerCase();
  const encoding = (['gzip', 'deflate'] as const).find((name) => names.includes(name));
  if (!encoding) return { headers: varying, body };
  const encoded = [...varying, 'content-encoding', encoding];
  return ENCODERS[encoding](body, { level: 1 }).then((compressed) => ({
    headers: encoded,
    body: compressed,
  }));
}

/** Ends a response with an answer. */
export function sendAnswer(response: ServerResponse, { headers, body }: HttpAnswer): void {
  for (let at = 0; at < headers.length; at += 2) response.setHeader(headers[at]!, headers[at + 1]!);
  response.setHeader('content-length', Buffer.byteLength(body));
  response.end(body);
}
