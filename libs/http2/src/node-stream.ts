import { Duplex } from 'node:stream';
import type { OutgoingHttpHeaders } from 'node:http2';
import type { Socket } from 'node:net';
import { CODE } from './frames';
import { encodeHeaders } from './hpack/encode-headers';
import type { ServerStream } from './server-stream';

/** Read ahead of whoever takes the body; more stays with the caller, by the stream's window. */
const READ_AHEAD_BYTES = 64 * 1024;

/** How an answer begins: node:http2's options of the same names. */
export interface RespondOptions {
  readonly endStream?: boolean;
  readonly waitForTrailers?: boolean;
}

/**
 * A call in the shape of node:http2's `ServerHttp2Stream`, as far as grpc-js uses it: the body to be read, the answer to be
 * written, `respond`, `wantTrailers` and `sendTrailers`, `close`, `rstCode`, and the socket by `session`.
 */
export class NodeStream extends Duplex {
  rstCode: number = CODE.NO_ERROR;
  headersSent = false;
  readonly session: { readonly socket: Socket };
  private waitForTrailers = false;
  /** Bytes that were read ahead of whoever reads this, and are said to be taken when he asks for more. */
  private ahead = 0;

  /** @param before pieces of the body that were read already, and were said to be taken */
  constructor(
    private readonly stream: ServerStream,
    before: readonly Buffer[] = [],
  ) {
    super({ highWaterMark: READ_AHEAD_BYTES });
    this.session = { socket: stream.connection.socket };
    for (const piece of before) this.push(piece);
    if (stream.remoteEnded) this.push(null);
    stream.read({
      data: (piece) => {
        this.ahead += piece.length;
        if (this.push(piece)) this.takeAll();
      },
      end: () => this.push(null),
      closed: (code) => {
        this.rstCode = code;
        this.destroy();
      },
    });
  }

  respond(headers: OutgoingHttpHeaders, options: RespondOptions = {}): void {
    if (this.destroyed || this.headersSent) return;
    const { endStream = false, waitForTrailers = false } = options;
    const block = encodeHeaders(headers);
    this.headersSent = true;
    this.waitForTrailers = waitForTrailers;
    this.stream.respond(block, endStream);
    if (endStream) this.end();
  }

  /** Ends the answer; only when `wantTrailers` was emitted. */
  sendTrailers(headers: OutgoingHttpHeaders): void {
    this.stream.finish(encodeHeaders(headers));
  }

  /** Resets the call. */
  close(code: number = CODE.NO_ERROR): void {
    this.stream.reset(code);
  }

  override _read(): void {
    this.takeAll();
  }

  override _write(piece: Buffer, _encoding: BufferEncoding, done: () => void): void {
    this.stream.write(piece, done);
  }

  override _final(done: () => void): void {
    if (!this.stream.localEnded) {
      if (this.waitForTrailers) this.emit('wantTrailers');
      // Whoever wanted to send trailers has done so, or sends none.
      this.stream.finish(null);
    }
    done();
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    if (!this.stream.isOver) this.stream.reset(error ? CODE.INTERNAL_ERROR : CODE.CANCEL);
    done(error);
  }

  private takeAll(): void {
    const { ahead } = this;
    this.ahead = 0;
    if (ahead > 0) this.stream.take(ahead);
  }
}
