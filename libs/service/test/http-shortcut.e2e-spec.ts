import { once } from 'node:events';
import http from 'node:http';
import { connect } from 'node:net';
import { Writable } from 'node:stream';
import { Controller, HttpCode, Injectable, Module, Param, Post, Req } from '@nestjs/common';
import { Can, EntryGuard, FromCaller, type Caller } from '@steward/access';
import { InMemoryPolicyStore } from '@steward/access/testing';
import { errors } from '@steward/kernel';
import { eventually } from '@steward/testing';
import type { Request } from 'express';
import pino from 'pino';
import request from 'supertest';
import {
  createApplication,
  HttpShortcut,
  replyWith,
  RunningService,
  type HttpAnswer,
  type ProblemForm,
  type Reply,
  type RequestHead,
  type ShortcutCall,
} from '../src';
import { InMemoryInfrastructure } from './sample-app';

const ROUTE = '/v1/projects/:project/echo';
const TYPE = 'application/json; charset=utf-8';

/** What both ways answer: the body in other words, or what the body asks for. */
async function echo(caller: Caller, body: AsyncIterable<Buffer> | Iterable<Buffer>): Promise<object> {
  let text = '';
  for await (const part of body) text += String(part);
  if (text === 'fail') throw new Error('an inside that must not leave');
  if (text === 'busy') throw errors.unavailable('SAMPLE.BUSY', 'Come again.');
  return { length: text.length, by: caller.principal.id, project: caller.project };
}

@Controller('v1/projects/:project')
class EchoController {
  @Post('echo')
  @HttpCode(200)
  @Can('run', 'Pipeline')
  echo(@FromCaller() caller: Caller, @Param('project') _project: string, @Req() from: Request) {
    return echo(caller, from as AsyncIterable<Buffer>);
  }
}

@Injectable()
class EchoShortcut extends HttpShortcut {
  readonly problems: ProblemForm = {
    type: 'application/problem+json; charset=utf-8',
    body: (problem) => problem,
  };
  answered = 0;

  constructor(private readonly guard: EntryGuard) {
    super();
  }

  take({ method, url = '' }: RequestHead) {
    const project = method === 'POST' ? /^\/v1\/projects\/([a-z]+)\/echo$/.exec(url)?.[1] : undefined;
    return project === undefined ? null : { route: ROUTE, parameters: { project } };
  }

  answer(call: ShortcutCall, reply: Reply): void {
    this.answered += 1;
    replyWith(reply, () => this.execute(call));
  }

  private async execute({ request: from, body, parameters, ...call }: ShortcutCall): Promise<HttpAnswer> {
    const credential = from.headers.authorization;
    const caller = await this.guard.admit({ ...call, credential, field: (name) => parameters[name] });
    return {
      headers: ['content-type', TYPE],
      body: JSON.stringify(await echo(caller, Buffer.isBuffer(body) ? [body] : body)),
    };
  }
}

@Module({ controllers: [EchoController], providers: [EchoShortcut] })
class EchoModule {}

const policy = new InMemoryPolicyStore();

describe('a shortcut in front of a route', () => {
  let running: RunningService;
  let url: string;
  let shortcut: EchoShortcut;
  let lines: Record<string, unknown>[] = [];
  const engineer = policy.addPrincipal('u-eve', [{ role: 'ml-engineer', project: 'lending' }]);
  const approver = policy.addPrincipal('u-ann', [{ role: 'approver', project: 'lending' }]);
  policy.addProjects('lending');

  const start = async (requestsPer10s = 1_000): Promise<void> => {
    lines = [];
    const stream = new Writable({
      write: (line: Buffer, _encoding, done) => {
        lines.push(JSON.parse(String(line)) as Record<string, unknown>);
        done();
      },
    });
    const app = await createApplication({
      service: 'training',
      logger: pino({ level: 'debug' }, stream),
      http: { requestsPer10s },
      infrastructure: [InMemoryInfrastructure],
      root: EchoModule,
      policy,
    });
    shortcut = app.get(EchoShortcut);
    running = await RunningService.start('training', app, { host: '127.0.0.1', httpPort: 0, grpcPort: 0 });
    url = `http://127.0.0.1:${running.httpPort}`;
    byNode = accepted = 0;
    const server = app.getHttpServer();
    const emit = server.emit.bind(server) as (name: string, ...values: unknown[]) => boolean;
    server.emit = (name: string, ...values: unknown[]) => {
      if (name === 'request') byNode += 1;
      if (name === 'connection') accepted += 1;
      return emit(name, ...values);
    };
  };

  beforeEach(() => start());
  afterEach(() => running.close());

  /** Requests that came to Node.js' HTTP, and not to whom answers plain ones before it. */
  let byNode = 0;
  let accepted = 0;
  const agent = new http.Agent({ keepAlive: true });
  afterAll(() => agent.destroy());

  /** On a connection that is kept, as most callers of predictions have one. */
  const send = async (path: string, body: string, more: Record<string, string>) => {
    const call = http.request(`${url}${path}`, { method: 'POST', agent, headers: { ...more } });
    call.end(body);
    const [response] = (await once(call, 'response')) as [http.IncomingMessage];
    const parts: Buffer[] = [];
    for await (const part of response) parts.push(part as Buffer);
    const { statusCode, headers } = response;
    return { status: statusCode, headers, body: JSON.parse(String(Buffer.concat(parts))) as object };
  };

  const post = (path: string, body: string, credential: string | null = engineer) => {
    const call = request(url).post(path).type('text/plain');
    return (credential === null ? call : call.set('authorization', credential)).send(body);
  };
  /** The same request by the shortcut, plain and not, and, for its query, by the application. */
  const bothWays = async (body: string, credential: string | null = engineer) => {
    const before = { answered: shortcut.answered, byNode };
    const seen = () => [shortcut.answered - before.answered, byNode - before.byNode];
    const type = { 'content-type': 'text/plain', 'content-length': String(body.length) };
    const common = credential === null ? type : { ...type, authorization: credential };
    const plain = await send('/v1/projects/lending/echo', body, common);
    expect(seen()).toEqual([1, 0]);
    const short = await send('/v1/projects/lending/echo', body, { ...common, te: 'trailers' });
    expect(seen()).toEqual([2, 1]);
    const general = await send('/v1/projects/lending/echo?way=application', body, common);
    expect(seen()).toEqual([2, 2]);
    agent.destroy();
    return [plain, short, general].map(({ status, headers, body: of }) => {
      // Nest's own answers have an entity tag; what is counted and what the clock says differs.
      for (const name of ['etag', 'date', 'x-correlation-id', 'x-ratelimit-remaining', 'x-ratelimit-reset'])
        delete headers[name];
      return { status, headers, body: { ...of, correlation: undefined } };
    });
  };

  it.each([
    ['a success', 'hello', engineer, 200],
    ['an error that the caller may be told', 'busy', engineer, 503],
    ['an error that he may not', 'fail', engineer, 500],
    ['a caller without a credential', 'hello', null, 401],
    ['a caller with another role', 'hello', approver, 403],
    ['a credential that is none', 'hello', 'Bearer nothing', 401],
  ])('answers %s as the application does', async (_name, body, credential, status) => {
    const [plain, short, general] = await bothWays(body, credential);
    expect(plain).toEqual(general);
    expect(short).toEqual(general);
    expect(short!.status).toBe(status);
    expect(short!.headers['content-security-policy']).toContain("default-src 'self'");
    expect(JSON.stringify(short)).not.toContain('inside that must not');
  });

  it('keeps the correlation that a caller names', async () => {
    const correlation = '01900000-0000-7000-8000-0000000000aa';
    const answer = await post('/v1/projects/lending/echo', 'busy').set('x-correlation-id', correlation);
    expect(answer.headers['x-correlation-id']).toBe(correlation);
    expect(answer.body.correlation).toBe(correlation);
  });

  it('logs and counts alike', async () => {
    const counts = async (): Promise<number[]> => {
      const { text } = await request(url).get('/metrics');
      return ['200', '503', '500'].map((status) => {
        const ours = (line: string) => line.includes(ROUTE) && line.includes(`status="${status}"`);
        const line = text.split('\n').find((each) => each.includes('_seconds_count') && ours(each));
        return Number(line?.split(' ').at(-1) ?? 0);
      });
    };
    const before = await counts();
    for (const body of ['hello', 'busy', 'fail']) await bothWays(body);
    await eventually(() =>
      expect(lines.filter(({ msg }) => String(msg).startsWith('request '))).toHaveLength(9),
    );
    const told = lines
      .filter(({ msg }) => String(msg).startsWith('request '))
      .map(({ level, msg, req, res, responseTime }) => ({
        level,
        msg,
        req: { ...(req as object), id: typeof (req as { id: unknown }).id },
        res,
        time: Number.isInteger(responseTime),
      }));
    for (let at = 0; at < 9; at += 3) expect([told[at + 1], told[at + 2]]).toEqual([told[at], told[at]]);
    expect(JSON.stringify(lines)).not.toContain(engineer.slice(20));
    expect(lines.filter(({ err }) => JSON.stringify(err ?? '').includes('inside'))).toHaveLength(3);
    expect((await counts()).map((count, index) => count - before[index]!)).toEqual([3, 3, 3]);
  });

  it('slows an address down with 429, and says when to come again', async () => {
    await running.close();
    await start(3);
    for (let sent = 0; sent < 3; sent++) await post('/v1/projects/lending/echo', 'hello').expect(200);
    const answer = await post('/v1/projects/lending/echo', 'hello').expect(429);
    expect(answer.body).toMatchObject({ code: 'HTTP.TOO_MANY_REQUESTS', retriable: true });
    expect(Number(answer.headers['retry-after'])).toBeGreaterThan(0);
  });

  it('leaves a request that came through a proxy on this machine to the application, which trusts it', async () => {
    await post('/v1/projects/lending/echo', 'hello').set('x-forwarded-for', '10.0.0.1').expect(200);
    expect(shortcut.answered).toBe(0);
  });

  /** A request whose body is not whole, and what shows that the server knows of it. */
  const WAYS = [
    ['by Node.js', 'te: trailers\r\n', () => expect(shortcut.answered).toBe(1)],
    ['as a plain one', '', () => expect(accepted).toBe(1)],
  ] as const;

  it.each(WAYS)('ends what runs when the service stops, %s', async (_name, header, isThere) => {
    const socket = connect(running.httpPort, '127.0.0.1');
    let seen = '';
    socket.on('data', (part) => (seen += String(part)));
    socket.write(
      `POST /v1/projects/lending/echo HTTP/1.1\r\nhost: x\r\nauthorization: ${engineer}\r\n${header}content-length: 2\r\n\r\na`,
    );
    await eventually(isThere);
    const closing = running.close();
    socket.write('b');
    await once(socket, 'close');
    await closing;
    expect(seen).toContain('200 OK');
    expect(seen).toContain('"length":2');
  });

  it('outlives a caller who leaves in the middle of his body', async () => {
    const socket = connect(running.httpPort, '127.0.0.1');
    socket.write(
      `POST /v1/projects/lending/echo HTTP/1.1\r\nhost: x\r\nauthorization: ${engineer}\r\nte: trailers\r\ncontent-length: 9\r\n\r\na`,
    );
    await eventually(() => expect(shortcut.answered).toBe(1));
    socket.destroy();
    await eventually(() => expect(lines.some(({ msg }) => /aborted|errored/.test(String(msg)))).toBe(true));
    await post('/v1/projects/lending/echo', 'hello').expect(200);
  });
});
