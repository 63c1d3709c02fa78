import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { eventually } from '@steward/testing';
import { encodeHeaders, NodeStream, type ServerStream } from '../src';
import { CODE, FLAG, FRAME, WINDOW_BYTES } from '../src/frames';
import { UNREAD_BYTES } from '../src/limits';
import {
  block,
  called,
  data,
  headers,
  initialWindow,
  opened,
  padded,
  paddedData,
  ping,
  request,
  resetStream,
  windowUpdate,
} from './support/frames';
import { NodeClient } from './support/node-client';
import { RawClient } from './support/raw-client';
import { digestOf, patternBytes, TestServer } from './support/test-server';

const MIB = 2 ** 20;
const WIDE = 2 ** 30;
const SOON = { everyMs: 2 } as const;
const OK = encodeHeaders({ ':status': 200 });
const { END_HEADERS, END_STREAM } = FLAG;
const pem = (name: string): Buffer => readFileSync(join(__dirname, '../../service/test/certificates', name));

/** Sends back what comes, as it comes. */
function echo(stream: ServerStream): void {
  const call = new NodeStream(stream);
  call.respond({ ':status': 200 });
  call.pipe(call);
}

describe('flow control', () => {
  const lazy: NodeStream[] = [];
  const sockets: ServerStream['connection']['socket'][] = [];
  const house = new TestServer(
    {},
    {
      '/echo': echo,
      '/lazy': (stream) => lazy.push(new NodeStream(stream)),
      '/large': (stream) => {
        sockets.push(stream.connection.socket);
        stream.answer(OK, patternBytes(12 * MIB), OK);
      },
    },
  );
  let url = '';

  beforeAll(async () => {
    await house.listen();
    url = `http://127.0.0.1:${house.port}`;
  });

  afterAll(async () => {
    await house.close();
    expect(house.faults).toEqual([]);
  });

  describe('with a client of node:http2', () => {
    let client: NodeClient;
    afterEach(() => client.close());

    it('lets bodies of many MiB pass in both directions, and both at once', async () => {
      client = await NodeClient.open(url);
      const body = patternBytes(24 * MIB);
      const [up, down, both] = await Promise.all([
        client.call('/take', body),
        client.call(`/give/${24 * MIB}`),
        client.call('/echo', body),
      ]);
      expect(up).toMatchObject({ status: 200, code: 0, error: null, trailers: { 'x-done': '1' } });
      expect(up.body.toString()).toBe(digestOf(body));
      expect(digestOf(down.body)).toBe(digestOf(body));
      expect(digestOf(both.body)).toBe(digestOf(body));
    });

    it.each([
      [1, 1_500],
      [100, 60_000],
      [65_536, 4 * MIB],
    ])('keeps to windows of %d bytes', async (initialWindowSize, bytes) => {
      client = await NodeClient.open(url, { settings: { initialWindowSize } });
      const answers = await Promise.all([0, 1, 2].map(() => client.call(`/give/${bytes}`)));
      for (const { body, trailers, error } of answers) {
        expect({ digest: digestOf(body), done: trailers['x-done'], error }).toEqual({
          digest: digestOf(patternBytes(bytes)),
          done: '1',
          error: null,
        });
      }
    });

    it('mixes up none of many bodies at a time', async () => {
      client = await NodeClient.open(url);
      const bodies = Array.from({ length: 80 }, (_, at) => patternBytes(150_000 + 777 * at, 13 * at));
      const answers = await Promise.all(bodies.map((body) => client.call('/echo', body)));
      expect(answers.map(({ body }) => digestOf(body))).toEqual(bodies.map((body) => digestOf(body)));
    });

    it('stops a client by the window of a stream that nobody reads, and no other stream', async () => {
      client = await NodeClient.open(url);
      const body = patternBytes(5 * MIB);
      const stream = client.begin('/lazy');
      const answer = NodeClient.answerOf(stream);
      stream.end(body);
      await eventually(() => expect(lazy[0]?.readableLength).toBe(MIB), SOON);
      const other = patternBytes(9 * MIB, 1);
      expect((await client.call('/take', other)).body.toString()).toBe(digestOf(other));
      expect(lazy[0]!.readableLength).toBe(MIB);
      const call = lazy[0]!;
      const pieces: Buffer[] = [];
      call.on('data', (piece: Buffer) => pieces.push(piece));
      call.on('end', () => {
        call.respond({ ':status': 200 });
        call.end(digestOf(...pieces));
      });
      expect((await answer).body.toString()).toBe(digestOf(body));
    });
  });

  describe('of answers', () => {
    let client: RawClient;
    afterEach(() => client.close());

    it('waits for the window of the connection, however long it is shut', async () => {
      client = await RawClient.open(house.port, initialWindow(WIDE));
      client.write(called(1, '/give/200000'), called(3, '/give/0'), ping());
      await client.see(FRAME.PING);
      expect(client.bodyOf(1)).toHaveLength(WINDOW_BYTES);
      // What has no data needs no window.
      expect(await client.answerTo(3)).toBe('');
      client.write(windowUpdate(1, 1_000), windowUpdate(0, 1), ping(Buffer.from('one more')));
      await client.sees('one more');
      expect(client.bodyOf(1)).toHaveLength(WINDOW_BYTES + 1);
      client.write(windowUpdate(0, WIDE));
      await client.answerTo(1);
      expect(client.bodyOf(1).equals(patternBytes(200_000))).toBe(true);
    });

    it('gives each stream its turn where the window of the connection is too narrow for all', async () => {
      client = await RawClient.open(house.port, initialWindow(WIDE));
      client.write(
        called(1, '/give/9000000'),
        called(3, '/give/100'),
        called(5, '/give/8000000'),
        called(7, '/give/5'),
      );
      for (let each = 0; each < 6; each += 1) client.write(windowUpdate(0, 1_000), windowUpdate(1, 1));
      expect(await client.answerTo(3)).toBe(patternBytes(100).toString());
      expect(await client.answerTo(7)).toBe(patternBytes(5).toString());
      await eventually(() => {
        const sent = [1, 3, 5, 7].map((id) => client.bodyOf(id).byteLength);
        expect(sent.reduce((sum, each) => sum + each)).toBe(WINDOW_BYTES + 6_000);
        expect(sent[0]! - WINDOW_BYTES).toBeLessThan(4_000);
        expect(sent[2]).toBeGreaterThan(1_000);
      }, SOON);
    });

    it('keeps no more than a part for a client that reads nothing, nor reads from it, and serves others', async () => {
      client = await RawClient.open(house.port, initialWindow(WIDE));
      client.write(windowUpdate(0, WIDE));
      client.socket.pause();
      client.write(called(1, '/large'), called(3, '/large'), called(5, '/large'));
      await eventually(() => expect(sockets).toHaveLength(3), SOON);
      const socket = sockets[0]!;
      await eventually(() => expect(socket.isPaused()).toBe(true), SOON);
      const readBefore = socket.bytesRead;
      const pings = Array.from({ length: 1_000 }, () => ping());
      for (let each = 0; each < 150; each += 1) client.write(...pings);
      const other = await NodeClient.open(url);
      const body = patternBytes(8 * MIB);
      for (let each = 0; each < 3; each += 1) {
        expect((await other.call('/take', body)).body.toString()).toBe(digestOf(body));
        // 64 KiB are a piece that was being read, and a frame that was being written.
        expect(socket.writableLength).toBeLessThan(UNREAD_BYTES + 200_000);
        expect(socket.bytesRead - readBefore).toBeLessThan(200_000);
      }
      await other.close();
      client.socket.resume();
      for (const id of [1, 3, 5]) {
        await client.answerTo(id);
        expect(digestOf(client.bodyOf(id))).toBe(digestOf(patternBytes(12 * MIB)));
      }
      // It is read from as before.
      client.write(ping(Buffer.from('all read')));
      await client.sees('all read');
    });
  });

  describe('of bodies that nobody wants', () => {
    const narrow = new TestServer(
      { limits: { connectionBytes: 4 * WINDOW_BYTES, streamBytes: 2 * WINDOW_BYTES } },
      {
        '/taken-half': (stream) =>
          stream.read({
            data: (piece) => {
              stream.take(piece.byteLength >> 1);
              stream.respond(OK, true);
            },
            end: () => undefined,
            closed: () => undefined,
          }),
        '/throw': (stream) =>
          stream.read({
            data: (piece) => {
              stream.take(piece.byteLength);
              throw new Error('as planned');
            },
            end: () => undefined,
            closed: () => undefined,
          }),
        '/dropped': (stream) => {
          const call = new NodeStream(stream);
          call.once('data', () => call.destroy());
        },
      },
    );
    let client: RawClient;
    let sent: number;

    beforeAll(() => narrow.listen());
    afterAll(() => narrow.close());
    beforeEach(async () => {
      client = await RawClient.open(narrow.port);
      sent = 0;
    });
    afterEach(() => client.close());

    const window = (): number =>
      client.frames
        .filter(({ type, id }) => type === FRAME.WINDOW_UPDATE && id === 0)
        .reduce((sum, { payload }) => sum + payload.readUInt32BE(0), WINDOW_BYTES) - sent;

    /** As a client does it that keeps to the window. */
    async function write(payload: number, ...frames: readonly Buffer[]): Promise<void> {
      await eventually(() => expect(window()).toBeGreaterThanOrEqual(payload), SOON);
      sent += payload;
      client.write(...frames);
    }

    const PIECE = patternBytes(10_000);
    /** Sends a body of 10,000 bytes, or somewhat more, on a stream of its own. */
    const ways: Readonly<Record<string, (id: number) => Promise<void>>> = {
      'answered at their headers': async (id) => {
        await write(10_000, opened(id, '/refuse'), data(id, PIECE, END_STREAM));
      },
      'answered while a frame is read': async (id) => {
        await write(10_000, opened(id, '/taken-half'), data(id, PIECE).subarray(0, 5_000));
        if (id % 4 === 1) await client.see(FRAME.RST_STREAM, id);
        client.write(data(id, PIECE).subarray(5_000));
      },
      'reset by the client while a frame of theirs is held': async (id) => {
        await write(10_000, opened(id, '/hold'), data(id, PIECE), resetStream(id, CODE.CANCEL));
      },
      'padded, and reset': async (id) => {
        await write(
          10_201,
          opened(id, '/hold'),
          paddedData(id, padded(PIECE, 200)),
          resetStream(id, CODE.CANCEL),
        );
      },
      'padded, and taken': async (id) => {
        await write(10_201, opened(id, '/take'), paddedData(id, padded(PIECE, 200), END_STREAM));
      },
      'longer than their content-length': async (id) => {
        await write(10_000, opened(id, '/hold', ['content-length', '9999']), data(id, PIECE));
      },
      'of malformed calls': async (id) => {
        await write(10_000, headers(id, block(...request('/hold'), ['A', 'b'])), data(id, PIECE));
      },
      'of calls whose handler throws': async (id) => {
        await write(10_000, opened(id, '/throw'), data(id, PIECE).subarray(0, 9_000));
        client.write(data(id, PIECE).subarray(9_000));
      },
      'of calls whose stream is destroyed': async (id) => {
        await write(10_000, opened(id, '/dropped'), data(id, PIECE).subarray(0, 20));
        client.write(data(id, PIECE).subarray(20));
      },
      'behind their end': async (id) => {
        await write(
          10_000,
          headers(id, block(...request('/hold')), END_HEADERS | END_STREAM),
          data(id, PIECE),
        );
      },
      'beyond the window of their stream': async (id) => {
        await write(14 * 10_000, opened(id, '/hold'), ...Array.from({ length: 14 }, () => data(id, PIECE)));
        expect(await client.resetOf(id)).toBe(CODE.FLOW_CONTROL_ERROR);
      },
    };

    it.each(Object.keys(ways))('%s, gives the connection back what they took, and no more', async (way) => {
      const isEnough = (): boolean => sent >= 10 * 4 * WINDOW_BYTES;
      for (let id = 1; !isEnough(); id += 2) await ways[way]!(id);
      const answer = await client.call('/take', 100_001);
      expect(answer).toBe(digestOf());
      // Up to half of it is said later.
      expect(window()).toBeLessThanOrEqual(4 * WINDOW_BYTES);
      expect(window()).toBeGreaterThanOrEqual(2 * WINDOW_BYTES - 1);
    });

    it('ends a connection with more data than its window', async () => {
      client.write(
        ...[1, 3, 5].map((id) => opened(id, '/hold')),
        ...[1, 3, 5].flatMap((id) => Array.from({ length: 13 }, () => data(id, PIECE))),
      );
      expect(await client.goodbye()).toBe(CODE.FLOW_CONTROL_ERROR);
    });

    it.each(['/refuse', '/taken-half'])(
      'lets a client of node:http2 see the answer of %s, and no error',
      async (path) => {
        const caller = await NodeClient.open(`http://127.0.0.1:${narrow.port}`);
        const body = patternBytes(2 * WINDOW_BYTES);
        // Ten times the window of the connection.
        const answers = await Promise.all(Array.from({ length: 20 }, () => caller.call(path, body)));
        const status = path === '/refuse' ? 503 : 200;
        for (const answer of answers) expect(answer).toMatchObject({ status, error: null, code: 0 });
        const large = patternBytes(3 * MIB);
        expect((await caller.call('/take', large)).body.toString()).toBe(digestOf(large));
        await caller.close();
      },
    );
  });

  describe.each([['plain sockets'], ['TLS']])('over %s', (over) => {
    const tls = over === 'TLS' ? { cert: pem('server.pem'), key: pem('server.key') } : undefined;
    const ca = pem('authority.pem');
    const CRUMB = 3_900;
    const crumbs = new TestServer(
      { ...(tls && { tls }), limits: { streams: 1_000 } },
      {
        '/crumbs': (stream, { 'x-from': from }) => {
          stream.respond(OK, false);
          const all = patternBytes(20 * CRUMB, Number(from));
          for (let at = 0; at < all.byteLength; at += CRUMB) stream.write(all.subarray(at, at + CRUMB));
          stream.finish(null);
        },
      },
    );
    beforeAll(() => crumbs.listen());
    afterAll(async () => {
      await crumbs.close();
      expect(crumbs.faults).toEqual([]);
    });

    const open = async (): Promise<RawClient> => {
      const greeting = initialWindow(WIDE);
      const client = await (tls
        ? RawClient.openTls(crumbs.port, { ca }, greeting)
        : RawClient.open(crumbs.port, greeting));
      client.write(windowUpdate(0, WIDE));
      return client;
    };

    it('uses the memory of frames again only when they have left', async () => {
      const clients = await Promise.all([open(), open(), open()]);
      // Small pieces, which are gathered, of connections that are jammed while others are not.
      for (let each = 0; each < 150; each += 1) {
        for (const [at, client] of clients.entries()) {
          const id = 2 * each + 1;
          if (each === 20 * at) client.socket.pause();
          client.write(called(id, '/crumbs', ['x-from', String(991 * id + 7 * at)]));
        }
        await new Promise(setImmediate);
      }
      for (const client of clients) client.socket.resume();
      for (const [at, client] of clients.entries())
        for (let each = 0; each < 150; each += 1) {
          const id = 2 * each + 1;
          await client.answerTo(id);
          expect(digestOf(client.bodyOf(id))).toBe(digestOf(patternBytes(20 * CRUMB, 991 * id + 7 * at)));
        }
      for (const client of clients) client.close();
    });

    it('gives many clients large answers at a time, each its own', async () => {
      const url = tls ? `https://localhost:${crumbs.port}` : `http://127.0.0.1:${crumbs.port}`;
      const clients = await Promise.all([0, 1, 2, 3].map(() => NodeClient.open(url, tls ? { ca } : {})));
      const calls = clients.flatMap((client, at) =>
        Array.from({ length: 12 }, async (_, each) => {
          const bytes = 300_000 + 1_001 * (12 * at + each);
          const { body } = await client.call(`/give/${bytes}`);
          expect(digestOf(body)).toBe(digestOf(patternBytes(bytes)));
        }),
      );
      await Promise.all(calls);
      for (const client of clients) await client.close();
    });
  });
});
