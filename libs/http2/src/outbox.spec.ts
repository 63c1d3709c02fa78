import type { Socket } from 'node:net';
import { FRAME } from './frames';
import { Outbox } from './outbox';

/** A socket that holds on to what it is given, until it is told that all has left. */
class HeldSocket {
  readonly written: Uint8Array[] = [];
  writable = true;
  /** As if the kernel took everything at once. */
  swallows = true;
  private held = 0;

  write(bytes: Uint8Array): boolean {
    this.written.push(this.swallows ? Buffer.from(bytes) : bytes);
    if (!this.swallows) this.held += bytes.byteLength;
    return this.swallows;
  }

  get writableLength(): number {
    return this.held;
  }

  get bytes(): Buffer {
    return Buffer.concat(this.written);
  }
}

const outboxOf = (socket: HeldSocket): Outbox => new Outbox(socket as unknown as Socket);

/** A frame of 3,000 bytes of this value. */
function put(outbox: Outbox, value: number): void {
  outbox.head(3_000, FRAME.DATA, 0, value);
  outbox.bytes(Buffer.alloc(3_000, value));
}

describe('Outbox', () => {
  let socket: HeldSocket;
  let outbox: Outbox;
  beforeEach(() => {
    socket = new HeldSocket();
    outbox = outboxOf(socket);
  });

  it('writes heads and numbers as the wire has them', () => {
    outbox.head(0x01_02_03, 0x04, 0x05, 0x7f_00_00_ff);
    outbox.byte(0xfe);
    outbox.uint16(0xabcd);
    outbox.uint32(0xff_fe_fd_fc);
    outbox.flush();
    expect(socket.bytes.toString('hex')).toBe('01020304057f0000ff_fe_abcd_fffefdfc'.replaceAll('_', ''));
  });

  it('gathers small frames for one write, and writes nothing where there is nothing', () => {
    outbox.flush();
    expect(socket.written).toEqual([]);
    put(outbox, 1);
    put(outbox, 2);
    expect(socket.written).toEqual([]);
    outbox.flush();
    outbox.flush();
    expect(socket.written).toHaveLength(1);
    expect(socket.bytes).toHaveLength(2 * 3_009);
  });

  it('keeps the order of small frames, large payloads and more than it has room for', () => {
    const expected: Buffer[] = [];
    for (let each = 0; each < 40; each += 1) {
      const payload = Buffer.alloc(each % 3 === 0 ? 5_000 : 2_000, each);
      outbox.head(payload.byteLength, FRAME.DATA, 0, each);
      outbox.bytes(payload);
      const head = Buffer.from([0, payload.byteLength >> 8, payload.byteLength & 0xff, 0, 0, 0, 0, 0, each]);
      expected.push(head, payload);
    }
    outbox.flush();
    expect(socket.bytes.equals(Buffer.concat(expected))).toBe(true);
  });

  it('copies small payloads, and leaves large ones where they are', () => {
    const small = Buffer.alloc(4_096, 1);
    const large = Buffer.alloc(4_097, 1);
    outbox.bytes(small);
    outbox.bytes(large);
    small.fill(2);
    expect(socket.written[1]).toEqual(large);
    expect(socket.bytes.every((byte) => byte === 1)).toBe(true);
  });

  it('uses memory again that has left, and none that the socket holds, not even in another connection', () => {
    socket.swallows = false;
    const others = Array.from({ length: 3 }, () => new HeldSocket());
    for (let each = 0; each < 60; each += 1) {
      put(outbox, each);
      outbox.flush();
      for (const other of others) {
        const its = outboxOf(other);
        put(its, 255);
        its.flush();
        put(its, 254);
        its.flush();
      }
    }
    for (const [each, bytes] of socket.written.entries()) {
      expect(bytes.subarray(9).every((byte) => byte === each)).toBe(true);
    }
    const memory = new Set(socket.written.map(({ buffer }) => buffer));
    expect(memory.size).toBe(60);
  });

  it('does not take memory back of which a part is held', () => {
    put(outbox, 1);
    socket.swallows = false;
    outbox.bytes(Buffer.alloc(5_000, 2));
    socket.swallows = true;
    // The socket still holds the large payload, so nothing says that what follows has left.
    put(outbox, 3);
    outbox.flush();
    expect(socket.bytes).toHaveLength(3_009 + 5_000 + 3_009);
  });

  it('writes nothing to a socket that has ended', () => {
    put(outbox, 1);
    socket.writable = false;
    outbox.flush();
    outbox.bytes(Buffer.alloc(5_000));
    outbox.flush();
    expect(socket.written).toEqual([]);
    // What was meant for it then is forgotten.
    socket.writable = true;
    put(outbox, 2);
    outbox.flush();
    expect(socket.bytes).toHaveLength(3_009);
  });
});
