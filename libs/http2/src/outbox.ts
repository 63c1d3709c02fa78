import type { Socket } from 'node:net';
import { HEAD_BYTES } from './frames';

/** Small frames are gathered in a piece of memory of this size, and leave in one write. */
const ROOM_BYTES = 32 * 1024;
/** Larger payloads leave from where they lie. */
const COPIED_BYTES = 4 * 1024;
/** Pieces that no connection uses at the moment: they are only held between a frame and the flush after it. */
const spare: Buffer[] = [];
const MOST_SPARE = 16;

/** What goes to one socket: frames are written one after the other and leave with {@link flush}. */
export class Outbox {
  private room: Buffer | null = null;
  private at = 0;

  constructor(private readonly socket: Socket) {}

  /** The head of a frame whose payload is `length` bytes that are written next. */
  head(length: number, type: number, flags: number, stream: number): void {
    const room = this.ensure(HEAD_BYTES);
    let at = this.at;
    room[at++] = length >>> 16;
    room[at++] = length >>> 8;
    room[at++] = length;
    room[at++] = type;
    room[at++] = flags;
    room[at++] = stream >>> 24;
    room[at++] = stream >>> 16;
    room[at++] = stream >>> 8;
    room[at++] = stream;
    this.at = at;
  }

  byte(value: number): void {
    this.ensure(1)[this.at++] = value;
  }

  uint16(value: number): void {
    this.at = this.ensure(2).writeUInt16BE(value, this.at);
  }

  uint32(value: number): void {
    this.at = this.ensure(4).writeUInt32BE(value, this.at);
  }

  /** Copied if small; else they must not change until they have left. */
  bytes(bytes: Uint8Array): void {
    if (bytes.length > COPIED_BYTES) {
      this.flush();
      if (this.socket.writable) this.socket.write(bytes);
      return;
    }
    this.ensure(bytes.length).set(bytes, this.at);
    this.at += bytes.length;
  }

  flush(): void {
    const { room, at, socket } = this;
    if (room === null || at === 0) return;
    this.room = null;
    this.at = 0;
    // Nothing is written behind its end: that would break off what is still leaving.
    if (!socket.writable) return;
    socket.write(at === room.length ? room : room.subarray(0, at));
    // The kernel has it all: the memory is free again. Otherwise the socket holds on to it.
    if (socket.writableLength === 0 && spare.length < MOST_SPARE) spare.push(room);
  }

  private ensure(bytes: number): Buffer {
    if (this.room !== null && this.at + bytes > ROOM_BYTES) this.flush();
    return (this.room ??= spare.pop() ?? Buffer.allocUnsafeSlow(ROOM_BYTES));
  }
}
