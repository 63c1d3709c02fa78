import { FLAG, FRAME, HEAD_BYTES, SETTING } from '../../src/frames';
import { plainInteger, plainString } from '../../src/hpack/plain-encoder.factory';

/** A frame as it came over the wire. */
export interface Frame {
  readonly type: number;
  readonly flags: number;
  readonly id: number;
  readonly payload: Buffer;
}

export type Field = readonly [name: string, value: string];

const { END_HEADERS, END_STREAM, PADDED } = FLAG;
const NOTHING = Buffer.alloc(0);

/** A frame, right or wrong: nothing is checked here. */
export function frame(type: number, flags: number, id: number, payload: Buffer = NOTHING): Buffer {
  const head = Buffer.alloc(HEAD_BYTES);
  head.writeUIntBE(payload.byteLength, 0, 3);
  head[3] = type;
  head[4] = flags;
  head.writeUInt32BE(id, 5);
  return Buffer.concat([head, payload]);
}

export function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}

export function settings(...pairs: readonly (readonly [setting: number, value: number])[]): Buffer {
  const payload = pairs.map(([setting, value]) => Buffer.concat([Buffer.from([0, setting]), uint32(value)]));
  return frame(FRAME.SETTINGS, 0, 0, Buffer.concat(payload));
}

export const initialWindow = (bytes: number): Buffer => settings([SETTING.INITIAL_WINDOW_SIZE, bytes]);
export const windowUpdate = (id: number, bytes: number): Buffer =>
  frame(FRAME.WINDOW_UPDATE, 0, id, uint32(bytes));
export const resetStream = (id: number, code: number): Buffer => frame(FRAME.RST_STREAM, 0, id, uint32(code));
export const ping = (bytes = Buffer.alloc(8), flags = 0): Buffer => frame(FRAME.PING, flags, 0, bytes);

export const data = (id: number, bytes: Buffer | string, flags = 0): Buffer =>
  frame(FRAME.DATA, flags, id, Buffer.from(bytes));

/** A header block that leaves the dynamic table alone. */
export const block = (...fields: readonly Field[]): Buffer =>
  Buffer.from(fields.flatMap(([name, value]) => [0, ...plainString(name), ...plainString(value)]));

/** A field that goes into the dynamic table. */
export const indexed = (name: string, value: string): Buffer =>
  Buffer.from([0x40, ...plainString(name), ...plainString(value)]);

/** A change of the size of the dynamic table. */
export const tableSize = (bytes: number): Buffer => Buffer.from(plainInteger(0x20, 0x1f, bytes));

export const headers = (id: number, bytes: Buffer, flags: number = END_HEADERS): Buffer =>
  frame(FRAME.HEADERS, flags, id, bytes);
export const continuation = (id: number, bytes: Buffer, flags = 0): Buffer =>
  frame(FRAME.CONTINUATION, flags, id, bytes);

export const request = (path: string, ...more: readonly Field[]): Field[] => [
  [':method', 'POST'],
  [':scheme', 'http'],
  [':path', path],
  [':authority', 'here'],
  ...more,
];

/** The headers of a call with a body that is still to come. */
export const opened = (id: number, path: string, ...more: readonly Field[]): Buffer =>
  headers(id, block(...request(path, ...more)));

/** A whole call without a body. */
export const called = (id: number, path: string, ...more: readonly Field[]): Buffer =>
  headers(id, block(...request(path, ...more)), END_HEADERS | END_STREAM);

/** A padded payload, which says that it has `says` bytes of padding. */
export const padded = (payload: Buffer, padding: number, says = padding): Buffer =>
  Buffer.concat([Buffer.from([says]), payload, Buffer.alloc(padding)]);

export const paddedData = (id: number, payload: Buffer, flags = 0): Buffer =>
  frame(FRAME.DATA, PADDED | flags, id, payload);
