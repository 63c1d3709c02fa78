import { once } from 'node:events';
import http from 'node:http';
import { connect, createServer, type Socket } from 'node:net';
import { eventually } from '@steward/testing';
import type { RequestHead } from '../src/http-shortcut';
import { PlainConnection, type PlainExchange } from '../src/plain-connection';

const TYPE = ['content-type', 'text/plain'];

/** Plain requests to /plain are answered here; all others by Node.js, which says so. */
class House {
  readonly answered: PlainExchange[] = [];
  readonly closed: [number, boolean][] = [];
  readonly connections = new Set<PlainConnection<string>>();
  /** What is answered when the test says so. */
  readonly held: (() => void)[] = [];
  byNode = 0;
  private readonly node = http.createServer((request, response) => {
    this.byNode += 1;
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () =>
      response.end(`node ${request.url} ${Buffer.concat(parts).toString('latin1').slice(0, 20)}`),
    );
  });
  private readonly server = createServer((socket) =>
    this.connections.add(
      new PlainConnection(socket, {
        take: ({ url }: RequestHead) => (url?.startsWith('/plain') ? url : null),
        answer: (taken, exchange) => this.answer(taken, exchange),
        handOver: (given) => this.node.emit('connection', given),
        start: (status) => Buffer.from(`HTTP/1.1 ${status} OK\r\n`),
        tail: () => 'Tail: yes\r\n',
        onClose: (connection) => this.connections.delete(connection),
      }),
    ),
  );
  port = 0;

  async open(): Promise<void> {
    this.server.listen(0, '127.0.0.1');
    await once(this.server, 'listening');
    this.port = (this.server.address() as { port: number }).port;
  }

  async close(): Promise<void> {
    this.node.closeAllConnections();
    for (const { socket } of this.connections) socket.destroy();
    await new Promise((resolve) => this.server.close(resolve));
  }

  connect(): Wire {
    return new Wire(connect(this.port, '127.0.0.1'));
  }

  private answer(url: string, exchange: PlainExchange): void {
    this.answered.push(exchange);
    exchange.onClosed = (status, ended) => this.closed.push([status, ended]);
    const end = (): void =>
      exchange.end(
        200,
        { list: [], text: '' },
        TYPE,
        url === '/plain/large' ? 'x'.repeat(100_000) : `plain ${exchange.body.toString('latin1')}`,
      );
    if (url === '/plain/held') this.held.push(end);
    else if (url === '/plain/late') setImmediate(end);
    else end();
  }
}

/** A client's socket and what came of it. */
class Wire {
  seen = '';
  closed = false;

  constructor(readonly socket: Socket) {
    socket.on('data', (part: Buffer) => (this.seen += part.toString('latin1')));
    socket.on('error', () => undefined);
    socket.on('close', () => (this.closed = true));
  }

  send(...parts: readonly (string | Buffer)[]): this {
    for (const part of parts) this.socket.write(part);
    return this;
  }

  /** Bodies of the answers, in their order. */
  get bodies(): string[] {
    return [...this.seen.matchAll(/(plain|node) [^\r\n]*?(?=HTTP\/1\.1|$)/g)].map(([body]) => body);
  }
}

const post = (url: string, body = '', more = ''): string =>
  `POST ${url} HTTP/1.1\r\nHost: x\r\n${more}Content-Length: ${body.length}\r\n\r\n${body}`;

describe('a connection whose plain requests are answered without Node.js', () => {
  const house = new House();
  beforeAll(() => house.open());
  afterAll(() => house.close());
  beforeEach(() => {
    house.byNode = 0;
    house.closed.length = house.answered.length = 0;
  });

  it('answers in full, and goes on on the same connection', async () => {
    const wire = house.connect().send(post('/plain', 'one'));
    await eventually(() => expect(wire.bodies).toEqual(['plain one']));
    expect(wire.seen).toBe(
      'HTTP/1.1 200 OK\r\ncontent-type: text/plain\r\ncontent-length: 9\r\nTail: yes\r\n\r\nplain one',
    );
    wire.send(post('/plain', 'two'));
    await eventually(() => expect(wire.bodies).toEqual(['plain one', 'plain two']));
    expect(house.byNode).toBe(0);
    expect(house.closed).toEqual([
      [200, true],
      [200, true],
    ]);
    wire.socket.destroy();
  });

  it('takes a request whose body comes in pieces, cut anywhere behind its head', async () => {
    const request = post('/plain', 'some body');
    for (let cut = request.indexOf('\r\n\r\n') + 4; cut < request.length; cut++) {
      const wire = house.connect();
      await once(wire.socket, 'connect');
      wire.send(request.slice(0, cut));
      await eventually(() => expect(house.connections.size).toBe(1));
      wire.send(request.slice(cut));
      await eventually(() => expect(wire.bodies).toEqual(['plain some body']));
      wire.socket.destroy();
      await eventually(() => expect(house.connections.size).toBe(0));
    }
    expect(house.byNode).toBe(0);
  });

  it('answers what is sent at once one after the other, also where an answer comes late', async () => {
    const order = ['/plain', '/plain/late', '/plain', '/plain/late', '/plain'];
    const wire = house.connect().send(order.map((url, index) => post(url, String(index))).join(''));
    await eventually(() => expect(wire.bodies).toEqual(order.map((_, index) => `plain ${index}`)));
    expect(house.byNode).toBe(0);
    wire.socket.destroy();
  });

  it('leaves the connection to Node.js with the first request that is for it, and with what follows', async () => {
    const wire = house.connect();
    wire.send(post('/plain/late', '1') + post('/other', '2') + post('/plain', '3'));
    await eventually(() => expect(wire.bodies).toEqual(['plain 1', 'node /other 2', 'node /plain 3']));
    expect(house.connections.size).toBe(0);
    wire.send(post('/plain', '4'));
    await eventually(() => expect(wire.bodies.at(-1)).toBe('node /plain 4'));
    wire.socket.destroy();
  });

  it.each([
    ['another method', 'GET /plain HTTP/1.1\r\nHost: x\r\n\r\n', 200],
    ['HTTP/1.0', 'POST /plain HTTP/1.0\r\nHost: x\r\nContent-Length: 0\r\n\r\n', 200],
    ['no host', 'POST /plain HTTP/1.1\r\nContent-Length: 0\r\n\r\n', 400],
    ['no length', 'POST /plain HTTP/1.1\r\nHost: x\r\n\r\n', 200],
    ['two lengths', post('/plain', '', 'Content-Length: 5\r\n'), 400],
    ['a length that is none', 'POST /plain HTTP/1.1\r\nHost: x\r\nContent-Length: +1\r\n\r\na', 400],
    ['a length and chunks', post('/plain', '0\r\n\r\n', 'Transfer-Encoding: chunked\r\n'), 400],
    [
      'chunks',
      'POST /plain HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n0\r\n\r\n',
      200,
    ],
    ['a folded line', post('/plain', '', 'A: b\r\n c\r\n'), 400],
    ['a space before the colon', post('/plain', '', 'A : b\r\n'), 400],
    ['lines that end otherwise', 'POST /plain HTTP/1.1\nHost: x\nContent-Length: 0\n\n', 400],
    ['octets beyond ASCII', post('/plain', '', 'A: \xe4\r\n'), 200],
    ['a header twice', post('/plain', '', 'A: b\r\nA: c\r\n'), 200],
    ['an absolute path', post('http://x/plain'), 200],
    ['a connection that ends', post('/plain', '', 'Connection: close\r\n'), 200],
    ['an expectation', post('/plain', '', 'Expect: 100-continue\r\n'), 100],
    ['an upgrade', post('/plain', '', 'Connection: upgrade\r\nUpgrade: h2c\r\n'), 200],
    ['a head that is long', post('/plain', '', `A: ${'b'.repeat(9_000)}\r\n`), 200],
    ['a proxy', post('/plain', '', 'X-Forwarded-For: 10.0.0.1\r\n'), 200],
    ['no HTTP at all', '\x16\x03\x01\x02\x00\x01\r\n\r\n', 400],
  ])('does not understand %s, which is for Node.js', async (_name, bytes, status) => {
    const wire = house.connect().send(Buffer.from(bytes, 'latin1'));
    await eventually(() => expect(wire.seen).toMatch(new RegExp(`^HTTP/1.1 ${status} `)));
    expect(house.answered).toEqual([]);
    wire.socket.destroy();
  });

  it('leaves large requests to Node.js, whole, however they are cut', async () => {
    const body = 'y'.repeat(200_000);
    const wire = house.connect().send(post('/plain', 'first'));
    await eventually(() => expect(wire.bodies).toHaveLength(1));
    wire.send(...(post('/plain', body).match(/[^]{1,30000}/g) ?? []));
    await eventually(() => expect(wire.bodies).toEqual(['plain first', `node /plain ${'y'.repeat(20)}`]));
    wire.socket.destroy();
  });

  it('hears of a caller who leaves before his answer', async () => {
    const wire = house.connect().send(post('/plain/held', 'x'));
    await eventually(() => expect(house.held).toHaveLength(1));
    wire.socket.destroy();
    await eventually(() => expect(house.closed).toEqual([[200, false]]));
    house.held.pop()!();
    expect(house.closed).toHaveLength(1);
  });

  it('reads nothing more from a caller who does not read his answers', async () => {
    const wire = house.connect();
    wire.socket.pause();
    for (let sent = 0; sent < 200; sent++) wire.send(post('/plain/large'));
    await eventually(() => expect([...house.connections][0]?.socket.isPaused()).toBe(true));
    const connection = [...house.connections][0]!;
    expect(connection.socket.writableLength).toBeLessThan(500_000);
    const others = house.connect().send(post('/plain', 'another'));
    await eventually(() => expect(others.bodies).toEqual(['plain another']));
    wire.socket.resume();
    await eventually(() => expect(wire.seen.length).toBeGreaterThan(200 * 100_000));
    expect(house.answered).toHaveLength(201);
    for (const each of [wire, others]) each.socket.destroy();
  });

  it('is retired behind its answer, with what was sent after it', async () => {
    const wire = house.connect().send(post('/plain/held', '1') + post('/plain', '2'));
    await eventually(() => expect(house.held).toHaveLength(1));
    for (const connection of house.connections) connection.retire();
    house.held.pop()!();
    await eventually(() => expect(wire.bodies).toEqual(['plain 1', 'node /plain 2']));
    wire.socket.destroy();
  });

  it('is ended when nothing comes between two looks, not while it waits for an answer', async () => {
    const idle = house.connect();
    const busy = house.connect().send(post('/plain/held', 'x'));
    await eventually(() => expect([house.connections.size, house.held.length]).toEqual([2, 1]));
    for (let looks = 0; looks < 2; looks++) for (const connection of house.connections) connection.look();
    await eventually(() => expect(idle.closed).toBe(true));
    house.held.pop()!();
    await eventually(() => expect(busy.bodies).toEqual(['plain x']));
    busy.socket.destroy();
  });
});
