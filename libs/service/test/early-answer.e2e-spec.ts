import { once } from 'node:events';
import http from 'node:http';
import { connect, type AddressInfo, type Socket } from 'node:net';
import { InMemoryPolicyStore } from '@steward/access/testing';
import { eventually } from '@steward/testing';
import { createApplication, makeLogger, RunningService } from '../src';
import { answerEarly, type Patience } from '../src/early-answer';
import { InMemoryInfrastructure, SampleModule } from './sample-app';

const MEBIBYTE = 1024 * 1024;
const PART = Buffer.alloc(MEBIBYTE / 4, 0x20);

/** A caller who writes as he likes, and remembers what he saw. */
class Writer {
  seen = '';
  ended = false;
  readonly faults: string[] = [];
  private readonly socket: Socket;

  constructor(port: number) {
    this.socket = connect(port, '127.0.0.1');
    this.socket.on('data', (part) => (this.seen += String(part)));
    this.socket.on('end', () => (this.ended = true));
    this.socket.on('error', ({ message }) => this.faults.push(message));
  }

  async write(part: Buffer | string): Promise<void> {
    if (this.socket.destroyed) return;
    // Broken writes are told by the event.
    await new Promise<void>((resolve) => void this.socket.write(part, () => resolve()));
  }

  async begin(path: string, bytes: number): Promise<void> {
    await this.write(`POST ${path} HTTP/1.1\r\nhost: x\r\ncontent-length: ${bytes}\r\n\r\n`);
  }

  async closed(): Promise<void> {
    if (!this.socket.closed) await once(this.socket, 'close');
  }

  leave(): void {
    this.socket.destroy();
  }
}

describe('an answer to a request that is still on its way', () => {
  it('reaches a caller of a service who writes all before he reads, and ends the connection in order', async () => {
    const app = await createApplication({
      service: 'training',
      logger: makeLogger('training', 'silent'),
      http: {},
      infrastructure: [InMemoryInfrastructure],
      root: SampleModule,
      policy: new InMemoryPolicyStore(),
    });
    const where = { host: '127.0.0.1', httpPort: 0, grpcPort: 0 };
    const running = await RunningService.start('training', app, where);
    const caller = new Writer(running.httpPort);
    await caller.begin('/v1/projects/lending/runs/upload', 8 * MEBIBYTE);
    await caller.write(PART);
    await eventually(() =>
      expect(caller.seen).toMatch(/^HTTP\/1\.1 404 [^]*connection: close[^]*\r\n\r\n\{.+\}$/i),
    );
    for (let written = PART.byteLength; written < 8 * MEBIBYTE; written += PART.byteLength)
      await caller.write(PART);
    await caller.closed();
    expect(caller.faults).toEqual([]);
    expect(caller.ended).toBe(true);
    await running.close();
  });

  describe('with little patience', () => {
    let server: http.Server;
    let patience: Patience;
    const generous: Patience = { bytes: 64 * MEBIBYTE, quietMs: 60_000, totalMs: 60_000 };
    const open = (): Writer => new Writer((server.address() as AddressInfo).port);

    beforeEach(async () => {
      patience = generous;
      server = http.createServer((request, response) =>
        answerEarly(request, response, Buffer.from('no'), patience),
      );
      server.listen(0, '127.0.0.1');
      await once(server, 'listening');
    });
    afterEach(() => server.close());

    it.each([
      ['bytes', { ...generous, bytes: 2 * MEBIBYTE }],
      ['time', { ...generous, totalMs: 50 }],
    ])('ends the connection of a caller who goes on beyond it in %s', async (_name, little) => {
      patience = little;
      const caller = open();
      await caller.begin('/', 1024 * MEBIBYTE);
      let left = 1024 * MEBIBYTE;
      for (; left > 0 && caller.faults.length === 0 && !caller.ended; left -= PART.byteLength)
        await caller.write(PART);
      await caller.closed();
      expect(left).toBeGreaterThan(0);
      expect(caller.seen).toContain('200 OK');
    });

    it('ends the connection of a caller who sends nothing more', async () => {
      patience = { ...generous, quietMs: 50 };
      const caller = open();
      await caller.begin('/', 10);
      await caller.closed();
      expect(caller.faults).toEqual([]);
      expect(caller.seen).toMatch(/^HTTP\/1\.1 200 OK[^]*connection: close[^]*\r\n\r\nno$/i);
    });

    it('forgets a caller who leaves', async () => {
      const caller = open();
      await caller.begin('/', 10);
      await eventually(() => expect(caller.seen).toContain('200 OK'));
      caller.leave();
      await eventually(async () => {
        const connections = await new Promise((resolve) =>
          server.getConnections((_error, count) => resolve(count)),
        );
        expect(connections).toBe(0);
      });
    });

    it('goes on with the connection where the request is whole', async () => {
      const caller = open();
      await caller.write('POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 1\r\n\r\na');
      await eventually(() => expect(caller.seen).toContain('keep-alive'));
      await caller.write('POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 1\r\n\r\na');
      await eventually(() => expect(caller.seen.match(/200 OK/g)).toHaveLength(2));
      caller.leave();
    });
  });
});
