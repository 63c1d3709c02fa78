import { fork, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { createTestDatabase, type TestDatabase } from '@steward/testing';
import request from 'supertest';

interface Ready {
  readonly type: string;
  readonly service: string;
  readonly httpPort: number;
  readonly grpcPort: number;
}

describe('runService in a process of its own', () => {
  let database: TestDatabase;
  const children: ChildProcess[] = [];

  beforeAll(async () => {
    database = await createTestDatabase({ services: ['training'] });
  });

  afterAll(async () => {
    for (const child of children) child.kill('SIGKILL');
    await database.dispose();
  });

  const run = (env: Record<string, string> = {}) => {
    const child = fork(join(__dirname, 'process', 'main.cjs'), [], {
      env: { PATH: process.env.PATH, STEWARD_TRAINING_DATABASE_URL: database.urlOf('training'), ...env },
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      execArgv: [],
    });
    children.push(child);
    let log = '';
    child.stdout!.on('data', (chunk: Buffer) => (log += chunk.toString()));
    const ended = once(child, 'exit').then(([code]) => ({ code: code as number | null, log: () => log }));
    return { child, ended };
  };
  const started = async (env?: Record<string, string>) => {
    const { child, ended } = run(env);
    const ready = await Promise.race([
      once(child, 'message').then(([message]) => message as Ready),
      ended.then(({ log }): never => {
        throw new Error(`It ended before it was ready: ${log()}`);
      }),
    ]);
    return { child, ended, ready, http: request(`http://127.0.0.1:${ready.httpPort}`) };
  };

  it('says where it listens, logs JSON, and ends with 0 on SIGTERM after it answered what ran', async () => {
    const { child, ended, ready, http } = await started();
    expect(ready).toMatchObject({ type: 'ready', service: 'training' });
    expect(ready.httpPort).not.toBe(ready.grpcPort);
    await http.get('/health/live').expect(200);
    const slow = http.get('/slow').then((answer) => {
      child.kill('SIGTERM');
      return answer.status;
    });
    const late = http.get('/slow').then((answer) => answer.status);
    expect([await slow, await late]).toEqual([200, 200]);
    const { code, log } = await ended;
    expect(code).toBe(0);
    for (const line of log().trim().split('\n'))
      expect(JSON.parse(line)).toHaveProperty('service', 'training');
  });

  it('ends when its supervisor is gone', async () => {
    const { child, ended } = await started();
    child.disconnect();
    expect((await ended).code).toBe(0);
  });

  it.each([
    ['the supervisor', 0, (child: ChildProcess) => child.disconnect()],
    ['its last good state', 1, (child: ChildProcess) => child.send('fail')],
  ])('ends when whoever read its output is gone, and then %s', async (_what, expected, then) => {
    const child = fork(join(__dirname, 'process', 'lifetime.cjs'), [], {
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      execArgv: [],
    });
    children.push(child);
    await once(child, 'message');
    child.stdout!.destroy();
    child.stderr!.destroy();
    then(child);
    const [code] = (await once(child, 'exit')) as [number | null];
    expect(code).toBe(expected);
  });

  it('logs a rejection that nobody handled as fatal and ends with 1', async () => {
    const { ended, http } = await started();
    await http.post('/reject').catch(() => undefined);
    const { code, log } = await ended;
    expect(code).toBe(1);
    expect(log()).toMatch(/"level":"fatal".*nobody handles this/);
  });

  it('goes on with the caller’s trace, puts its id into the log, and sends the last spans before it ends', async () => {
    const received: Buffer[] = [];
    const collector = createServer((incoming, answer) => {
      incoming.on('data', (chunk: Buffer) => received.push(chunk)).once('end', () => answer.end());
    });
    await new Promise<void>((resolve) => void collector.listen(0, '127.0.0.1', resolve));
    const { port } = collector.address() as AddressInfo;
    const { child, ended, http } = await started({
      OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${port}`,
      STEWARD_LOG_LEVEL: 'debug',
    });
    const traceId = randomBytes(16).toString('hex');
    await http.get('/slow').set('traceparent', `00-${traceId}-b7ad6b7169203331-01`).expect(200);
    const shortId = randomBytes(16).toString('hex');
    await http.post('/quick').set('traceparent', `00-${shortId}-b7ad6b7169203331-01`).expect(200);
    child.kill('SIGTERM');
    const { code, log } = await ended;
    await new Promise((resolve) => collector.close(resolve));
    expect(code).toBe(0);
    expect(log()).toMatch(new RegExp(`/slow.*"trace_id":"${traceId}"`));
    const sent = Buffer.concat(received);
    expect(sent.includes(Buffer.from(traceId, 'hex'))).toBe(true);
    expect(sent.includes('GET')).toBe(true);
    // A shortcut is traced as its route would be.
    expect(log()).toMatch(new RegExp(`"trace_id":"${shortId}".*/quick`));
    expect(sent.includes(Buffer.from(shortId, 'hex'))).toBe(true);
    expect(sent.includes('POST')).toBe(true);
  });

  it('goes on with the caller’s trace by a shortcut where nothing is exported', async () => {
    const { child, ended, http } = await started({ STEWARD_LOG_LEVEL: 'debug' });
    const theirs = `00-${randomBytes(16).toString('hex')}-b7ad6b7169203331-01`;
    const { text } = await http.post('/quick').set('traceparent', theirs).expect(200);
    expect(JSON.parse(text)).toMatchObject({ traceparent: theirs });
    expect((await http.post('/quick').expect(200)).text).toBe('{}');
    child.kill('SIGTERM');
    const { log } = await ended;
    expect(log()).toMatch(new RegExp(`"trace_id":"${theirs.split('-')[1]}".*/quick`));
  });

  it('does not start with wrong settings, and names each without its value', async () => {
    const { ended } = run({ STEWARD_TRAINING_DATABASE_URL: 'hunter2', STEWARD_TRAINING_WORKERS: 'many' });
    const { code, log } = await ended;
    expect(code).toBe(1);
    expect(log()).toMatch(/STEWARD_TRAINING_DATABASE_URL.*STEWARD_TRAINING_WORKERS/s);
    expect(log()).not.toContain('hunter2');
  });
});
