import { createHash } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http2';
import {
  encodeHeaders,
  Http2Server,
  type Http2ServerOptions,
  type ServerStream,
  type StreamReader,
} from '../../src';

export type Handler = (stream: ServerStream, headers: IncomingHttpHeaders, ended: boolean) => void;

const OK = encodeHeaders({ ':status': 200 });
const DONE = encodeHeaders({ 'x-done': 1 });
const NOT_FOUND = encodeHeaders({ ':status': 404 });
const MOST_GIVEN = 2 ** 26;
const PATTERN = Buffer.from(Array.from({ length: 65_521 }, (_, at) => (at * at + 7 * at) % 251));

/** As many bytes, the same ones each time; where they begin is told by `from`. */
export function patternBytes(length: number, from = 0): Buffer {
  const bytes = Buffer.allocUnsafe(length);
  for (let at = 0, skip = from % PATTERN.byteLength; at < length; skip = 0)
    at += PATTERN.copy(bytes, at, skip);
  return bytes;
}

export const digestOf = (...parts: readonly Uint8Array[]): string => {
  const hash = createHash('sha1');
  for (const part of parts) hash.update(part);
  return hash.digest('hex');
};

/** Takes the body of a call, and answers its digest. */
export class TakenCall implements StreamReader {
  bytes = 0;
  endings = 0;
  code: number | null = null;
  private readonly hash = createHash('sha1');

  constructor(
    readonly stream: ServerStream,
    readonly headers: IncomingHttpHeaders,
    ended: boolean,
    /** Whether the bytes are said to be taken. */
    private readonly takes = true,
  ) {
    stream.read(this);
    if (ended) this.end();
  }

  data(piece: Buffer): void {
    this.bytes += piece.byteLength;
    this.hash.update(piece);
    if (this.takes) this.stream.take(piece.byteLength);
  }

  end(): void {
    this.endings += 1;
    if (this.takes) this.stream.answer(OK, Buffer.from(this.hash.digest('hex')), DONE);
  }

  closed(code: number): void {
    this.code = code;
  }
}

/**
 * A server for the tests, on a free port. `/take` answers with the digest of the body, `/give/N` with N bytes, `/refuse` at once
 * and whatever comes, `/hold` never, and takes nothing. What it saw is kept.
 */
export class TestServer {
  readonly faults: unknown[] = [];
  /** Codes of the connections that ended. */
  readonly goodbyes: number[] = [];
  readonly taken: TakenCall[] = [];
  readonly held: TakenCall[] = [];
  readonly server: Http2Server;
  port = 0;

  constructor(
    options: Pick<Http2ServerOptions, 'limits' | 'tls'> = {},
    private readonly handlers: Readonly<Record<string, Handler>> = {},
  ) {
    this.server = new Http2Server({
      ...options,
      onCall: (stream, headers, ended) => this.take(stream, headers, ended),
      onFault: (thrown) => this.faults.push(thrown),
      onClose: (code) => this.goodbyes.push(code),
    });
  }

  async listen(): Promise<void> {
    this.port = await this.server.listen('127.0.0.1', 0);
  }

  get size(): number {
    return this.server.size;
  }

  async close(graceMs = 0): Promise<void> {
    await this.server.close(graceMs);
  }

  private take(stream: ServerStream, headers: IncomingHttpHeaders, ended: boolean): void {
    const path = headers[':path']!;
    const handler = this.handlers[path];
    const [, what, bytes] = path.split('/');
    if (handler) handler(stream, headers, ended);
    else if (what === 'take') this.taken.push(new TakenCall(stream, headers, ended));
    else if (what === 'hold') this.held.push(new TakenCall(stream, headers, ended, false));
    else if (what === 'give') give(stream, Math.max(0, Math.min(Number(bytes) || 0, MOST_GIVEN)));
    else if (what === 'refuse') stream.respond(encodeHeaders({ ':status': 503, 'x-why': 'full' }), true);
    else stream.respond(NOT_FOUND, true);
  }
}

function give(stream: ServerStream, bytes: number): void {
  stream.read({ data: () => undefined, end: () => undefined, closed: () => undefined });
  stream.answer(OK, patternBytes(bytes), DONE);
}
