import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  credentials,
  Metadata,
  status,
  type CallOptions,
  type Client,
  type ClientDuplexStream,
  type ClientReadableStream,
  type sendUnaryData,
  type ServerDuplexStream,
  type ServerReadableStream,
  type ServerUnaryCall,
  type ServerWritableStream,
  type ServiceError,
} from '@grpc/grpc-js';
import { eventually } from '@steward/testing';
import { bytesMethod, GrpcHouse } from './support/grpc-house';
import { digestOf, patternBytes } from './support/test-server';

const MIB = 2 ** 20;
const SOON = { everyMs: 2 } as const;
const pem = (name: string): Buffer => readFileSync(join(__dirname, '../../service/test/certificates', name));
const same = (bytes: Buffer): Buffer => bytes;

interface Seen {
  readonly error: ServiceError | null;
  readonly answer: Buffer | undefined;
  readonly metadata: Metadata;
  readonly trailers: Metadata;
}

/** An answer with the metadata before and behind it. */
function unary(
  client: Client,
  message: Buffer,
  metadata = new Metadata(),
  options: CallOptions = {},
): Promise<Seen> {
  return new Promise((resolve) => {
    let head = new Metadata();
    let error: ServiceError | null = null;
    let answer: Buffer | undefined;
    const { path } = bytesMethod('/test.House/Unary');
    const call = client.makeUnaryRequest(path, same, same, message, metadata, options, (failed, came) => {
      error = failed;
      answer = came;
    });
    call.on('metadata', (came) => (head = came));
    call.on('status', ({ metadata: trailers }) =>
      setImmediate(() => resolve({ error, answer, metadata: head, trailers })),
    );
  });
}

describe('grpc-js on our HTTP/2 server', () => {
  /** What the handlers saw. */
  const seen = {
    cancelled: 0,
    received: 0,
    refusedWrites: 0,
    written: 0,
    peers: [] as string[],
    metadata: new Metadata(),
  };
  const running: ServerUnaryCall<Buffer, Buffer>[] = [];

  const handlers = {
    unary(call: ServerUnaryCall<Buffer, Buffer>, respond: sendUnaryData<Buffer>): void {
      const wish = call.request.toString();
      seen.metadata = call.metadata;
      seen.peers.push(call.getPeer());
      call.on('cancelled', () => (seen.cancelled += 1));
      if (wish === 'wait') return void running.push(call);
      const trailers = new Metadata();
      trailers.set('x-trailer', 'behind');
      trailers.set('x-trailer-bin', Buffer.from([0, 255, 10, 13]));
      if (wish === 'fail')
        return respond({ code: status.FAILED_PRECONDITION, details: 'Halt – nicht so.', metadata: trailers });
      const head = new Metadata();
      head.set('x-head', 'before');
      head.set('x-head-bin', Buffer.from([1, 254]));
      if (wish === 'large metadata') head.set('x-large', 'a'.repeat(40_000));
      if (wish === 'who') {
        const subject = call.getAuthContext().sslPeerCertificate?.subject;
        return respond(null, Buffer.from(JSON.stringify({ subject, peer: call.getPeer() })));
      }
      call.sendMetadata(head);
      respond(null, call.request, trailers);
    },

    upload(call: ServerReadableStream<Buffer, Buffer>, respond: sendUnaryData<Buffer>): void {
      const pieces: Buffer[] = [];
      call.on('cancelled', () => (seen.cancelled += 1));
      call.on('data', (piece: Buffer) => {
        seen.received += 1;
        if (piece.toString() === 'enough') respond(null, Buffer.from('early'));
        else pieces.push(piece);
      });
      call.on('end', () => respond(null, Buffer.from(digestOf(...pieces))));
    },

    download(call: ServerWritableStream<Buffer, Buffer>): void {
      const pieces = Number(call.request.toString());
      const go = (): void => {
        for (; seen.written < pieces;) {
          if (call.write(patternBytes(65_536, 31 * seen.written++))) continue;
          seen.refusedWrites += 1;
          call.once('drain', go);
          return;
        }
        call.end();
      };
      seen.written = 0;
      seen.refusedWrites = 0;
      call.on('cancelled', () => (seen.cancelled += 1));
      go();
    },

    chat(call: ServerDuplexStream<Buffer, Buffer>): void {
      call.on('cancelled', () => (seen.cancelled += 1));
      call.on('data', (piece: Buffer) => {
        if (piece.toString() === 'break') call.emit('error', { code: status.ABORTED, details: 'broken' });
        else call.write(Buffer.concat([Buffer.from('re: '), piece]));
      });
      call.on('end', () => call.end());
    },
  };

  let house: GrpcHouse;
  beforeEach(async () => {
    house = new GrpcHouse(handlers);
    await house.listen();
    Object.assign(seen, { cancelled: 0, received: 0 });
    running.length = 0;
  });
  afterEach(async () => {
    await house.close();
    expect(house.front.size).toBe(0);
    expect(house.faults).toEqual([]);
  });

  const chat = (client: Client): ClientDuplexStream<Buffer, Buffer> =>
    client.makeBidiStreamRequest('/test.House/Chat', same, same);

  const download = (client: Client, pieces: number): ClientReadableStream<Buffer> =>
    client.makeServerStreamRequest('/test.House/Download', same, same, Buffer.from(String(pieces)));

  it('answers a call with metadata both ways, of bytes too, and tells who calls', async () => {
    const metadata = new Metadata();
    metadata.set('x-mine', 'text');
    metadata.add('x-many', 'one');
    metadata.add('x-many', 'two');
    metadata.set('x-mine-bin', Buffer.from([0, 1, 255]));
    const { error, answer, ...came } = await unary(house.client(), Buffer.from('hello'), metadata);
    expect(error).toBeNull();
    expect(answer!.toString()).toBe('hello');
    expect(came.metadata.get('x-head')).toEqual(['before']);
    expect(came.metadata.get('x-head-bin')).toEqual([Buffer.from([1, 254])]);
    expect(came.trailers.get('x-trailer')).toEqual(['behind']);
    expect(came.trailers.get('x-trailer-bin')).toEqual([Buffer.from([0, 255, 10, 13])]);
    expect(seen.metadata.get('x-mine')).toEqual(['text']);
    expect(seen.metadata.get('x-many')).toEqual(['one, two']);
    expect(seen.metadata.get('x-mine-bin')).toEqual([Buffer.from([0, 1, 255])]);
    expect(seen.peers.at(-1)).toMatch(/^127\.0\.0\.1:\d+$/);
  });

  it('takes large metadata and messages, gives them, and refuses what is too large without harm to others', async () => {
    const client = house.client({ 'grpc.max_receive_message_length': -1 });
    const metadata = new Metadata();
    metadata.set('x-mine', 'b'.repeat(14_000));
    const large = await unary(client, Buffer.from('large metadata'), metadata);
    expect(large.error).toBeNull();
    expect(large.metadata.get('x-large')).toEqual(['a'.repeat(40_000)]);
    expect(seen.metadata.get('x-mine')).toEqual(['b'.repeat(14_000)]);
    metadata.set('x-mine', 'b'.repeat(20_000));
    expect((await unary(client, Buffer.from('x'), metadata)).error).toMatchObject({
      code: expect.any(Number),
    });
    const message = patternBytes(4 * MIB - 10);
    const [first, second] = await Promise.all([
      unary(client, message),
      unary(client, Buffer.concat([message, message])),
    ]);
    expect(digestOf(first.answer!)).toBe(digestOf(message));
    expect(second.error).toMatchObject({ code: status.RESOURCE_EXHAUSTED });
    expect((await unary(client, Buffer.from('on'))).answer!.toString()).toBe('on');
    expect(house.front.size).toBe(1);
  });

  it('says how a call failed, with trailers, and refuses what it does not know', async () => {
    const client = house.client();
    const { error } = await unary(client, Buffer.from('fail'));
    expect(error).toMatchObject({ code: status.FAILED_PRECONDITION, details: 'Halt – nicht so.' });
    expect(error!.metadata.get('x-trailer-bin')).toEqual([Buffer.from([0, 255, 10, 13])]);
    const unknown = await new Promise<ServiceError | null>((resolve) =>
      client.makeUnaryRequest('/test.House/Nothing', same, same, Buffer.from('x'), (failed) =>
        resolve(failed),
      ),
    );
    expect(unknown).toMatchObject({ code: status.UNIMPLEMENTED });
  });

  it('unpacks messages that are compressed', async () => {
    const client = house.client({ 'grpc.default_compression_algorithm': 2 });
    const message = Buffer.alloc(3 * MIB, 'so much of the same');
    expect(digestOf((await unary(client, message)).answer!)).toBe(digestOf(message));
  });

  it('takes a stream of messages', async () => {
    const pieces = Array.from({ length: 300 }, (_, at) => patternBytes(40_000 + at, at));
    const answer = await new Promise<Buffer | undefined>((resolve, reject) => {
      const call = house
        .client()
        .makeClientStreamRequest('/test.House/Upload', same, same, (error, came?: Buffer) =>
          error ? reject(error) : resolve(came),
        );
      for (const piece of pieces) call.write(piece);
      call.end();
    });
    expect(answer!.toString()).toBe(digestOf(...pieces));
  });

  it('answers a stream of messages before its end, and the client sees the answer and no error', async () => {
    const client = house.client();
    for (let each = 0; each < 10; each += 1) {
      const answer = await new Promise<Buffer | undefined>((resolve, reject) => {
        const call = client.makeClientStreamRequest(
          '/test.House/Upload',
          same,
          same,
          (error, came?: Buffer) => (error ? reject(error) : resolve(came)),
        );
        call.on('error', () => undefined);
        call.write(Buffer.from('enough'));
        // It goes on, and far beyond the windows in all.
        for (let more = 0; more < 80; more += 1) call.write(patternBytes(65_536));
      });
      expect(answer!.toString()).toBe('early');
    }
    expect((await unary(client, patternBytes(4 * MIB - 10))).error).toBeNull();
  });

  it('gives a slow reader 50 MiB, no faster than it reads', async () => {
    const call = download(house.client(), 800);
    let received = 0;
    let most = 0;
    for await (const piece of call as AsyncIterable<Buffer>) {
      expect(piece.equals(patternBytes(65_536, 31 * received))).toBe(true);
      received += 1;
      most = Math.max(most, seen.written - received);
      // In these turns the server writes all that it may.
      for (let turn = 0; turn < 5; turn += 1) await new Promise(setImmediate);
    }
    expect({ received, written: seen.written }).toEqual({ received: 800, written: 800 });
    expect(seen.refusedWrites).toBeGreaterThan(20);
    // Its windows, what the kernel holds, and a little of the server's.
    expect(most * 65_536).toBeLessThan(16 * MIB);
  });

  it('stops writing to a reader who has stopped, and hears when he leaves', async () => {
    const call = download(house.client(), 800);
    call.on('error', () => undefined);
    await new Promise((resolve) => call.once('data', resolve));
    call.pause();
    let before = -1;
    await eventually(() => {
      const { written } = seen;
      const stands = written === before && written > 0;
      before = written;
      expect(stands).toBe(true);
    });
    expect(seen.written * 65_536).toBeLessThan(16 * MIB);
    expect(seen.refusedWrites).toBeGreaterThan(0);
    call.cancel();
    await eventually(() => expect(seen.cancelled).toBe(1), SOON);
  });

  it('lets both sides talk in turn, and at once', async () => {
    const call = chat(house.client());
    const heard: string[] = [];
    const next = (): Promise<string> =>
      new Promise((resolve) => call.once('data', (piece: Buffer) => resolve(piece.toString())));
    for (let turn = 0; turn < 200; turn += 1) {
      const answer = next();
      call.write(Buffer.from(String(turn)));
      heard.push(await answer);
    }
    expect(heard).toEqual(Array.from({ length: 200 }, (_, turn) => `re: ${turn}`));
    const ended = new Promise((resolve) => call.once('status', resolve));
    const all: number[] = [];
    call.on('data', (piece: Buffer) => all.push(piece.byteLength));
    for (let each = 0; each < 100; each += 1) call.write(patternBytes(50_000 + each));
    call.end();
    expect(await ended).toMatchObject({ code: status.OK });
    expect(all).toEqual(Array.from({ length: 100 }, (_, each) => 50_004 + each));
  });

  it('ends a stream with an error in the middle', async () => {
    const call = chat(house.client());
    const failed = new Promise((resolve) => call.once('error', resolve));
    call.on('data', () => undefined);
    call.write(Buffer.from('one'));
    call.write(Buffer.from('break'));
    expect(await failed).toMatchObject({ code: status.ABORTED, details: 'broken' });
  });

  it('tells a handler that its call was cancelled, or that its client is gone', async () => {
    const client = house.client();
    const call = client.makeUnaryRequest(
      '/test.House/Unary',
      same,
      same,
      Buffer.from('wait'),
      () => undefined,
    );
    await eventually(() => expect(running).toHaveLength(1), SOON);
    call.cancel();
    await eventually(() => expect(seen.cancelled).toBe(1), SOON);
    const talk = chat(client);
    talk.on('error', () => undefined);
    talk.write(Buffer.from('hello'));
    await new Promise((resolve) => talk.once('data', resolve));
    talk.cancel();
    await eventually(() => expect(seen.cancelled).toBe(2), SOON);
    const other = house.client();
    other.makeUnaryRequest('/test.House/Unary', same, same, Buffer.from('wait'), () => undefined);
    await eventually(() => expect(running).toHaveLength(2), SOON);
    await house.front.close(0);
    await eventually(() => expect(seen.cancelled).toBe(3), SOON);
  });

  it('keeps deadlines', async () => {
    const client = house.client();
    const late = await unary(client, Buffer.from('wait'), new Metadata(), { deadline: Date.now() + 60 });
    expect(late.error).toMatchObject({ code: status.DEADLINE_EXCEEDED });
    await eventually(() => expect(seen.cancelled).toBe(1), SOON);
    expect(
      (await unary(client, Buffer.from('on'), new Metadata(), { deadline: Date.now() + 60_000 })).error,
    ).toBeNull();
  });

  it('hands its clients over to the next server on the port, and fails none of their calls', async () => {
    const next = new GrpcHouse(handlers);
    const client = house.client();
    const failed: unknown[] = [];
    let answered = 0;
    let over = false;
    const isGoing = (): boolean => !over;
    const wait = new Metadata({ waitForReady: true });
    const callers = Array.from({ length: 20 }, async () => {
      while (isGoing()) {
        const { error } = await unary(client, Buffer.from('hello'), wait);
        if (error) failed.push(error.message);
        answered += 1;
      }
    });
    await eventually(() => expect(answered).toBeGreaterThan(200), SOON);
    const closed = house.front.close(20_000);
    await next.listen(house.port);
    await closed;
    const soFar = answered;
    await eventually(() => expect(answered).toBeGreaterThan(soFar + 200), SOON);
    over = true;
    await Promise.all(callers);
    expect(failed).toEqual([]);
    client.close();
    await next.close();
  });

  describe('over TLS', () => {
    let secure: GrpcHouse;
    beforeAll(async () => {
      const tls = {
        cert: pem('server.pem'),
        key: pem('server.key'),
        ca: pem('authority.pem'),
        requestCert: true,
        rejectUnauthorized: true,
      };
      secure = new GrpcHouse(handlers, { tls });
      await secure.listen();
    });
    afterAll(async () => {
      await secure.close();
      expect(secure.faults).toEqual([]);
    });

    it('knows the certificate and the address of who calls', async () => {
      const client = secure.client(
        {},
        credentials.createSsl(pem('authority.pem'), pem('client.key'), pem('client.pem')),
      );
      const { error, answer } = await unary(client, Buffer.from('who'));
      expect(error).toBeNull();
      expect(JSON.parse(answer!.toString())).toEqual({
        subject: { CN: 'client' },
        peer: expect.stringMatching(/^127\.0\.0\.1:\d+$/),
      });
      const large = patternBytes(4 * MIB - 10);
      const answers = await Promise.all([1, 2, 3, 4].map(() => unary(client, large)));
      for (const each of answers) expect(digestOf(each.answer!)).toBe(digestOf(large));
    });

    it('does not hear who has none', async () => {
      const client = secure.client({}, credentials.createSsl(pem('authority.pem')));
      expect((await unary(client, Buffer.from('who'))).error).toMatchObject({ code: status.UNAVAILABLE });
    });
  });
});
