import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { connect as connectSocket } from 'node:net';
import { join } from 'node:path';
import { connect as connectTls } from 'node:tls';
import { eventually } from '@steward/testing';
import { encodeHeaders, type Http2ServerOptions, type StreamReader } from '../src';
import { CODE, FLAG, FRAME, PREFACE } from '../src/frames';
import { IDLE_FRAMES, RESETS, UNREAD_BYTES } from '../src/limits';
import {
  block,
  called,
  data,
  frame,
  headers,
  initialWindow,
  opened,
  ping,
  request,
  resetStream,
  settings,
  windowUpdate,
} from './support/frames';
import { NodeClient } from './support/node-client';
import { RawClient } from './support/raw-client';
import { digestOf, patternBytes, TestServer, type Handler } from './support/test-server';

const MIB = 2 ** 20;
const WIDE = 2 ** 30;
const SOON = { everyMs: 2 } as const;
const LONG_MS = 60_000;
const OK = encodeHeaders({ ':status': 200 });
const EMPTY = digestOf();
const { ACK, END_HEADERS, END_STREAM } = FLAG;
const IGNORED: StreamReader = { data: () => undefined, end: () => undefined, closed: () => undefined };
const pem = (name: string): Buffer => readFileSync(join(__dirname, '../../service/test/certificates', name));

async function start(
  options: Pick<Http2ServerOptions, 'limits' | 'tls'> = {},
  handlers: Readonly<Record<string, Handler>> = {},
): Promise<TestServer> {
  const house = new TestServer(options, handlers);
  await house.listen();
  return house;
}

describe('the end of a server', () => {
  it('lets a call that runs end with its answer, and ignores new ones, which the client may send elsewhere', async () => {
    const house = await start();
    const client = await RawClient.open(house.port);
    client.write(opened(1, '/take'));
    await eventually(() => expect(house.taken).toHaveLength(1), SOON);
    const closed = house.close(LONG_MS);
    const { payload } = await client.see(FRAME.GOAWAY);
    expect([payload.readUInt32BE(0), payload.readUInt32BE(4)]).toEqual([1, CODE.NO_ERROR]);
    // Of the one that came too late nothing is heard, and what it sends costs nothing.
    client.write(opened(3, '/take'), data(3, 'late', END_STREAM), ping());
    await client.see(FRAME.PING);
    client.write(data(1, 'in time', END_STREAM));
    expect(await client.answerTo(1)).toBe(digestOf(Buffer.from('in time')));
    expect(await client.goodbye()).toBe(CODE.NO_ERROR);
    await closed;
    expect(client.frames.filter(({ id }) => id === 3)).toEqual([]);
    expect(house.goodbyes).toEqual([CODE.NO_ERROR]);
  });

  it('never names a later call in a second goodbye than in the first', async () => {
    const house = await start();
    const client = await RawClient.open(house.port);
    client.write(opened(1, '/hold'));
    await eventually(() => expect(house.held).toHaveLength(1), SOON);
    const closed = house.close(LONG_MS);
    await client.see(FRAME.GOAWAY);
    client.write(opened(3, '/take'), windowUpdate(0, 0));
    await closed;
    await client.isClosed();
    const goodbyes = client.frames.filter(({ type }) => type === FRAME.GOAWAY);
    expect(goodbyes.map(({ payload }) => [payload.readUInt32BE(0), payload.readUInt32BE(4)])).toEqual([
      [1, CODE.NO_ERROR],
      [1, CODE.PROTOCOL_ERROR],
    ]);
  });

  it('takes the rest of what has come with the last frame of the last call', async () => {
    const house = await start();
    const client = await RawClient.open(house.port);
    client.write(opened(1, '/hold'));
    await eventually(() => expect(house.held).toHaveLength(1), SOON);
    const closed = house.close(LONG_MS);
    await client.see(FRAME.GOAWAY);
    client.write(resetStream(1, CODE.CANCEL), ping(), called(3, '/take'), settings(), ping());
    expect(await client.goodbye()).toBe(CODE.NO_ERROR);
    await closed;
    expect(house.held[0]!.code).toBe(CODE.CANCEL);
    expect(house.faults).toEqual([]);
  });

  it('waits no longer than the grace, for calls, for clients that stay, and for handshakes', async () => {
    const tls = { cert: pem('server.pem'), key: pem('server.key') };
    for (const options of [{}, { tls }]) {
      const house = await start(options);
      const greeting = settings();
      const client =
        options === house
          ? null
          : 'tls' in options
            ? await RawClient.openTls(house.port, { ca: pem('authority.pem') }, greeting)
            : await RawClient.open(house.port, greeting);
      const silent = connectSocket({ port: house.port, host: '127.0.0.1', allowHalfOpen: true });
      silent.on('error', () => undefined);
      await once(silent, 'connect');
      client!.write(opened(1, '/hold'));
      await eventually(() => expect(house.held).toHaveLength(1), SOON);
      await house.close(50);
      await client!.isClosed();
      await eventually(() => expect(house.size).toBe(0), SOON);
      expect(house.held[0]!.code).toBe(CODE.CANCEL);
      silent.destroy();
    }
  });

  it('says goodbye to a connection whose handshake ends behind it', async () => {
    const house = await start({ tls: { cert: pem('server.pem'), key: pem('server.key') } });
    const raw = connectSocket(house.port, '127.0.0.1');
    await once(raw, 'connect');
    await eventually(async () => expect(await connectionsOf(house)).toBe(1), SOON);
    const closed = house.close(LONG_MS);
    const session = await NodeClient.open(`https://localhost:${house.port}`, {
      createConnection: () =>
        connectTls({ socket: raw, ALPNProtocols: ['h2'], ca: pem('authority.pem'), servername: 'localhost' }),
    });
    await eventually(() => expect(session.session.destroyed).toBe(true), SOON);
    await closed;
  });
});

describe('a connection', () => {
  const KEEPALIVE_MS = 200;
  let house: TestServer;
  let client: RawClient;
  beforeAll(async () => (house = await start({ limits: { keepaliveMs: KEEPALIVE_MS } })));
  afterEach(() => client.close());
  afterAll(async () => {
    await eventually(() => expect(house.size).toBe(0), SOON);
    await house.close();
    expect(house.faults).toEqual([]);
  });

  it('that says nothing is asked for a sign of life, and closed where none comes', async () => {
    client = await RawClient.open(house.port);
    client.write(opened(1, '/hold'));
    const { payload, flags } = await client.see(FRAME.PING);
    expect({ flags, bytes: payload.byteLength }).toEqual({ flags: 0, bytes: 8 });
    await client.isClosed();
    await eventually(() => expect(house.held.at(-1)!.code).toBe(CODE.CANCEL), SOON);
  });

  it('that gives one stays', async () => {
    client = await RawClient.open(house.port);
    for (let answered = 0; answered < 2;) {
      const asked = client.frames.filter(({ type }) => type === FRAME.PING).length;
      if (asked > answered) client.write(ping(Buffer.alloc(8), ACK));
      answered = asked;
      await new Promise(setImmediate);
    }
    expect(await client.call('/take')).toBe(EMPTY);
  });

  it.each([
    ['says nothing at all', []],
    ['does not end its preface, however lively', [...PREFACE.subarray(0, 23)]],
    ['says nothing behind its preface', [...PREFACE]],
  ])('that %s is closed', async (_name, bytes) => {
    client = await RawClient.connect(house.port);
    const left = [...bytes];
    await eventually(
      () => {
        const byte = left.shift();
        if (byte !== undefined && !client.closed) client.write(Buffer.from([byte]));
        expect(client.closed).toBe(true);
      },
      { everyMs: KEEPALIVE_MS / 4 },
    );
    // It was not left to spell out all of it.
    if (bytes.length === 23) expect(left.length).toBeGreaterThan(0);
  });

  it.each([
    ['before its preface', []],
    ['in the middle of a frame', [PREFACE, settings(), opened(1, '/hold').subarray(0, 20)]],
    ['while a call runs', [PREFACE, settings(), opened(1, '/hold'), data(1, 'abc')]],
    ['in the middle of data', [PREFACE, settings(), opened(1, '/hold'), data(1, 'abcdefgh').subarray(0, 12)]],
  ])('that is half closed %s ends', async (name, bytes) => {
    const before = house.held.length;
    client = await RawClient.connect(house.port);
    client.socket.end(Buffer.concat(bytes));
    await client.isClosed();
    await eventually(() => expect(house.size).toBe(0), SOON);
    const calls = house.held.slice(before);
    expect(calls.map(({ code }) => code)).toEqual(/call|data/.test(name) ? [CODE.CANCEL] : []);
  });
});

describe('a connection that was said goodbye to', () => {
  it('is closed soon by the server, where the client does not', async () => {
    const house = await start();
    const socket = connectSocket({ port: house.port, host: '127.0.0.1', allowHalfOpen: true });
    socket.on('error', () => undefined);
    socket.resume();
    socket.write(Buffer.concat([PREFACE, ping()]));
    await once(socket, 'end');
    await eventually(() => {
      socket.write(ping());
      expect(house.size).toBe(0);
    });
    expect(house.goodbyes).toEqual([CODE.PROTOCOL_ERROR]);
    await house.close();
  });
});

describe('a client that reads slowly', () => {
  it('is not read from meanwhile and yet kept, and closed when it reads nothing at all', async () => {
    const sockets = new Set<Parameters<Handler>[0]['connection']['socket']>();
    const house = await start(
      { limits: { keepaliveMs: 1500 } },
      {
        '/large': (stream) => {
          sockets.add(stream.connection.socket);
          stream.answer(OK, patternBytes(24 * MIB), OK);
        },
      },
    );
    const [slow, stuck] = [
      await RawClient.open(house.port, initialWindow(WIDE)),
      await RawClient.open(house.port, initialWindow(WIDE)),
    ];
    stuck.socket.pause();
    slow.socket.on('data', () => {
      slow.socket.pause();
      slow.write(ping(Buffer.alloc(8), ACK));
      setTimeout(() => slow.socket.resume(), 5);
    });
    for (const client of [slow, stuck]) client.write(windowUpdate(0, WIDE), called(1, '/large'));
    await eventually(() => expect([...sockets].map((each) => each.isPaused())).toEqual([true, true]), SOON);
    await slow.answerTo(1);
    expect(digestOf(slow.bodyOf(1))).toBe(digestOf(patternBytes(24 * MIB)));
    await eventually(() => expect(house.goodbyes).toHaveLength(1), SOON);
    expect(slow.closed).toBe(false);
    slow.close();
    stuck.close();
    await house.close();
  });
});

describe('an attack', () => {
  let house: TestServer;
  let bystander: NodeClient;
  let client: RawClient;

  beforeAll(async () => {
    house = await start();
    bystander = await NodeClient.open(`http://127.0.0.1:${house.port}`);
  });
  beforeEach(async () => (client = await RawClient.open(house.port)));
  afterEach(async () => {
    client.close();
    expect((await bystander.call('/take', Buffer.from('calm'))).body.toString()).toBe(
      digestOf(Buffer.from('calm')),
    );
    await eventually(() => expect(house.size).toBe(1), SOON);
    for (const call of [...house.held, ...house.taken]) expect(call.code).not.toBeNull();
  });
  afterAll(async () => {
    await bystander.close();
    await house.close();
    expect(house.faults).toEqual([]);
  });

  /** Sends as many as it takes, a part at a time; says how many that were. */
  async function until(most: number, one: (at: number) => Buffer): Promise<number> {
    const part = most / 200;
    let sent = 0;
    for (; sent < most && !client.ended; sent += part) {
      const first = sent;
      await client.send(Buffer.concat(Array.from({ length: part }, (_, at) => one(first + at))));
      await new Promise(setImmediate);
    }
    expect(await client.goodbye()).toBe(CODE.ENHANCE_YOUR_CALM);
    expect(house.goodbyes.at(-1)).toBe(CODE.ENHANCE_YOUR_CALM);
    return sent;
  }

  const idOf = (at: number): number => 2 * at + 1;
  const afterOpen =
    (...then: ((id: number) => Buffer)[]) =>
    (at: number): Buffer =>
      Buffer.concat([opened(idOf(at), '/hold'), ...then.map((each) => each(idOf(at)))]);

  it.each<[name: string, one: (at: number) => Buffer]>([
    ['by resets (CVE-2023-44487)', afterOpen((id) => resetStream(id, CODE.CANCEL))],
    ['by windows that grow by nothing (CVE-2025-8671)', afterOpen((id) => windowUpdate(id, 0))],
    ['by windows that are too wide', afterOpen((id) => windowUpdate(id, 2 ** 31 - 1))],
    ['by data behind the end', (at) => Buffer.concat([called(idOf(at), '/hold'), data(idOf(at), 'x')])],
    [
      'by headers behind the end',
      (at) =>
        Buffer.concat([
          called(idOf(at), '/hold'),
          headers(idOf(at), block(['a', 'b']), END_HEADERS | END_STREAM),
        ]),
    ],
    ['by trailers that do not end', afterOpen((id) => headers(id, block(['a', 'b'])))],
    [
      'by a content-length that lies',
      (at) => Buffer.concat([opened(idOf(at), '/hold', ['content-length', '1']), data(idOf(at), 'xy')]),
    ],
    ['by malformed calls', (at) => headers(idOf(at), block(...request('/hold'), ['A', 'b']))],
    [
      'by headers that are too large',
      (at) => headers(idOf(at), Buffer.concat([block(...request('/hold')), LARGE]), END_HEADERS),
    ],
    ['by calls beyond the most at a time', (at) => opened(idOf(at), '/hold')],
    ['by resets of one stream', (at) => (at === 0 ? opened(1, '/hold') : resetStream(1, CODE.CANCEL))],
  ])('%s ends its connection', async (name, one) => {
    const sent = await until(RESETS.burst * 20, one);
    expect(sent).toBeLessThan(RESETS.burst * (name.includes('most') ? 4 : 3));
  });

  it.each<[name: string, one: Buffer]>([
    ['settings', settings()],
    ['answers to settings', frame(FRAME.SETTINGS, ACK, 0)],
    ['empty data', data(1, '')],
    ['padding', frame(FRAME.DATA, FLAG.PADDED, 1, Buffer.alloc(2, 0).fill(1, 0, 1))],
    ['priorities', frame(FRAME.PRIORITY, 0, 1, Buffer.alloc(5))],
    ['unknown frames', frame(99, 0, 0)],
    ['goodbyes', frame(FRAME.GOAWAY, 0, 0, Buffer.alloc(8))],
    ['trailers of a stream that is over', headers(3, block(['a', 'b']), END_HEADERS | END_STREAM)],
  ])('by many frames that say nothing ends its connection: %s', async (_name, one) => {
    client.write(opened(1, '/hold'), called(3, '/take'));
    const sent = await until(IDLE_FRAMES.burst * 20, () => one);
    expect(sent).toBeLessThan(IDLE_FRAMES.burst * 3);
  });

  it('by pings whose answers it does not read takes little memory, and is not read from', async () => {
    let socket: Parameters<Handler>[0]['connection']['socket'] | undefined;
    const tall = await start(
      {},
      {
        '/where': (stream) => {
          socket = stream.connection.socket;
          stream.respond(OK, true);
        },
      },
    );
    const flood = await RawClient.open(tall.port);
    flood.write(called(1, '/where'));
    await flood.answerTo(1);
    flood.socket.pause();
    const many = Buffer.concat(Array.from({ length: 50_000 }, () => ping()));
    for (let each = 0; each < 24; each += 1) flood.write(many);
    await eventually(() => expect(socket!.isPaused()).toBe(true), SOON);
    expect(socket!.writableLength).toBeLessThan(UNREAD_BYTES + 200_000);
    flood.close();
    await eventually(() => expect(tall.size).toBe(0), SOON);
    await tall.close();
  });
});

describe('a handler that throws', () => {
  const planned = new Error('as planned');
  const fail = (): never => {
    throw planned;
  };
  let house: TestServer;
  let client: RawClient;

  beforeEach(async () => {
    house = await start(
      {},
      {
        '/call': fail,
        '/data': (stream) => stream.read({ ...IGNORED, data: fail }),
        '/end': (stream, _headers, ended) => (ended ? fail() : stream.read({ ...IGNORED, end: fail })),
        '/closed': (stream) => stream.read({ ...IGNORED, closed: fail }),
        '/answered': (stream) => {
          stream.respond(OK, false);
          stream.finish(null);
          fail();
        },
        '/reset': (stream) => {
          stream.reset(CODE.CANCEL);
          fail();
        },
        '/sent': (stream) => {
          stream.read(IGNORED);
          stream.respond(OK, false);
          stream.write(patternBytes(70_000), fail);
        },
        '/destroy': (stream) => {
          stream.read(IGNORED);
          stream.connection.destroy();
        },
        '/leave': (stream) => {
          stream.read(IGNORED);
          stream.connection.leave();
          stream.respond(OK, true);
        },
      },
    );
    client = await RawClient.open(house.port);
  });
  afterEach(async () => {
    client.close();
    await eventually(() => expect(house.size).toBe(0), SOON);
    await house.close();
  });

  const { INTERNAL_ERROR, CANCEL, NO_ERROR } = CODE;
  it.each<[name: string, code: number, ...bytes: Buffer[]]>([
    ['at its headers', INTERNAL_ERROR, opened(1, '/call')],
    ['at the headers of a call without a body', INTERNAL_ERROR, called(1, '/end')],
    ['at its data', INTERNAL_ERROR, opened(1, '/data'), data(1, 'x')],
    ['at data with which it ends', INTERNAL_ERROR, opened(1, '/data'), data(1, 'x', END_STREAM)],
    ['at its end', INTERNAL_ERROR, opened(1, '/end'), data(1, 'x', END_STREAM)],
    ['at its empty end', INTERNAL_ERROR, opened(1, '/end'), data(1, '', END_STREAM)],
    [
      'at its trailers',
      INTERNAL_ERROR,
      opened(1, '/end'),
      headers(1, block(['a', 'b']), END_HEADERS | END_STREAM),
    ],
    [
      'when more may be written',
      INTERNAL_ERROR,
      called(1, '/sent'),
      windowUpdate(0, 10_000),
      windowUpdate(1, 10_000),
    ],
    ['behind its answer', NO_ERROR, opened(1, '/answered')],
    ['behind its reset', CANCEL, opened(1, '/reset')],
  ])('%s spoils its own stream only', async (_name, code, ...bytes) => {
    client.write(...bytes);
    expect(await client.resetOf(1)).toBe(code);
    expect(await client.call('/take', 3)).toBe(EMPTY);
    expect(house.faults).toEqual([planned]);
  });

  it('when it hears of the end of its stream harms nobody, and others hear of theirs', async () => {
    client.write(opened(1, '/closed'), resetStream(1, CODE.CANCEL));
    expect(await client.call('/take', 3)).toBe(EMPTY);
    expect(house.faults).toEqual([planned]);
    client.write(opened(5, '/closed'), opened(7, '/hold'), opened(9, '/closed'), opened(11, '/hold'), ping());
    await client.see(FRAME.PING);
    client.close();
    await eventually(() => expect(house.faults).toEqual([planned, planned, planned]), SOON);
    expect(house.held.map(({ code }) => code)).toEqual([CODE.CANCEL, CODE.CANCEL]);
    await eventually(() => expect(house.size).toBe(0), SOON);
  });

  it('does not, but ends the connection in the middle of what is read, and all ends in order', async () => {
    client.write(opened(1, '/hold'), opened(3, '/destroy'), data(1, 'x'), called(5, '/take'), ping());
    await client.isClosed();
    await eventually(() => expect(house.held.map(({ code }) => code)).toEqual([CODE.CANCEL]), SOON);
    const other = await RawClient.open(house.port);
    other.write(called(1, '/leave'), called(3, '/take'), ping(), settings(), windowUpdate(0, 0));
    expect(await other.goodbye()).toBe(CODE.NO_ERROR);
    expect(await other.answerTo(1)).toBe('');
    expect(house.faults).toEqual([]);
  });
});

const LARGE = block(['x-large', 'a'.repeat(16_200)]);

const connectionsOf = async (house: TestServer): Promise<number> => {
  const { server } = house.server as unknown as { server: import('node:net').Server };
  return await new Promise((resolve) => server.getConnections((_error, count) => resolve(count)));
};
