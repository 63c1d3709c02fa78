import type { Socket } from 'node:net';
import type { RequestHead } from './http-shortcut';
import { plainHead, type PlainHead } from './plain-head';
import type { Sink, WrittenHeaders } from './shortcut-reply';

/** Larger requests are for Node.js, which reads them as they come. */
const MOST_BYTES = 64 * 1024;
const MOST_HEAD_BYTES = 8 * 1024;
/** Answers that a caller has not read. */
const UNREAD_BYTES = 256 * 1024;
const END_OF_HEAD = Buffer.from('\r\n\r\n');
const NOTHING = Buffer.alloc(0);
/** Answers up to this size are written into the same memory one after the other. */
const SCRATCH_BYTES = 16 * 1024;
/** The kernel has an answer when its write has returned; if not, the socket keeps this, and another takes its place. */
let scratch = Buffer.allocUnsafeSlow(SCRATCH_BYTES);

/** Who answers plain requests. */
export interface PlainHost<Taken> {
  /** Who takes the request; null: nobody here. */
  readonly take: (request: RequestHead) => Taken | null;
  /** Answers it by {@link PlainExchange.end}, once, now or later. */
  readonly answer: (taken: Taken, exchange: PlainExchange) => void;
  /** Gives the connection to Node.js, which reads what was read and not answered from the socket. */
  readonly handOver: (socket: Socket) => void;
  /** How each answer of this status begins: its line, and the headers that every answer has. */
  readonly start: (status: number) => Buffer;
  /** Headers that Node.js adds to each answer, as it writes them. */
  readonly tail: () => string;
  readonly onClose: (connection: PlainConnection<Taken>) => void;
}

/** A head that was read and taken, with the empty line that ends it. */
interface KnownHead<Taken> {
  readonly bytes: Buffer;
  readonly head: PlainHead;
  readonly taken: Taken;
}

/** One request of a connection, and where its answer goes. */
export interface PlainExchange extends Sink {
  readonly request: RequestHead;
  readonly body: Buffer;
}

/**
 * A connection of HTTP/1.1 whose requests are answered where they lie in what the socket gave, as long as each is plain,
 * small and wanted by somebody here. With the first that is not, the connection goes to Node.js for good, with that request
 * unread: what is odd is never read by two parsers, and never by this one.
 */
export class PlainConnection<Taken> {
  /** Requests since the last look. */
  private active = true;
  private pending: Buffer = NOTHING;
  private exchange: Exchange | null = null;
  private retired = false;
  private reading = false;
  private over = false;
  /** The last head: most of a connection are alike. */
  private known: KnownHead<Taken> | null = null;
  private readonly onData = (chunk: Buffer): void => this.read(chunk);
  private readonly onClose = (): void => this.closed();
  private readonly goOn = (): void => this.read(NOTHING);

  constructor(
    readonly socket: Socket,
    private readonly host: PlainHost<Taken>,
  ) {
    socket.setNoDelay(true);
    socket.on('data', this.onData);
    socket.on('close', this.onClose);
    // A broken socket also closes, and says so in time.
    socket.on('error', ignore);
  }

  /** Ends it if nothing came since the last look and nothing is being answered. */
  look(): void {
    if (!this.active && this.exchange === null) this.socket.end();
    this.active = false;
  }

  /** Gives it to Node.js as soon as nothing is being answered. */
  retire(): void {
    this.retired = true;
    if (this.exchange === null) this.handOver();
  }

  /** @internal */
  write(status: number, own: string, headers: readonly string[], body: Buffer | string): void {
    const { socket } = this;
    this.exchange = null;
    const whole = this.whole(this.host.start(status), own, headers, body);
    socket.write(whole);
    if (whole.buffer === scratch.buffer && socket.writableLength > 0)
      scratch = Buffer.allocUnsafeSlow(SCRATCH_BYTES);
    if (this.retired) return this.handOver();
    if (socket.writableLength > UNREAD_BYTES) {
      // He asks and does not read the answers: nothing more is read from him until he does.
      socket.pause();
      socket.once('drain', this.goOn);
    } else if (!this.reading) this.read(NOTHING);
  }

  private whole(start: Buffer, own: string, headers: readonly string[], body: Buffer | string): Buffer {
    const size = Buffer.byteLength(body);
    const text = `${own}${headerLines(headers)}content-length: ${size}\r\n${this.host.tail()}\r\n`;
    const bodyAt = start.length + text.length;
    const bytes = bodyAt + size;
    const whole = bytes > SCRATCH_BYTES ? Buffer.allocUnsafe(bytes) : scratch.subarray(0, bytes);
    whole.set(start);
    whole.write(text, start.length, 'latin1');
    if (typeof body === 'string') whole.write(body, bodyAt, 'utf8');
    else whole.set(body, bodyAt);
    return whole;
  }

  private read(chunk: Buffer): void {
    this.active = true;
    this.reading = true;
    this.parse(chunk);
    this.reading = false;
  }

  private parse(chunk: Buffer): void {
    let bytes = this.pending.length > 0 ? Buffer.concat([this.pending, chunk]) : chunk;
    this.pending = NOTHING;
    while (bytes.length > 0) {
      if (this.exchange !== null || this.socket.writableLength > UNREAD_BYTES) {
        // One answer after the other: what comes meanwhile waits, and stays in the kernel if it is much.
        this.pending = bytes;
        if (bytes.length > MOST_BYTES) this.socket.pause();
        return;
      }
      const known = this.headOf(bytes);
      this.pending = bytes;
      if (known === null) return this.handOver();
      const start = known.bytes.length;
      const length = start + known.head.bodyBytes;
      if (length > MOST_BYTES) return this.handOver();
      // The rest comes in a moment; a caller who keeps it back is ended by the next look but one.
      if (length > bytes.length) return;
      this.pending = bytes.subarray(length);
      this.exchange = new Exchange(this, known.head, bytes.subarray(start, length));
      this.host.answer(known.taken, this.exchange);
      if (this.over) return;
      bytes = this.pending;
      this.pending = NOTHING;
    }
    if (this.socket.isPaused()) this.socket.resume();
  }

  /** The head with which these bytes begin; null: none that is plain and wanted. */
  private headOf(bytes: Buffer): KnownHead<Taken> | null {
    if (this.known !== null && beginsWith(bytes, this.known.bytes)) return this.known;
    const end = bytes.indexOf(END_OF_HEAD);
    if (end < 0 || end > MOST_HEAD_BYTES) return null;
    const head = plainHead(bytes.toString('latin1', 0, end));
    const taken = head && this.host.take({ ...head, socket: this.socket });
    if (head === null || taken === null) return null;
    this.known = { bytes: Buffer.from(bytes.subarray(0, end + END_OF_HEAD.length)), head, taken };
    return this.known;
  }

  private handOver(): void {
    const { socket, pending } = this;
    this.forget();
    if (socket.destroyed) return;
    if (pending.length > 0) socket.unshift(pending);
    this.host.handOver(socket);
    if (socket.isPaused()) socket.resume();
  }

  private closed(): void {
    const { exchange } = this;
    this.exchange = null;
    this.forget();
    exchange?.left();
  }

  private forget(): void {
    const { socket } = this;
    this.over = true;
    this.pending = NOTHING;
    this.known = null;
    socket.off('data', this.onData).off('close', this.onClose).off('drain', this.goOn).off('error', ignore);
    this.host.onClose(this);
  }
}

class Exchange implements PlainExchange {
  onClosed: ((status: number, ended: boolean) => void) | null = null;
  readonly request: RequestHead;
  private over = false;

  constructor(
    private readonly connection: { readonly socket: Socket; write: PlainConnection<unknown>['write'] },
    { method, url, headers }: PlainHead,
    readonly body: Buffer,
  ) {
    this.request = { method, url, headers, socket: connection.socket };
  }

  end(status: number, own: WrittenHeaders, headers: readonly string[], body: Buffer | string): void {
    if (this.over) return;
    this.over = true;
    this.onClosed?.(status, true);
    this.connection.write(status, own.text, headers, body);
  }

  /** The caller has left. */
  left(): void {
    if (this.over) return;
    this.over = true;
    this.onClosed?.(200, false);
  }
}

/** Names and values in turn, as they go over the wire. */
export function headerLines(headers: readonly string[]): string {
  let lines = '';
  for (let at = 0; at < headers.length; at += 2) lines += `${headers[at]}: ${headers[at + 1]}\r\n`;
  return lines;
}

const beginsWith = (bytes: Buffer, start: Buffer): boolean =>
  bytes.length >= start.length && bytes.compare(start, 0, start.length, 0, start.length) === 0;
const ignore = (): void => undefined;
