import { FLAG, FRAME, FRAME_BYTES } from './frames';
import type { Outbox } from './outbox';

/** Shrinks the table of dynamic headers, which this server never uses, to nothing. */
const TABLE_TO_NOTHING = 0x20;
const LARGEST_FRAME_SENT = 64 * 1024;

/** Writes the frames of one connection into its outbox, as the peer's settings allow. */
export class FrameWriter {
  private largest = FRAME_BYTES;
  private shrinkTable = false;

  constructor(private readonly out: Outbox) {}

  /** The largest payload of a frame that is sent. */
  get largestFrame(): number {
    return this.largest;
  }

  /** The peer takes frames of so many bytes. */
  takesFrames(bytes: number): void {
    this.largest = Math.min(bytes, LARGEST_FRAME_SENT);
  }

  /** The peer has another table: the next block says that it is not used (RFC 7541, section 4.2). */
  tableChanged(): void {
    this.shrinkTable = true;
  }

  headers(id: number, block: Buffer, end: boolean): void {
    const extra = this.shrinkTable ? 1 : 0;
    const length = block.length + extra;
    const last = end ? FLAG.END_STREAM : 0;
    const first = Math.min(length, this.largest);
    this.out.head(first, FRAME.HEADERS, last | (first === length ? FLAG.END_HEADERS : 0), id);
    if (extra === 1) {
      this.out.byte(TABLE_TO_NOTHING);
      this.shrinkTable = false;
    }
    if (first === length) {
      this.out.bytes(block);
      return;
    }
    this.out.bytes(block.subarray(0, first - extra));
    for (let at = first - extra; at < block.length; at += this.largest) {
      const part = block.subarray(at, at + this.largest);
      const flags = at + part.length === block.length ? FLAG.END_HEADERS : 0;
      this.out.head(part.length, FRAME.CONTINUATION, flags, id);
      this.out.bytes(part);
    }
  }

  data(id: number, bytes: Uint8Array): void {
    this.out.head(bytes.length, FRAME.DATA, 0, id);
    this.out.bytes(bytes);
  }

  /** An empty frame of data that ends the stream. */
  end(id: number): void {
    this.out.head(0, FRAME.DATA, FLAG.END_STREAM, id);
  }

  reset(id: number, code: number): void {
    this.out.head(4, FRAME.RST_STREAM, 0, id);
    this.out.uint32(code);
  }

  windowUpdate(id: number, bytes: number): void {
    this.out.head(4, FRAME.WINDOW_UPDATE, 0, id);
    this.out.uint32(bytes);
  }

  settings(settings: readonly (readonly [setting: number, value: number])[]): void {
    this.out.head(settings.length * 6, FRAME.SETTINGS, 0, 0);
    for (const [setting, value] of settings) {
      this.out.uint16(setting);
      this.out.uint32(value);
    }
  }

  acknowledgeSettings(): void {
    this.out.head(0, FRAME.SETTINGS, FLAG.ACK, 0);
  }

  ping(): void {
    this.out.head(8, FRAME.PING, 0, 0);
    this.out.uint32(0);
    this.out.uint32(0);
  }

  acknowledgePing(payload: Buffer): void {
    this.out.head(8, FRAME.PING, FLAG.ACK, 0);
    this.out.bytes(payload);
  }

  goAway(lastId: number, code: number, why: string): void {
    const reason = Buffer.from(why, 'latin1');
    this.out.head(8 + reason.length, FRAME.GOAWAY, 0, 0);
    this.out.uint32(lastId);
    this.out.uint32(code);
    this.out.bytes(reason);
  }
}
