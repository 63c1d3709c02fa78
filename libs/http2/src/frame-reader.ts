import { CODE, ConnectionError, FLAG, FRAME, FRAME_BYTES, HEAD_BYTES, PREFACE } from './frames';

const NOTHING = Buffer.alloc(0);

/** Who takes the frames of a connection, in their order. Any of these may throw a ConnectionError. */
export interface FrameTaker {
  /** A frame of data without padding begins; its payload follows in pieces. */
  dataBegins(id: number, bytes: number, ends: boolean): void;
  /** A piece of the frame that began; `last`: it is the last one. */
  dataPiece(piece: Buffer, last: boolean): void;
  /** Any other frame, and the first one of a connection whatever it is, whole. */
  frame(type: number, flags: number, id: number, payload: Buffer): void;
}

/** Cuts what a socket gave into frames, where they lie: data are told as they come, of all others the whole is waited for. */
export class FrameReader {
  private state: 'preface' | 'first' | 'frames' | 'stopped' = 'preface';
  /** The start of a frame whose rest has not come. */
  private rest: Buffer = NOTHING;
  private dataLeft = 0;

  constructor(private readonly taker: FrameTaker) {}

  /** Nothing is told any more. */
  stop(): void {
    this.state = 'stopped';
    this.rest = NOTHING;
  }

  /** Throws a ConnectionError for what is no frame, and what the taker throws. */
  read(chunk: Buffer): void {
    const bytes = this.rest.length > 0 ? Buffer.concat([this.rest, chunk]) : chunk;
    this.rest = NOTHING;
    let at = this.state === 'preface' ? this.preface(bytes) : 0;
    const size = bytes.length;
    while (at < size && !this.isStopped()) {
      if (this.dataLeft > 0) {
        const end = Math.min(size, at + this.dataLeft);
        this.dataLeft -= end - at;
        const piece = at === 0 && end === size ? bytes : bytes.subarray(at, end);
        this.taker.dataPiece(piece, this.dataLeft === 0);
        at = end;
        continue;
      }
      if (size - at < HEAD_BYTES) break;
      const length = (bytes[at]! << 16) | (bytes[at + 1]! << 8) | bytes[at + 2]!;
      const type = bytes[at + 3]!;
      const flags = bytes[at + 4]!;
      const id =
        ((bytes[at + 5]! & 0x7f) << 24) | (bytes[at + 6]! << 16) | (bytes[at + 7]! << 8) | bytes[at + 8]!;
      if (length > FRAME_BYTES) throw new ConnectionError(CODE.FRAME_SIZE_ERROR, 'A frame is too long.');
      const start = at + HEAD_BYTES;
      if (type === FRAME.DATA && (flags & FLAG.PADDED) === 0 && this.state === 'frames') {
        this.dataLeft = length;
        this.taker.dataBegins(id, length, (flags & FLAG.END_STREAM) !== 0);
        at = start;
        continue;
      }
      if (size - start < length) break;
      at = start + length;
      if (this.state === 'first') this.state = 'frames';
      this.taker.frame(type, flags, id, bytes.subarray(start, at));
    }
    if (at < size && !this.isStopped()) this.rest = bytes.subarray(at);
  }

  private isStopped(): boolean {
    return this.state === 'stopped';
  }

  private preface(bytes: Buffer): number {
    const length = Math.min(bytes.length, PREFACE.length);
    if (bytes.compare(PREFACE, 0, length, 0, length) !== 0)
      throw new ConnectionError(CODE.PROTOCOL_ERROR, 'The peer does not speak HTTP/2.');
    if (length === PREFACE.length) {
      this.state = 'first';
      return length;
    }
    this.rest = bytes;
    return bytes.length;
  }
}
