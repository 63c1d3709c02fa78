import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { connect as connectTls, type ConnectionOptions } from 'node:tls';
import { eventually } from '@steward/testing';
import { FLAG, FRAME, HEAD_BYTES, PREFACE } from '../../src/frames';
import { HpackDecoder, type HeaderList } from '../../src/hpack/hpack-decoder';
import { called, frame, settings, type Frame } from './frames';

const SOON = { withinMs: 30_000, everyMs: 2 } as const;

/** A client that says whatever it is told to, and keeps what it hears. */
export class RawClient {
  readonly frames: Frame[] = [];
  /** Of the answers, in their order: blocks must be decoded one after the other. */
  readonly blocks: { readonly id: number; readonly fields: HeaderList }[] = [];
  /** The server has ended the connection; it is closed, and how it was broken off where it did not end in order. */
  ended = false;
  closed = false;
  broken: string | null = null;
  private readonly decoder = new HpackDecoder();
  private rest = Buffer.alloc(0);
  private nextId = 1;

  private constructor(readonly socket: Socket) {
    socket.on('data', (chunk: Buffer) => this.read(chunk));
    socket.on('end', () => (this.ended = true));
    socket.on('close', () => (this.closed = true));
    socket.on('error', ({ message }) => (this.broken = message));
  }

  /** Says nothing by itself. */
  static async connect(port: number): Promise<RawClient> {
    const client = new RawClient(connect({ port, host: '127.0.0.1', noDelay: true }));
    await once(client.socket, 'connect');
    return client;
  }

  /** Greets, and has heard the server's greeting. */
  static async open(port: number, greeting: Buffer = settings()): Promise<RawClient> {
    return await (await RawClient.connect(port)).greet(greeting);
  }

  /** The same over TLS. */
  static async openTls(port: number, options: ConnectionOptions, greeting: Buffer): Promise<RawClient> {
    const client = new RawClient(connectTls({ port, host: 'localhost', ALPNProtocols: ['h2'], ...options }));
    await once(client.socket, 'secureConnect');
    return await client.greet(greeting);
  }

  write(...parts: readonly Buffer[]): void {
    this.socket.write(Buffer.concat(parts));
  }

  /** Resolves when the kernel has it. */
  async send(bytes: Buffer): Promise<void> {
    await new Promise((resolve) => this.socket.write(bytes, resolve));
  }

  /** The first frame of that kind, also where it has come already. */
  async see(type: number, id?: number, flags = 0): Promise<Frame> {
    const likes = (each: Frame): boolean =>
      each.type === type && (id === undefined || each.id === id) && (each.flags & flags) === flags;
    return await eventually(() => {
      const found = this.frames.find(likes);
      if (!found) throw new Error(`No frame of type ${type} among ${this.told()}`);
      return found;
    }, SOON);
  }

  /** The server's answer to a ping, and so to all before it. */
  async sees(echo: string): Promise<void> {
    await eventually(
      () => expect(this.frames.map(({ payload }) => payload.toString())).toContain(echo),
      SOON,
    );
  }

  /** The code of the server's goodbye, behind which it ended the connection in order. */
  async goodbye(): Promise<number> {
    const { payload } = await this.see(FRAME.GOAWAY);
    await this.isClosed();
    expect({ ended: this.ended, broken: this.broken }).toEqual({ ended: true, broken: null });
    return payload.readUInt32BE(4);
  }

  async isClosed(): Promise<void> {
    await eventually(() => expect(this.closed).toBe(true), SOON);
  }

  /** The code that the server reset the stream with. */
  async resetOf(id: number): Promise<number> {
    return (await this.see(FRAME.RST_STREAM, id)).payload.readUInt32BE(0);
  }

  /** The body of the answer, once it is whole. */
  async answerTo(id: number): Promise<string> {
    await eventually(() => {
      const ends = this.frames.some(
        (each) => each.id === id && (each.flags & FLAG.END_STREAM) !== 0 && isBody(each),
      );
      if (!ends) throw new Error(`No answer to ${id} among ${this.told()}`);
    }, SOON);
    return this.bodyOf(id).toString();
  }

  bodyOf(id: number): Buffer {
    const pieces = this.frames.filter((each) => each.type === FRAME.DATA && each.id === id);
    return Buffer.concat(pieces.map(({ payload }) => payload));
  }

  /** Calls on a stream of its own, by default one that was not used by {@link call}. */
  async call(path: string, id = this.nextId): Promise<string> {
    this.nextId = id + 2;
    this.write(called(id, path));
    return await this.answerTo(id);
  }

  close(): void {
    this.socket.destroy();
  }

  private async greet(greeting: Buffer): Promise<this> {
    this.write(PREFACE, greeting, frame(FRAME.SETTINGS, FLAG.ACK, 0));
    await this.see(FRAME.SETTINGS);
    return this;
  }

  private told(): string {
    const last = this.frames
      .slice(-20)
      .map(({ type, id, payload }) => `${type}/${id}(${payload.byteLength})`);
    return `${last.join(' ')}${this.ended ? ' END' : ''} ${this.broken ?? ''}`;
  }

  private read(chunk: Buffer): void {
    let bytes = Buffer.concat([this.rest, chunk]);
    while (bytes.byteLength >= HEAD_BYTES) {
      const end = HEAD_BYTES + bytes.readUIntBE(0, 3);
      if (bytes.byteLength < end) break;
      const came = {
        type: bytes[3]!,
        flags: bytes[4]!,
        id: bytes.readUInt32BE(5),
        payload: bytes.subarray(HEAD_BYTES, end),
      };
      this.frames.push(came);
      if (came.type === FRAME.HEADERS)
        this.blocks.push({ id: came.id, fields: this.decoder.decode(came.payload) });
      bytes = bytes.subarray(end);
    }
    this.rest = bytes;
  }
}

const isBody = ({ type }: Frame): boolean => type === FRAME.DATA || type === FRAME.HEADERS;
