import { connect } from 'node:net';
import { CODE, FLAG, FRAME, HEAD_BYTES, PREFACE, SETTING } from '../../src/frames';
import { PlainEncoder, type Step } from '../../src/hpack/plain-encoder.factory';
import {
  continuation,
  data,
  frame,
  headers,
  padded,
  paddedData,
  ping,
  resetStream,
  settings,
  windowUpdate,
} from './frames';

const { END_HEADERS, END_STREAM, PADDED } = FLAG;

/** The same numbers for the same seed (mulberry32). */
export class Random {
  constructor(private state: number) {}

  /** In [0, below). */
  int(below: number): number {
    this.state = (this.state + 0x6d2b79f5) >>> 0;
    let mixed = this.state;
    mixed = Math.imul(mixed ^ (mixed >>> 15), mixed | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * below);
  }

  chance(one: number): boolean {
    return this.int(one) === 0;
  }

  pick<Item>(items: readonly Item[]): Item {
    return items[this.int(items.length)]!;
  }

  bytes(length: number): Buffer {
    return Buffer.from(Array.from({ length }, () => this.int(256)));
  }
}

/** What a client might say that does everything right: its frames, the preface first. */
function conversation(random: Random, paths: readonly string[]): Buffer[] {
  const encoder = new PlainEncoder(4_096);
  const frames = [
    PREFACE,
    settings([SETTING.INITIAL_WINDOW_SIZE, random.pick([0, 1, 500, 65_535, 1_000_000])]),
  ];
  const literal = (name: string, value: string): Step => ({
    kind: 'literal',
    indexing: random.pick(['incremental', 'without', 'never']),
    name,
    value,
    huffman: random.chance(2),
  });
  const calls = 1 + random.int(6);
  for (let id = 1; id < 2 * calls; id += 2) {
    const whole = random.chance(4);
    const steps = [
      literal(':method', 'POST'),
      literal(':scheme', 'http'),
      literal(':path', random.pick(paths)),
      literal(':authority', 'here'),
      literal('x-much', 'y'.repeat(random.int(300))),
    ];
    const { block } = encoder.encode(steps, random.chance(5) ? random.int(4_096) : undefined);
    const last = whole ? END_STREAM : 0;
    const cut = random.int(block.byteLength);
    const how = random.int(5);
    if (how === 0)
      frames.push(
        headers(id, block.subarray(0, cut), last),
        continuation(id, block.subarray(cut), END_HEADERS),
      );
    else if (how === 1) frames.push(headers(id, padded(block, random.int(50)), END_HEADERS | PADDED | last));
    else frames.push(headers(id, block, END_HEADERS | last));
    for (let piece = whole ? 0 : random.int(5); piece > 0; piece -= 1) {
      const bytes = random.bytes(random.int(600));
      frames.push(random.chance(3) ? paddedData(id, padded(bytes, random.int(200))) : data(id, bytes));
      if (random.chance(3))
        frames.push(random.pick([ping(), windowUpdate(0, 900), windowUpdate(id, 90_000)]));
    }
    if (whole) continue;
    if (random.chance(5)) frames.push(resetStream(id, CODE.CANCEL));
    else if (random.chance(4))
      frames.push(headers(id, encoder.encode([literal('x-behind', '1')]).block, END_HEADERS | END_STREAM));
    else if (!random.chance(6)) frames.push(data(id, 'end', END_STREAM));
  }
  return frames;
}

/** Spoils a frame, or the order of all. */
const FRAME_SPOILERS: readonly ((frames: Buffer[], at: number, random: Random) => void)[] = [
  (frames, at) => void frames.splice(at, 1),
  (frames, at) => void frames.splice(at, 0, frames[at]!),
  (frames, at, random) => void frames.splice(at, 0, ...frames.splice(random.int(frames.length), 1)),
  (frames, at, random) =>
    void frames.splice(
      at,
      0,
      frame(random.int(12), random.int(256), random.int(12), random.bytes(random.int(30))),
    ),
  (frames, at, random) => void (frames[at]![3] = random.int(11)),
  (frames, at, random) => void (frames[at]![4]! ^= 1 << random.int(8)),
  (frames, at, random) => void (frames[at]![8] = random.int(16)),
  (frames, at, random) => void (frames[at]![2] = random.int(256)),
  (frames, at, random) => {
    const one = frames[at]!;
    const payload = one.subarray(HEAD_BYTES, HEAD_BYTES + random.int(one.byteLength));
    frames[at] = frame(one[3]!, one[4]!, one[8]!, payload);
  },
  (frames, at, random) =>
    void frames.splice(
      at,
      0,
      ...Array.from({ length: random.int(200) }, () => windowUpdate(1 + 2 * random.int(4), random.int(3))),
    ),
  (frames, at, random) =>
    void frames.splice(at, 0, settings([random.int(8), random.pick([0, 1, 100, 16_384, 2 ** 31 - 1])])),
  (frames, at) => void frames.splice(at, 0, frame(FRAME.GOAWAY, 0, 0, Buffer.alloc(8))),
];

/** Spoils bytes wherever they are. */
const BYTE_SPOILERS: readonly ((bytes: Buffer, at: number, random: Random) => Buffer)[] = [
  (bytes, at, random) => {
    bytes[at]! ^= 1 << random.int(8);
    return bytes;
  },
  (bytes, at) => bytes.subarray(0, at),
  (bytes, at, random) => Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + random.int(40))]),
  (bytes, at, random) =>
    Buffer.concat([bytes.subarray(0, at), random.bytes(random.int(40)), bytes.subarray(at)]),
  (bytes, at, random) => Buffer.concat([bytes.subarray(0, at + random.int(80)), bytes.subarray(at)]),
];

/** A conversation that is spoiled in one place or several, cut into the pieces in which it is sent. */
export function spoiled(random: Random, paths: readonly string[]): Buffer[] {
  const frames = conversation(random, paths).map((each) => Buffer.from(each));
  for (let each = random.int(4); each > 0; each -= 1)
    // The preface is spoiled seldom: nothing behind it is read then.
    if (frames.length > 1) random.pick(FRAME_SPOILERS)(frames, 1 + random.int(frames.length - 1), random);
  let bytes = Buffer.concat(frames);
  for (let each = random.int(3); each > 0; each -= 1)
    bytes = Buffer.from(random.pick(BYTE_SPOILERS)(bytes, random.int(Math.max(1, bytes.byteLength)), random));
  const pieces: Buffer[] = [];
  for (let at = 0; at < bytes.byteLength;) {
    const end = random.chance(3) ? at + 1 + random.int(40) : at + 1 + random.int(bytes.byteLength);
    pieces.push(bytes.subarray(at, end));
    at = end;
  }
  return pieces;
}

/** Sends it on a connection of its own, and leaves: in order, at once, or when the server has closed. Resolves when it is closed. */
export async function attack(port: number, pieces: readonly Buffer[], random: Random): Promise<void> {
  const socket = connect({ port, host: '127.0.0.1', noDelay: true });
  const closed = new Promise((resolve) => socket.once('close', resolve));
  socket.on('error', () => undefined);
  if (random.chance(10)) socket.pause();
  else socket.resume();
  for (const piece of pieces) {
    socket.write(piece);
    await new Promise(setImmediate);
  }
  if (random.chance(5)) socket.destroy();
  else socket.end();
  socket.resume();
  await closed;
}
