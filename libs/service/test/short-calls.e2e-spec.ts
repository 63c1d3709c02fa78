import { once } from 'node:events';
import { connect, type ClientHttp2Session, type IncomingHttpHeaders } from 'node:http2';
import { gzipSync } from 'node:zlib';
import { Server, status } from '@grpc/grpc-js';
import { Logger } from '@nestjs/common';
import { Http2Server } from '@steward/http2';
import { errors, type AppError } from '@steward/kernel';
import { eventually } from '@steward/testing';
import { Registry } from 'prom-client';
import { silentHttp2Server } from '../src/grpc-insides';
import { rpcDurations } from '../src/request-metrics';
import type { RpcGuard } from '../src/rpc-guard';
import { FRAME_BYTES, RpcShortcut, type EncodedCall } from '../src/rpc-shortcut';
import { shareCalls } from '../src/short-calls';

const PATH = '/test.Echo/Say';
const MOST_BYTES = 100_000;
const MOST_GATHERED = 250_000;
const registry = new Registry();

/** Takes what begins with `s`; tells who answered. */
class Echo extends RpcShortcut<string> {
  readonly path = PATH;
  full = false;

  override refusal(): AppError | null {
    return this.full ? errors.limit('TEST.FULL', 'All seats are taken.', { retriable: true }) : null;
  }

  read({ message }: EncodedCall): string | null {
    const text = message.toString();
    if (text === 'stop')
      throw errors.limit('TEST.FULL', 'Halt – zu voll.', { retriable: true, details: { retryAfterMs: 70 } });
    return text.startsWith('s') ? text : null;
  }

  answer(text: string): Buffer | Promise<Buffer> {
    const answer = Buffer.concat([Buffer.alloc(FRAME_BYTES), Buffer.from(`short ${text}`)]);
    if (text === 'slow') return new Promise((resolve) => setTimeout(() => resolve(answer), 5_000).unref());
    if (text === 'soon') return Promise.resolve(answer);
    if (text === 'spoil') throw new Error('a secret');
    return text === 'swell' ? Buffer.alloc(MOST_BYTES + FRAME_BYTES + 1) : answer;
  }
}

const frame = (text: string | Buffer, compressed = 0): Buffer => {
  const head = Buffer.alloc(FRAME_BYTES);
  head[0] = compressed;
  head.writeUInt32BE(Buffer.byteLength(text), 1);
  return Buffer.concat([head, Buffer.from(text)]);
};

interface Seen {
  readonly head: IncomingHttpHeaders;
  readonly status: number;
  readonly text: string;
}

describe('calls that are answered in front of grpc-js', () => {
  let front: Http2Server;
  const faults: unknown[] = [];
  let session: ClientHttp2Session;
  const echo = new Echo();

  beforeAll(async () => {
    const server = new Server({ 'grpc.max_receive_message_length': MOST_BYTES });
    const definition = {
      path: PATH,
      requestStream: false as const,
      responseStream: false as const,
      requestSerialize: (bytes: Buffer) => bytes,
      requestDeserialize: (bytes: Buffer) => bytes,
      responseSerialize: (bytes: Buffer) => bytes,
      responseDeserialize: (bytes: Buffer) => bytes,
    };
    const quiet = new Logger();
    jest.spyOn(quiet, 'error').mockImplementation(() => undefined);
    const host = {
      guard: {} as RpcGuard,
      logger: quiet,
      durations: rpcDurations(registry),
      timeoutMs: 1_000,
    };
    // Null, and a loud failure, where another version of grpc-js makes its server otherwise.
    const silent = silentHttp2Server(server)!;
    const mounted = [{ shortcut: echo, definition, decision: null }];
    front = new Http2Server({
      onCall: shareCalls(silent, host, mounted, MOST_BYTES, MOST_GATHERED),
      onFault: (thrown) => faults.push(thrown),
    });
    server.addService(
      { say: definition },
      {
        say: ({ request }: { request: Buffer }, respond: (error: null, answer: Buffer) => void) =>
          respond(null, Buffer.from(`own ${request.length > 40 ? request.length : request.toString()}`)),
      },
    );
    const port = await front.listen('127.0.0.1', 0);
    session = connect(`http://127.0.0.1:${port}`);
    await once(session, 'connect');
  });

  afterAll(async () => {
    await new Promise<void>((resolve) => session.close(resolve));
    await front.close(1_000);
    expect(faults).toEqual([]);
  });

  /** Sends parts one after the other, in frames of their own. */
  async function call(parts: readonly Buffer[], headers: Record<string, string> = {}): Promise<Seen> {
    const stream = session.request({
      ':method': 'POST',
      ':path': PATH,
      te: 'trailers',
      'content-type': 'application/grpc',
      ...headers,
    });
    let head: IncomingHttpHeaders = {};
    let trailers: IncomingHttpHeaders = {};
    const chunks: Buffer[] = [];
    stream.on('response', (came) => (head = came));
    stream.on('trailers', (came) => (trailers = came));
    stream.on('data', (chunk: Buffer) => chunks.push(chunk));
    const closed = once(stream, 'close');
    for (const part of parts) {
      await new Promise((resolve) => stream.write(part, resolve));
      await new Promise((resolve) => session.ping(resolve));
    }
    stream.end();
    await closed;
    const said = trailers['grpc-status'] ?? head['grpc-status'];
    return { head, status: Number(said), text: Buffer.concat(chunks).subarray(FRAME_BYTES).toString() };
  }

  it.each([
    ['at once', 'say', 'short say'],
    ['later', 'soon', 'short soon'],
    ['not, and gives it to grpc-js', 'other', 'own other'],
  ])('answers %s', async (_, text, answer) => {
    expect(await call([frame(text)])).toMatchObject({ status: status.OK, text: answer });
  });

  it('reads a message that comes in pieces, cut anywhere, whoever takes it', async () => {
    for (const text of ['say', 'other']) {
      const whole = frame(text);
      for (let cut = 1; cut < whole.length; cut++) {
        const seen = await call([whole.subarray(0, cut), whole.subarray(cut)]);
        expect(seen).toMatchObject({
          status: status.OK,
          text: `${text === 'say' ? 'short' : 'own'} ${text}`,
        });
      }
    }
    const large = frame('o'.repeat(90_000));
    expect(await call([large.subarray(0, 50_000), large.subarray(50_000)])).toMatchObject({
      text: 'own 90000',
    });
  });

  it('leaves compressed messages, those that are too large and second ones to grpc-js', async () => {
    const gzip = { 'grpc-encoding': 'gzip' };
    expect(await call([frame(gzipSync('say'), 1)], gzip)).toMatchObject({ text: 'own say' });
    expect(await call([frame('s'.repeat(MOST_BYTES + 1))])).toMatchObject({
      status: status.RESOURCE_EXHAUSTED,
    });
    const twice = { status: status.UNIMPLEMENTED };
    expect(await call([frame('say'), frame('say')])).toMatchObject(twice);
    expect(await call([Buffer.concat([frame('say'), frame('say')])])).toMatchObject(twice);
  });

  it('refuses a call without a whole message as grpc-js does', async () => {
    expect(await call([])).toMatchObject({ status: status.UNIMPLEMENTED });
    expect(await call([frame('say').subarray(0, 6)])).toMatchObject({ status: status.UNIMPLEMENTED });
  });

  it('says what was refused, with advice, and hides what broke', async () => {
    const refused = await call([frame('stop')]);
    expect(refused).toMatchObject({ status: status.RESOURCE_EXHAUSTED });
    expect(decodeURI(String(refused.head['grpc-message']))).toBe('Halt – zu voll.');
    expect(refused.head).toMatchObject({ 'steward-code': 'TEST.FULL', 'grpc-retry-pushback-ms': '70' });
    const broken = await call([frame('spoil')]);
    expect(broken.status).toBe(status.INTERNAL);
    expect(JSON.stringify(broken.head)).not.toContain('secret');
    expect(await call([frame('swell')])).toMatchObject({ status: status.RESOURCE_EXHAUSTED });
  });

  it('refuses before the message has come, whoever would take it, and drops what comes of it', async () => {
    echo.full = true;
    const stream = session.request({
      ':method': 'POST',
      ':path': PATH,
      te: 'trailers',
      'content-type': 'application/grpc',
    });
    const closed = once(stream, 'close');
    stream.write(frame('s'.repeat(60_000)).subarray(0, 100));
    const [head] = (await once(stream, 'response')) as [IncomingHttpHeaders];
    expect(head).toMatchObject({ 'grpc-status': '8', 'steward-code': 'TEST.FULL' });
    stream.resume();
    // The caller has not ended his message: after two seconds the server ends the stream, and without an error.
    await closed;
    expect(stream.rstCode).toBe(0);
    const wanted = { 'x-correlation-id': '01890000-0000-7000-8000-000000000001' };
    const told = await call([frame('say')], wanted);
    expect(told.head['steward-correlation']).toBe(wanted['x-correlation-id']);
    const large = [frame('s'.repeat(90_000))];
    const many = await Promise.all(Array.from({ length: 40 }, () => call(large)));
    expect(many.map((each) => each.status)).toEqual(many.map(() => status.RESOURCE_EXHAUSTED));
    echo.full = false;
    // What was refused left nothing behind on the connection.
    expect(await call([frame('say')])).toMatchObject({ text: 'short say' });
  });

  it('takes no more calls while too much of messages waits for its rest, and then goes on', async () => {
    const headers = { ':method': 'POST', ':path': PATH, te: 'trailers', 'content-type': 'application/grpc' };
    const whole = frame('s'.repeat(90_000));
    const begun = Array.from({ length: 3 }, () => session.request(headers));
    const closed = begun.map((stream) => once(stream.resume(), 'close'));
    for (const stream of begun) stream.write(whole.subarray(0, 89_000));
    await eventually(async () => {
      const refused = await call([frame('say')]);
      expect(refused.status).toBe(status.RESOURCE_EXHAUSTED);
      expect(refused.head['steward-code']).toBe('RPC.TOO_MANY_MESSAGES');
    });
    begun[0]!.end(whole.subarray(89_000));
    begun[1]!.close();
    await Promise.all(closed.slice(0, 2));
    expect(await call([frame('say')])).toMatchObject({ status: status.OK, text: 'short say' });
    begun[2]!.end(whole.subarray(89_000));
    await closed[2];
  });

  it('gives a message of several pieces memory that ends where numbers may stand', async () => {
    const text = 's'.repeat(50_003);
    const read = jest.spyOn(echo, 'read');
    expect(await call([frame(text)])).toMatchObject({ text: `short ${text}` });
    const { message } = read.mock.lastCall![0];
    expect((message.byteOffset + message.byteLength) % 8).toBe(0);
    read.mockRestore();
  });

  it('keeps the deadline: while it waits for the message, for the answer, and when it has passed', async () => {
    const late = { status: status.DEADLINE_EXCEEDED };
    expect(await call([frame('slow')], { 'grpc-timeout': '40m' })).toMatchObject(late);
    expect(await call([frame('say')], { 'grpc-timeout': '0m' })).toMatchObject(late);
    const stream = session.request({
      ':method': 'POST',
      ':path': PATH,
      'content-type': 'application/grpc',
      'grpc-timeout': '30m',
    });
    const [head] = (await once(stream, 'response')) as [IncomingHttpHeaders];
    expect(Number(head['grpc-status'])).toBe(status.DEADLINE_EXCEEDED);
    stream.close();
    expect(await call([frame('say')], { 'grpc-timeout': 'soon' })).toMatchObject({ status: status.INTERNAL });
    expect(await call([frame('say')], { 'grpc-timeout': '20S' })).toMatchObject({ text: 'short say' });
  });

  it('survives callers who reset their streams, and serves the others', async () => {
    for (let each = 0; each < 50; each++) {
      const stream = session.request({
        ':method': 'POST',
        ':path': PATH,
        'content-type': 'application/grpc',
      });
      stream.on('error', () => undefined);
      stream.write(frame(each % 2 ? 'slow' : 'say').subarray(0, each % 3 ? undefined : 4));
      stream.close(8);
    }
    expect(await call([frame('say')])).toMatchObject({ text: 'short say' });
  });

  it('refuses what is no gRPC as before', async () => {
    const seen = await call([frame('say')], { 'content-type': 'text/plain' });
    expect(seen.head[':status']).toBe(415);
  });

  it('counts by method and status', async () => {
    await call([frame('say')]);
    const text = await registry.metrics();
    expect(text).toContain(`steward_grpc_request_duration_seconds_count{method="${PATH}",status="OK"}`);
    expect(text).toContain('status="DEADLINE_EXCEEDED"');
  });
});
