import { once } from 'node:events';
import { connect, constants, type IncomingHttpHeaders } from 'node:http2';
import { connect as connectSocket, type Socket } from 'node:net';
import { Writable } from 'node:stream';
import { gzipSync } from 'node:zlib';
import { status } from '@grpc/grpc-js';
import { InMemoryPolicyStore } from '@steward/access/testing';
import { busyTurns, eventually } from '@steward/testing';
import pino from 'pino';
import { createApplication, RunningService } from '../src';
import { InMemoryInfrastructure, SampleModule } from './sample-app';

const MESSAGE_BYTES = 16 * 1024 * 1024;
const PREFACE = Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n');
const EMPTY_SETTINGS = Buffer.from([0, 0, 0, 4, 0, 0, 0, 0, 0]);
/** The head of a frame that is longer than any may be. */
const TOO_LONG = Buffer.alloc(50, 7);

describe('connections of the gRPC server', () => {
  let running: RunningService;
  let logged = '';
  const policy = new InMemoryPolicyStore();
  const engineer = policy.addPrincipal('u-eve', [{ role: 'ml-engineer', project: 'lending' }]);

  const start = async (keepaliveMs?: number): Promise<RunningService> => {
    const lines = new Writable({
      write: (line: Buffer, _encoding, done) => {
        logged += String(line);
        done();
      },
    });
    const app = await createApplication({
      service: 'training',
      logger: pino({ level: 'error' }, lines),
      http: {},
      infrastructure: [InMemoryInfrastructure],
      root: SampleModule,
      policy,
    });
    const where = { host: '127.0.0.1', httpPort: 0, grpcPort: 0 };
    return RunningService.start('training', app, where, { messageBytes: MESSAGE_BYTES, keepaliveMs });
  };

  beforeAll(async () => {
    running = await start();
  });
  afterAll(() => running.close());

  it.each([
    ['left in the middle of the greeting', PREFACE.subarray(0, 10)],
    ['said nothing after it', PREFACE],
    ['broke the protocol', Buffer.concat([PREFACE, EMPTY_SETTINGS, TOO_LONG])],
  ])('are closed when their caller %s and has gone', async (_name, bytes) => {
    // Of its own: a caller who lives in this busy process may answer a ping later than that.
    const impatient = await start(200);
    const sockets = Array.from({ length: 5 }, () => connectSocket(impatient.grpcPort, '127.0.0.1'));
    const closed = sockets.map((socket: Socket) => once(socket, 'close'));
    for (const socket of sockets) {
      socket.resume();
      socket.end(bytes);
    }
    // Half closed from this side, each of them ends when the server closes it.
    await Promise.all(closed);
    await impatient.close();
  });

  it('say nothing in the log of a caller who leaves in the middle of his requests', async () => {
    const session = connect(`http://127.0.0.1:${running.grpcPort}`);
    const path = '/steward.sample.v1.SampleService/SumRuns';
    const head = { ':method': 'POST', ':path': path, te: 'trailers', authorization: engineer };
    const stream = session.request({ ...head, 'content-type': 'application/grpc' });
    stream.on('error', () => undefined);
    await new Promise((resolve) =>
      stream.write(Buffer.from([0, 0, 0, 0, 7, ...Buffer.from('{"n":1}')]), resolve),
    );
    stream.close(constants.NGHTTP2_CANCEL);
    await eventually(async () => {
      const metrics = await (await fetch(`http://127.0.0.1:${running.httpPort}/metrics`)).text();
      expect(metrics).toMatch(/grpc_request_duration_seconds_count\{[^}]*SumRuns[^}]*CANCELLED[^}]*\} 1/);
    });
    expect(logged).toBe('');
    session.destroy();
  });

  it('end a caller who resets one call after the other, and nobody else (CVE-2023-44487)', async () => {
    const path = '/steward.sample.v1.SampleService/SumRuns';
    const head = { ':method': 'POST', ':path': path, te: 'trailers', 'content-type': 'application/grpc' };
    const calm = connect(`http://127.0.0.1:${running.grpcPort}`);
    const rapid = connect(`http://127.0.0.1:${running.grpcPort}`);
    rapid.on('error', () => undefined);
    let goodbye: number | undefined;
    rapid.on('goaway', (code) => (goodbye = code));
    let resets = 0;
    // nghttp2 takes a thousand at once, and 33 a second.
    for (; !rapid.closed && !rapid.destroyed && resets < 20_000; resets++) {
      const stream = rapid.request({ ...head, authorization: engineer });
      stream.on('error', () => undefined);
      stream.close(constants.NGHTTP2_CANCEL);
      if (resets % 50 === 0) await new Promise((resolve) => setTimeout(resolve, 1));
    }
    await eventually(() => expect(rapid.destroyed).toBe(true));
    expect(goodbye).toBe(constants.NGHTTP2_INTERNAL_ERROR);
    expect(resets).toBeLessThan(20_000);
    const seen: IncomingHttpHeaders = {};
    const take = (headers: IncomingHttpHeaders): void => void Object.assign(seen, headers);
    const stream = calm.request({ ...head, authorization: engineer });
    stream.on('response', take).on('trailers', take).resume();
    stream.end(Buffer.from([0, 0, 0, 0, 7, ...Buffer.from('{"n":1}')]));
    await once(stream, 'close');
    expect(Number(seen['grpc-status'])).toBe(status.OK);
    calm.destroy();
  });

  it('unpack a message in few turns of a busy event loop', async () => {
    const packed = gzipSync(Buffer.alloc(MESSAGE_BYTES + 1));
    const head = Buffer.from([1, 0, 0, 0, 0]);
    head.writeUInt32BE(packed.byteLength, 1);
    const session = connect(`http://127.0.0.1:${running.grpcPort}`);
    const seen: IncomingHttpHeaders = {};
    const call = async (): Promise<void> => {
      const stream = session.request({
        ':method': 'POST',
        ':path': '/steward.sample.v1.SampleService/GetRun',
        'content-type': 'application/grpc',
        'grpc-encoding': 'gzip',
        te: 'trailers',
      });
      const take = (headers: IncomingHttpHeaders): void => void Object.assign(seen, headers);
      stream.on('response', take).on('trailers', take).resume();
      stream.end(Buffer.concat([head, packed]));
      await once(stream, 'close');
    };
    expect(await busyTurns(call)).toBeLessThan(200);
    expect(Number(seen['grpc-status'])).toBe(status.RESOURCE_EXHAUSTED);
    session.destroy();
  });
});
