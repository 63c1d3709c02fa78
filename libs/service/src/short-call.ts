import type { IncomingHttpHeaders } from 'node:http2';
import { Metadata, status, type ServiceError } from '@grpc/grpc-js';
import type { EntryDecision } from '@steward/access';
import { encodeHeaders, type ServerStream, type StreamReader } from '@steward/http2';
import type { AppError } from '@steward/kernel';
import type { TracedCall } from './call-tracing';
import { GRPC_STATUS } from './error-tables';
import { timeoutMillis } from './grpc-timeout';
import { FRAME_BYTES, type EncodedCall, type RpcShortcut } from './rpc-shortcut';

const RESPONSE = encodeHeaders({
  ':status': 200,
  'content-type': 'application/grpc+proto',
  'grpc-accept-encoding': 'identity,deflate,gzip',
});
const DONE = encodeHeaders({ 'grpc-status': 0 });
/** Timers of nearly the same time share one list of the event loop; the time itself is looked at when it is needed. */
const TIMER_GRAIN_MS = 50;

/** A piece that is kept may hold on to so many times its own bytes; a smaller one is copied. */
const MOST_AROUND = 8;
/** What a piece costs beside its bytes. */
const PIECE_BYTES = 200;

/** Bytes of messages, of all calls of a server, that are not whole yet. */
export class Gathering {
  bytes = 0;
}

/** What a call tells of its end, and who takes it if not the shortcut. */
export interface ShortCallHost {
  readonly shortcut: RpcShortcut;
  readonly decision: EntryDecision | null;
  readonly messageBytes: number;
  readonly gathering: Gathering;
  /** What refuses a call at its headers: null where nothing does. */
  readonly refusal: () => AppError | null;
  readonly trace: (headers: IncomingHttpHeaders) => TracedCall | null;
  /** The whole answer of a refused call. */
  readonly refusalBlock: (refusal: AppError, headers: IncomingHttpHeaders) => Buffer;
  readonly errorOf: (thrown: unknown, call: EncodedCall) => Partial<ServiceError>;
  readonly ended: (startedMs: number, code: status) => void;
  /** Gives grpc-js a call of which so much was read. */
  readonly handOver: (stream: ServerStream, headers: IncomingHttpHeaders, read: readonly Buffer[]) => void;
}

/**
 * One unary call on its HTTP/2 stream: gRPC's framing, deadline, status and trailers, as grpc-js does them. Until the
 * shortcut has begun to answer, the call can be handed over, with all that has been read of it.
 */
export class ShortCall implements EncodedCall, StreamReader {
  message: Buffer = EMPTY;
  deadline: number | undefined = undefined;
  private chunks: Buffer[] = [];
  private bytes = 0;
  private whole = 0;
  /** Counted in the host's gathering. */
  private gathered = 0;
  private request: unknown = null;
  private state: 'reading' | 'read' | 'answering' | 'over' = 'reading';
  private timer: NodeJS.Timeout | null = null;
  private traced: TracedCall | null = null;
  private readonly started = performance.now();

  private constructor(
    private readonly host: ShortCallHost,
    private readonly stream: ServerStream,
    private readonly headers: IncomingHttpHeaders,
  ) {}

  /** Takes the call of a new stream, or hands it over at once. */
  static begin(host: ShortCallHost, stream: ServerStream, headers: IncomingHttpHeaders): void {
    const timeout = headers['grpc-timeout'];
    const millis = timeout === undefined ? 0 : timeoutMillis(String(timeout));
    if (Number.isNaN(millis) || !isPlain(headers)) return host.handOver(stream, headers, []);
    const refusal = host.refusal();
    if (refusal) {
      const started = performance.now();
      stream.respond(host.refusalBlock(refusal, headers), true);
      return host.ended(started, GRPC_STATUS[refusal.kind]);
    }
    const call = new ShortCall(host, stream, headers);
    stream.read(call);
    if (timeout !== undefined) call.expireIn(millis);
  }

  get decision(): EntryDecision | null {
    return this.host.decision;
  }

  header(name: string): string | undefined {
    const value = this.headers[name];
    return Array.isArray(value) ? value[0] : value;
  }

  metadata(): Metadata {
    return Metadata.fromHttp2Headers(this.headers);
  }

  peer(): string {
    const { socket } = this.stream.connection;
    return socket.remoteAddress ? `${socket.remoteAddress}:${socket.remotePort ?? 0}` : 'unknown';
  }

  data(piece: Buffer): void {
    this.stream.take(piece.length);
    if (this.state === 'over') return;
    this.chunks.push(piece);
    this.bytes += piece.length;
    // A second message: grpc-js says what it makes of that.
    if (this.state === 'read') return this.handOver();
    if (this.bytes < FRAME_BYTES) return this.keep(piece);
    if (this.whole === 0) {
      const head = this.chunks.length === 1 ? piece : Buffer.concat(this.chunks);
      const length = head.readUInt32BE(1);
      // What is compressed or too large is grpc-js' to take or to refuse.
      if (head[0] !== 0 || length > this.host.messageBytes) return this.handOver();
      this.whole = FRAME_BYTES + length;
    }
    if (this.bytes === this.whole) this.ask();
    else if (this.bytes > this.whole) this.handOver();
    else this.keep(piece);
  }

  /** The rest of the message is still to come. A piece is a view of what the socket gave, which may be much more. */
  private keep(piece: Buffer): void {
    if (piece.length * MOST_AROUND < piece.buffer.byteLength)
      this.chunks[this.chunks.length - 1] = Buffer.from(piece);
    const bytes = piece.length + PIECE_BYTES;
    this.gathered += bytes;
    this.host.gathering.bytes += bytes;
  }

  closed(): void {
    if (this.state === 'over') return;
    this.close(status.CANCELLED);
  }

  /** The message is there: what does it ask? */
  private ask(): void {
    const framed = this.chunks.length === 1 ? this.chunks[0]! : joined(this.chunks, this.bytes);
    this.chunks = [framed];
    this.message = framed.subarray(FRAME_BYTES);
    this.state = 'read';
    try {
      this.request = this.host.shortcut.read(this);
      if (this.request === null) this.handOver();
    } catch (thrown) {
      this.fail(thrown);
    }
  }

  end(): void {
    if (this.state === 'over') return;
    if (this.state === 'reading') {
      const details = `Received no request message for unary method ${this.host.shortcut.path}`;
      return this.refuse({ code: status.UNIMPLEMENTED, details });
    }
    this.state = 'answering';
    this.forget();
    this.traced = this.host.trace(this.headers);
    try {
      const answer = this.traced ? this.traced.run(() => this.answer()) : this.answer();
      if (answer instanceof Promise)
        answer.then(
          (late) => this.succeed(late),
          (thrown) => this.fail(thrown),
        );
      else this.succeed(answer);
    } catch (thrown) {
      this.fail(thrown);
    }
  }

  private answer(): Buffer | Promise<Buffer> {
    if (this.deadline !== undefined && Date.now() >= this.deadline) this.expire();
    return this.state === 'over' ? EMPTY : this.host.shortcut.answer(this.request);
  }

  private succeed(framed: Buffer): void {
    if (this.state === 'over') return;
    const { length } = framed;
    if (length - FRAME_BYTES > this.host.messageBytes) {
      const details = `Sent message larger than max (${length} vs. ${this.host.messageBytes})`;
      return this.refuse({ code: status.RESOURCE_EXHAUSTED, details });
    }
    framed[0] = 0;
    framed.writeUInt32BE(length - FRAME_BYTES, 1);
    this.close(status.OK);
    this.stream.answer(RESPONSE, framed, DONE);
  }

  private fail(thrown: unknown): void {
    if (this.state !== 'over') this.refuse(this.host.errorOf(thrown, this));
  }

  /** Answers with a status alone. */
  private refuse({ code = status.UNKNOWN, details = '', metadata }: Partial<ServiceError>): void {
    this.close(code, details);
    this.stream.respond(statusBlock({ code, details, ...(metadata && { metadata }) }), true);
  }

  private close(code: status, details?: string): void {
    this.state = 'over';
    this.forget();
    if (this.timer) clearTimeout(this.timer);
    this.traced?.end(code, details);
    this.host.ended(this.started, code);
  }

  /** Gives the stream to grpc-js as if nobody had read from it. */
  private handOver(): void {
    const { stream, chunks } = this;
    this.state = 'over';
    this.forget();
    if (this.timer) clearTimeout(this.timer);
    this.host.handOver(stream, this.headers, chunks);
  }

  private forget(): void {
    this.host.gathering.bytes -= this.gathered;
    this.gathered = 0;
    this.chunks = [];
  }

  private expireIn(millis: number): void {
    this.deadline = Date.now() + millis;
    const grain = Math.ceil((millis + 1) / TIMER_GRAIN_MS) * TIMER_GRAIN_MS;
    this.timer = setTimeout(
      () => {
        if (this.state !== 'over') this.expire();
      },
      Math.min(grain, LONGEST_TIMER_MS),
    );
  }

  private expire(): void {
    this.refuse({ code: status.DEADLINE_EXCEEDED, details: 'Deadline exceeded' });
  }
}

/** An answer that is a status alone. */
export function statusBlock({
  code = status.UNKNOWN,
  details = '',
  metadata,
}: Partial<ServiceError>): Buffer {
  return encodeHeaders({
    ':status': 200,
    'content-type': 'application/grpc+proto',
    'grpc-status': code,
    'grpc-message': encodeURI(details),
    ...metadata?.toHttp2Headers(),
  });
}

const EMPTY = Buffer.alloc(0);
/** Node.js runs longer timers at once. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/** In one piece of memory of its own, whose end is aligned. */
function joined(chunks: readonly Buffer[], bytes: number): Buffer {
  let at = -bytes & 7;
  const whole = Buffer.allocUnsafeSlow(at + bytes);
  const start = at;
  for (const chunk of chunks) {
    whole.set(chunk, at);
    at += chunk.length;
  }
  return whole.subarray(start);
}

/** gRPC without a compression that grpc-js would have to take off; an odd content type is its to refuse. */
function isPlain(headers: IncomingHttpHeaders): boolean {
  const encoding = headers['grpc-encoding'];
  const type = headers['content-type'];
  return (
    (encoding === undefined || encoding === 'identity') &&
    type !== undefined &&
    type.startsWith('application/grpc') &&
    headers[':method'] === 'POST'
  );
}
