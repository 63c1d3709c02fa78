import type { IncomingMessage, RequestListener, Server, ServerResponse } from 'node:http';
import { context, propagation, ROOT_CONTEXT } from '@opentelemetry/api';
import { correlationOf, type EntryDecision } from '@steward/access';
import { Logger as NestLogger } from '@nestjs/common';
import type { Logger } from 'pino';
import type { Registry } from 'prom-client';
import { AddressThrottle, tooManyRequests, type Turn } from './address-throttle';
import { exportsTraces } from './environment.config';
import type { HttpAnswer, HttpShortcut, TakenRoute } from './http-shortcut';
import { logRequest } from './logging';
import { sendProblem } from './problem.filter';
import { httpDurations } from './request-metrics';

/** What shortcuts share with the application that they stand in front of. */
export interface ShortcutHost {
  readonly logger: Logger;
  readonly registry: Registry;
  readonly requestsPer10s: number;
  /** Of every entry of the application. */
  readonly decisions: ReadonlyMap<string, EntryDecision | null>;
  /** Names and values in turn, on every answer. */
  readonly headers: readonly string[];
  /** Whether a proxy at this address is believed about the addresses of its callers. */
  readonly trusts: (address: string) => boolean;
}

interface Taken extends TakenRoute {
  readonly shortcut: HttpShortcut;
}

/** Puts shortcuts in front of the application that listens on a server already. */
export function mountShortcuts(server: Server, shortcuts: readonly HttpShortcut[], host: ShortcutHost): void {
  if (shortcuts.length === 0) return;
  const front = new ShortcutFront(shortcuts, host);
  if (exportsTraces()) {
    const application = server.listeners('request') as RequestListener[];
    server.removeAllListeners('request');
    server.on('request', (request, response) => {
      if (!front.takes(request, response)) for (const listener of application) listener(request, response);
    });
    return;
  }
  // Where nothing is exported, shortcuts carry the caller's trace on by themselves, at a fraction of the cost of the
  // instrumentation, which has wrapped the server's emit.
  const instrumented = server.emit.bind(server) as (name: string | symbol, ...values: unknown[]) => boolean;
  server.emit = (name: string | symbol, ...values: unknown[]): boolean =>
    (name === 'request' && front.takes(values[0] as IncomingMessage, values[1] as ServerResponse)) ||
    instrumented(name, ...values);
}

/** Bodies up to this size are copied to stand behind the head; larger ones are written for themselves. */
const SMALL_BYTES = 16 * 1024;

/** A small body goes out in one write with the head, which Node.js does for strings alone. */
function end(response: ServerResponse, body: Buffer | string): void {
  if (typeof body === 'string' || body.byteLength > SMALL_BYTES) response.end(body);
  else response.end(body.toString('latin1'), 'latin1');
}

class ShortcutFront {
  private readonly nestLogger = new NestLogger('Http');
  private readonly durations;
  private readonly throttle: AddressThrottle;

  constructor(
    private readonly shortcuts: readonly HttpShortcut[],
    private readonly host: ShortcutHost,
  ) {
    this.durations = httpDurations(host.registry);
    this.throttle = new AddressThrottle(host.requestsPer10s);
  }

  /** Answers the request, if there is a shortcut for it. */
  takes(request: IncomingMessage, response: ServerResponse): boolean {
    const taken = this.take(request);
    if (taken) this.run(taken, request, response);
    return taken !== null;
  }

  private take(request: IncomingMessage): Taken | null {
    for (const shortcut of this.shortcuts) {
      const route = shortcut.take(request);
      // Who calls through a proxy that is believed is for Express to find out.
      if (route) return this.proxied(request) ? null : { ...route, shortcut };
    }
    return null;
  }

  private run(taken: Taken, request: IncomingMessage, response: ServerResponse): void {
    const { traceparent } = request.headers;
    if (traceparent === undefined || exportsTraces()) return this.begin(taken, request, response);
    context.with(propagation.extract(ROOT_CONTEXT, request.headers), () =>
      this.begin(taken, request, response),
    );
  }

  private begin(taken: Taken, request: IncomingMessage, response: ServerResponse): void {
    const started = performance.now();
    const correlation = correlationOf(request);
    const address = request.socket.remoteAddress ?? '';
    const turn = this.throttle.enter(address);
    const closed = (): void => this.closed(taken, request, response, performance.now() - started);
    const active = context.active();
    response.once('close', active === ROOT_CONTEXT ? closed : context.bind(active, closed));
    this.answer(taken, request, turn, correlation, address).then(
      ({ headers, body }) => {
        const own = ['content-length', String(Buffer.byteLength(body))];
        response.writeHead(200, [...this.headersOf(correlation, turn), ...headers, ...own]);
        end(response, body);
      },
      (thrown: unknown) => {
        const headers = this.headersOf(correlation, turn);
        for (let at = 0; at < headers.length; at += 2) response.setHeader(headers[at]!, headers[at + 1]!);
        sendProblem(thrown, request, response, this.nestLogger, taken.shortcut.problems);
      },
    );
  }

  private closed({ route }: Taken, request: IncomingMessage, response: ServerResponse, ms: number): void {
    const status = String(response.statusCode);
    this.durations.cell(request.method ?? '', route, status).observe(ms / 1e3);
    logRequest(this.host.logger, request, response, ms);
  }

  private async answer(
    { shortcut, route, parameters }: Taken,
    request: IncomingMessage,
    turn: Turn,
    correlation: string,
    address: string,
  ): Promise<HttpAnswer> {
    if (turn.remaining < 0) throw tooManyRequests();
    const entry = `${request.method} ${route}`;
    return shortcut.answer({
      request,
      route,
      parameters,
      entry,
      decision: this.host.decisions.get(entry) ?? null,
      correlation,
      address: address === '' ? null : address,
    });
  }

  /** Whom a throttled caller's answer tells when to come again, and how many requests anybody else has left. */
  private headersOf(correlation: string, { limit, remaining, resetSeconds }: Turn): readonly string[] {
    const own =
      remaining < 0
        ? ['Retry-After', String(resetSeconds)]
        : [
            'X-RateLimit-Limit',
            String(limit),
            'X-RateLimit-Remaining',
            String(remaining),
            'X-RateLimit-Reset',
            String(resetSeconds),
          ];
    return [...this.host.headers, 'x-correlation-id', correlation, ...own];
  }

  private proxied({ headers, socket }: IncomingMessage): boolean {
    return headers['x-forwarded-for'] !== undefined && this.host.trusts(socket.remoteAddress ?? '');
  }
}
