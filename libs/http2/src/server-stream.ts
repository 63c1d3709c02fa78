import type { Http2Connection } from './connection';
import { CODE } from './frames';

/** Who takes what comes of a call. */
export interface StreamReader {
  /** A piece of the body. Its memory is not used again. */
  data(piece: Buffer): void;
  /** The whole body has come. */
  end(): void;
  /** The stream is over, in both directions, or was reset by either side: nothing follows. */
  closed(code: number): void;
}

/** A piece of the answer that waits for room in the windows. */
interface Waiting {
  bytes: Uint8Array;
  readonly sent: (() => void) | undefined;
}

/**
 * One call: its answer is made of blocks of headers (see `encodeHeaders`) and data, which wait for the caller's
 * flow-control windows by themselves. What is written after the stream is over is dropped.
 */
export class ServerStream {
  /** @internal */ reader: StreamReader | null = null;
  /** @internal What the caller may still send. */ receivable: number;
  /** @internal Taken, and not yet said to the caller. */ taken = 0;
  /** @internal Come, and not yet taken. */ untaken = 0;
  /** @internal What the caller still takes. */ sendable: number;
  /** @internal Bytes of the body still to come by content-length; -1: it did not say. */ announced = -1;
  /** The caller has sent all. */
  remoteEnded = false;
  /** Answered to its end. */
  localEnded = false;
  /** Over for both. */
  isOver = false;
  private waiting: Waiting[] | null = null;
  private last: Buffer | 'end' | null = null;

  /** @internal */
  constructor(
    readonly connection: Http2Connection,
    readonly id: number,
    receivable: number,
    sendable: number,
  ) {
    this.receivable = receivable;
    this.sendable = sendable;
  }

  /** Who takes the body; before the first piece comes, or in place of another. */
  read(reader: StreamReader): void {
    this.reader = reader;
  }

  /** The head of the answer; `end`: it is all of it. */
  respond(block: Buffer, end: boolean): void {
    if (this.isOver || this.localEnded) return;
    this.connection.writeHeaders(this.id, block, end);
    if (end) this.ended();
  }

  /** The head, one piece of data and the trailers: the way of a short answer, in one go where the windows allow it. */
  answer(head: Buffer, body: Uint8Array, trailers: Buffer): void {
    if (this.isOver || this.localEnded) return;
    const { connection, id } = this;
    connection.writeHeaders(id, head, false);
    this.write(body);
    this.finish(trailers);
  }

  /**
   * Data behind the head, which must not change any more. `sent` is called when there is room for more, because the socket
   * has taken all of it or the stream is over; that may be at once.
   */
  write(bytes: Uint8Array, sent?: () => void): void {
    if (this.isOver || this.localEnded) return sent?.();
    const whole = this.waiting === null ? this.connection.writeData(this, bytes) : 0;
    if (whole === bytes.length) return sent?.();
    (this.waiting ??= []).push({ bytes: bytes.subarray(whole), sent });
    this.connection.wait(this);
  }

  /** Ends the answer behind its data: with trailers or without. */
  finish(trailers: Buffer | null): void {
    if (this.isOver || this.localEnded) return;
    if (this.waiting !== null) {
      this.last ??= trailers ?? 'end';
      return;
    }
    if (trailers === null) this.connection.writeEnd(this.id);
    else this.connection.writeHeaders(this.id, trailers, true);
    this.ended();
  }

  /** Ends the stream at once, without an answer or in the middle of it. */
  reset(code: number): void {
    if (!this.isOver) this.connection.reset(this, code);
  }

  /** The caller may send so many bytes more: he whose reader took them says so. */
  take(bytes: number): void {
    this.connection.taken(this, bytes);
  }

  /** @internal */
  get isWaiting(): boolean {
    return this.waiting !== null;
  }

  /** @internal Sends what the windows allow. True: nothing waits any more. */
  pump(): boolean {
    while (this.waiting !== null) {
      const next = this.waiting[0]!;
      const sent = this.connection.writeData(this, next.bytes);
      if (sent < next.bytes.length) {
        next.bytes = next.bytes.subarray(sent);
        return false;
      }
      this.waiting.shift();
      if (this.waiting.length === 0) this.waiting = null;
      next.sent?.();
    }
    const { last } = this;
    this.last = null;
    if (last !== null) this.finish(last === 'end' ? null : last);
    return true;
  }

  /** @internal */
  over(code: number): void {
    this.isOver = true;
    const { reader, waiting } = this;
    this.reader = null;
    this.waiting = null;
    reader?.closed(code);
    for (const { sent } of waiting ?? []) sent?.();
  }

  private ended(): void {
    this.localEnded = true;
    // A caller who has his answer need not send the rest of his body (RFC 9113, section 8.1).
    if (this.remoteEnded) this.connection.remove(this, CODE.NO_ERROR);
    else this.connection.reset(this, CODE.NO_ERROR);
  }
}
