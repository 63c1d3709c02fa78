import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { runCli } from './run-cli';

/** A request as the fake saw it. */
export interface SeenRequest {
  readonly method: string;
  readonly url: URL;
  readonly body: string;
  readonly authorization: string | undefined;
  readonly contentType: string | undefined;
}

export interface FakeAnswer {
  readonly status?: number;
  /** An object is sent as JSON, a text as it is. */
  readonly body?: unknown;
}

export type Answer = (request: SeenRequest) => FakeAnswer | Promise<FakeAnswer>;

/** An entry port of Steward that answers as a test says, and keeps what it was asked. For tests. */
export class FakeSteward {
  readonly requests: SeenRequest[] = [];
  readonly folder = mkdtempSync(join(tmpdir(), 'steward-cli-'));
  private readonly routes = new Map<string, Answer>();
  private constructor(private readonly server: Server) {}

  static async start(): Promise<FakeSteward> {
    const server = createServer();
    const fake = new FakeSteward(server);
    server.on('request', (request, response) => {
      void fake.answer(request).then(({ status = 200, body }) => {
        response.writeHead(status, { 'content-type': 'application/json' });
        response.end(typeof body === 'string' ? body : JSON.stringify(body ?? null));
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return fake;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** `GET /training/v1/...` without query. */
  on(route: string, answer: Answer | FakeAnswer): this {
    this.routes.set(route, typeof answer === 'function' ? answer : () => answer);
    return this;
  }

  /** Runs `steward` against this fake. */
  async run(args: readonly string[], options: { environment?: NodeJS.ProcessEnv; input?: string } = {}) {
    const [input, output, errors] = [new PassThrough(), new PassThrough(), new PassThrough()];
    input.end(options.input ?? '');
    const environment = {
      STEWARD_URL: this.url,
      STEWARD_TOKEN: 'token-of-the-test',
      STEWARD_CONFIG_DIR: this.folder,
      STEWARD_PROJECT: 'lending',
      ...options.environment,
    };
    const exitCode = await runCli(args, environment, { input, output, errors });
    return { exitCode, output: textOf(output), errors: textOf(errors) };
  }

  async stop(): Promise<void> {
    rmSync(this.folder, { recursive: true, force: true });
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private async answer(request: IncomingMessage): Promise<FakeAnswer> {
    const chunks: Buffer[] = [];
    for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
    const url = new URL(request.url ?? '/', 'http://fake');
    const seen = {
      method: request.method ?? '',
      url,
      body: Buffer.concat(chunks).toString('utf8'),
      authorization: request.headers.authorization,
      contentType: request.headers['content-type'],
    };
    this.requests.push(seen);
    const route = this.routes.get(`${seen.method} ${url.pathname}`);
    return route
      ? route(seen)
      : problem(404, 'FAKE.UNKNOWN', `The fake has no ${seen.method} ${url.pathname}.`);
  }
}

export const problem = (status: number, code: string, detail: string): FakeAnswer => ({
  status,
  body: { type: `urn:steward:error:${code}`, status, code, detail, details: {} },
});

function textOf(stream: PassThrough): string {
  return ((stream.read() as Buffer | null) ?? Buffer.alloc(0)).toString('utf8');
}
