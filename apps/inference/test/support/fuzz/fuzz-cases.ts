import { deflateSync, gzipSync } from 'node:zlib';
import type { RestExample, RpcExample } from './corpus';
import { looseJson, mutateBytes, mutateValue } from './mutations';
import type { Random } from './random';

/** One hostile or broken request. */
export type FuzzCase =
  | {
      readonly kind: 'rest';
      readonly method: string;
      readonly path: string;
      readonly headers: Readonly<Record<string, string>>;
      readonly body: Buffer;
    }
  /** A right request, of which a few bytes come at a time. */
  | {
      readonly kind: 'slow';
      readonly method: string;
      readonly path: string;
      readonly body: Buffer;
      readonly gapMs: number;
    }
  /**
   * Bytes of the call's data, frame heads included; `reset`: the caller resets the stream instead of ending it; `framed`:
   * nothing is wrong with framing and compression; `encoding`: what the call says of the latter.
   */
  | {
      readonly kind: 'rpc';
      readonly path: string;
      readonly data: Buffer;
      readonly encoding?: string;
      readonly reset: boolean;
      readonly framed: boolean;
    }
  /** Bytes on a bare connection that is then held open for a while, and cut. */
  | {
      readonly kind: 'socket';
      readonly port: 'http' | 'grpc';
      readonly data: Buffer;
      readonly holdMs: number;
    };

/** 19 kB of which 20 MB are to be made. */
const BOMB = gzipSync(Buffer.alloc(20_000_000));

/** A message in gRPC's frame: a byte for compression and its length. */
export function frame(message: Buffer, length = message.byteLength, compressed = 0): Buffer {
  const head = Buffer.alloc(5);
  head[0] = compressed;
  head.writeUInt32BE(length >>> 0, 1);
  return Buffer.concat([head, message]);
}

/** The case of a number; the same for the same random. */
export function caseOf(
  random: Random,
  { rpcs, rests }: { rpcs: readonly RpcExample[]; rests: readonly RestExample[] },
): FuzzCase {
  const kind = random.next();
  if (kind < 0.45) return restCase(random, rests);
  if (kind < 0.96) return rpcCase(random, rpcs);
  if (kind < 0.97) return packedCase(random, rpcs);
  if (kind < 0.98) return slowCase(random, rests);
  return socketCase(random, rests, rpcs);
}

/** A case over REST alone. */
export function restCase(random: Random, rests: readonly RestExample[]): FuzzCase & { kind: 'rest' } {
  const { method, path, json, binary } = random.pick(rests);
  const text = json === undefined ? '' : looseJson(random.chance(0.7) ? mutateValue(random, json) : json);
  let head: Buffer = Buffer.from(text);
  if (random.chance(0.2)) head = mutateBytes(random, head, Buffer.from('{"a":'.repeat(20)));
  const tail = binary && random.chance(0.4) ? mutateBytes(random, binary, head) : (binary ?? Buffer.alloc(0));
  let body: Buffer = Buffer.concat([head, tail]);
  const headers: Record<string, string> = {
    'content-type': random.pick(['application/json', 'application/octet-stream', 'text/yaml', '']),
  };
  if (binary || random.chance(0.05)) {
    const lie = random.chance(0.2);
    headers['inference-header-content-length'] = lie
      ? random.pick(['-1', '0', '1e9', 'x', '4294967296', String(random.int(body.length + 2))])
      : String(head.length);
  }
  if (random.chance(0.05)) {
    headers['content-encoding'] = random.pick(['gzip', 'deflate', 'br', 'x']);
    if (random.chance(0.6)) body = random.chance(0.1) ? BOMB : gzipSync(body);
  }
  const target = random.chance(0.1) ? path.replace(/[^/]+$/, (end) => mutatedPath(random, end)) : path;
  return { kind: 'rest', method: random.chance(0.03) ? 'PUT' : method, path: target, headers, body };
}

const mutatedPath = (random: Random, end: string): string =>
  random.pick(
    [
      `${end}:predict`,
      'x'.repeat(3_000),
      '%00',
      '%ff',
      '..%2f..',
      `${end}/versions/1/infer`,
      '-1',
      '\u00e9',
    ].map((each) => encodeURI(each).replace(/%25/g, '%')),
  );

function rpcCase(random: Random, rpcs: readonly RpcExample[]): FuzzCase {
  const { path, message, encode } = random.pick(rpcs);
  const right = encode(message as never);
  let bytes = right;
  if (random.chance(0.6))
    bytes = encodedOr(random, right, () => encode(mutateValue(random, message) as never));
  if (random.chance(0.4)) bytes = mutateBytes(random, bytes, right);
  const target = random.chance(0.02) ? `${path}X` : path;
  const reset = random.chance(0.05);
  if (random.chance(0.93)) return { kind: 'rpc', path: target, data: frame(bytes), reset, framed: true };
  const length = random.pick([0, bytes.length + 1, bytes.length - 1, 2 ** 32 - 1, 17 * 1024 * 1024]);
  const data = random.pick([
    frame(bytes, length),
    frame(bytes, bytes.length, 1),
    Buffer.concat([frame(bytes), frame(bytes)]),
    frame(bytes).subarray(0, random.int(8)),
    Buffer.alloc(0),
  ]);
  return { kind: 'rpc', path: target, data, reset, framed: false };
}

/** A message that is compressed, or says so. */
function packedCase(random: Random, rpcs: readonly RpcExample[]): FuzzCase {
  const { path, message, encode } = random.pick(rpcs);
  const bytes = encode(message as never);
  const [encoding, packed, framed] = random.pick([
    ['gzip', () => gzipSync(bytes), true],
    ['deflate', () => deflateSync(bytes), true],
    ['gzip', () => mutateBytes(random, gzipSync(bytes), bytes), false],
    ['deflate', () => bytes, false],
    ['br', () => bytes, false],
    ['gzip', () => (random.chance(0.2) ? BOMB : gzipSync(Buffer.alloc(1_000))), false],
  ] as const);
  return { kind: 'rpc', path, data: frame(packed(), undefined, 1), encoding, reset: false, framed };
}

function slowCase(random: Random, rests: readonly RestExample[]): FuzzCase {
  const { method, path, json, binary } = random.pick(rests);
  // The length of the JSON is a header that this caller does not send.
  const body = json === undefined || binary ? Buffer.alloc(0) : Buffer.from(JSON.stringify(json));
  return { kind: 'slow', method, path, body, gapMs: random.int(40) };
}

/** A mutated message may be none that can be written; then bytes are mutated instead. */
function encodedOr(random: Random, right: Buffer, write: () => Buffer): Buffer {
  try {
    return write();
  } catch {
    return mutateBytes(random, right, right);
  }
}

function socketCase(random: Random, rests: readonly RestExample[], rpcs: readonly RpcExample[]): FuzzCase {
  const { path } = random.pick(rests);
  const message = random.pick(rpcs);
  const preface = Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n');
  const http = [
    Buffer.from(`POST ${path} HTTP/1.1\r\nhost: x\r\ncontent-length: 1000\r\n\r\n{"inputs`),
    Buffer.from(`POST ${path} HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\nffffffff\r\n{`),
    Buffer.from(`POST ${path} HTTP/1.1\r\nhost`),
    Buffer.from(`GET / HTTP/1.1\r\n${'x: y\r\n'.repeat(3_000)}\r\n`),
    random.bytes(200),
  ];
  const grpc = [
    preface,
    Buffer.concat([preface, random.bytes(100)]),
    Buffer.concat([
      preface,
      Buffer.from([0, 0, 0, 4, 0, 0, 0, 0, 0]),
      message.encode(message.message as never),
    ]),
    random.bytes(100),
  ];
  const port = random.pick(['http', 'grpc'] as const);
  return { kind: 'socket', port, data: random.pick(port === 'http' ? http : grpc), holdMs: random.int(400) };
}
