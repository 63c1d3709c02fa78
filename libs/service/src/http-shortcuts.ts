import { EventEmitter } from 'node:events';
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
  const application = server.listeners('request') as RequestListener[];
  server.removeAllListeners('request');
  const front = new ShortcutFront(shortcuts, host);
  server.on('request', (request, response) => {
    const taken = front.take(request);
    if (taken) front.run(taken, request, response);
    else for (const listener of application) listener(request, response);
  });
  // Where nothing is exported, shortcuts carry the caller's trace on by themselves, at a fraction of the cost of the
  // instrumentation, which has wrapped the server's emit.
  if (exportsTraces()) return;
  const instrumented = server.emit.bind(server) as (name: string | symbol, ...values: unknown[]) => boolean;
  server.emit = (name: string | symbol, ...values: unknown[]): boolean =>
    name === 'request' && front.take(values[0] as IncomingMessage)
      ? EventEmitter.prototype.emit.call(server, name, ...values)
      : instrumented(name, ...values);
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

  /** The same for the same request, however often it is asked. */
  take(request: IncomingMessage): Taken | null {
    for (const shortcut of this.shortcuts) {
      const route = shortcut.take(request);
      // Who calls through a proxy that is believed is for Express to find out.
      if (route) return this.proxied(request) ? null : { ...route, shortcut };
    }
    return null;
  }

  run(taken: Taken, request: IncomingMessage, response: ServerResponse): void {
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
    response.once('close', context.bind(context.active(), closed));
    this.answer(taken, request, turn, correlation, address).then(
      ({ headers, body }) => {
        const own = ['content-length', String(Buffer.byteLength(body))];
        response.writeHead(200, [...this.headersOf(correlation, turn), ...headers, ...own]);
        response.end(body);
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
