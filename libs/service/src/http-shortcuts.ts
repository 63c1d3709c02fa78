import {
  STATUS_CODES,
  type IncomingMessage,
  type RequestListener,
  type Server,
  type ServerResponse,
} from 'node:http';
import type { Socket } from 'node:net';
import { Server as TlsServer } from 'node:tls';
import { context, propagation, ROOT_CONTEXT } from '@opentelemetry/api';
import { correlationOf, type EntryDecision } from '@steward/access';
import { Logger as NestLogger } from '@nestjs/common';
import type { Logger } from 'pino';
import type { Registry } from 'prom-client';
import { AddressThrottle, tooManyRequests } from './address-throttle';
import { exportsTraces } from './environment.config';
import { inTrace, type HttpShortcut, type RequestHead, type TakenRoute } from './http-shortcut';
import { KEEP_ALIVE_MS } from './keep-alive';
import { logRequest } from './logging';
import { headerLines, PlainConnection, type PlainExchange, type PlainHost } from './plain-connection';
import { httpDurations } from './request-metrics';
import { OwnHeaders, ResponseSink, SinkReply, type Sink } from './shortcut-reply';
import type { TallyDistribution } from './tally-metrics';

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
  /** Where its answers of status 200 are counted, once there was one. */
  answered?: TallyDistribution;
}

/** The connections in front of each server that has shortcuts. */
const mounted = new WeakMap<Server, PlainConnections>();

/** Leaves all connections to Node.js, as soon as nothing is answered on them: it knows how to end them in order. */
export function retireShortcuts(server: Server): void {
  mounted.get(server)?.retire();
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
  const connected = server instanceof TlsServer ? 'secureConnection' : 'connection';
  const connections = new PlainConnections(front, (socket) => instrumented(connected, socket));
  server.emit = (name: string | symbol, ...values: unknown[]): boolean => {
    if (name === 'request' && front.takes(values[0] as IncomingMessage, values[1] as ServerResponse))
      return true;
    return name === connected ? connections.accept(values[0] as Socket) : instrumented(name, ...values);
  };
  mounted.set(server, connections);
}

/** The connections whose plain requests are answered without Node.js' HTTP. */
class PlainConnections implements PlainHost<Taken> {
  private readonly connections = new Set<PlainConnection<Taken>>();
  private readonly timer: NodeJS.Timeout;
  private readonly date = new DateHeader();
  private readonly starts = new Map<number, Buffer>();
  private retired = false;

  constructor(
    private readonly front: ShortcutFront,
    readonly handOver: (socket: Socket) => void,
  ) {
    this.timer = setInterval(() => {
      for (const connection of this.connections) connection.look();
    }, KEEP_ALIVE_MS);
    this.timer.unref();
  }

  accept(socket: Socket): boolean {
    if (this.retired) this.handOver(socket);
    else this.connections.add(new PlainConnection(socket, this));
    return true;
  }

  retire(): void {
    this.retired = true;
    clearInterval(this.timer);
    for (const connection of this.connections) connection.retire();
  }

  take(request: RequestHead): Taken | null {
    return this.front.take(request);
  }

  answer(taken: Taken, exchange: PlainExchange): void {
    this.front.begin(taken, exchange.request, exchange.body, exchange);
  }

  start(status: number): Buffer {
    let start = this.starts.get(status);
    if (!start) this.starts.set(status, (start = startOf(status, this.front.host.headers)));
    return start;
  }

  tail(): string {
    return this.date.line + KEEP_ALIVE;
  }

  onClose(connection: PlainConnection<Taken>): void {
    this.connections.delete(connection);
  }
}

function startOf(status: number, headers: readonly string[]): Buffer {
  const line = `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}\r\n`;
  return Buffer.from(line + headerLines(headers), 'latin1');
}

const KEEP_ALIVE = `Connection: keep-alive\r\nKeep-Alive: timeout=${KEEP_ALIVE_MS / 1_000}\r\n`;

/** The `Date` header, made once a second. */
class DateHeader {
  private second = 0;
  private text = '';

  get line(): string {
    const second = Math.floor(Date.now() / 1_000);
    if (second !== this.second) {
      this.second = second;
      this.text = `Date: ${new Date(second * 1_000).toUTCString()}\r\n`;
    }
    return this.text;
  }
}

class ShortcutFront {
  private readonly nestLogger = new NestLogger('Http');
  private readonly durations;
  private readonly throttle: AddressThrottle;

  constructor(
    private readonly shortcuts: readonly HttpShortcut[],
    readonly host: ShortcutHost,
  ) {
    this.durations = httpDurations(host.registry);
    this.throttle = new AddressThrottle(host.requestsPer10s);
  }

  /** Answers the request, if there is a shortcut for it. */
  takes(request: IncomingMessage, response: ServerResponse): boolean {
    const taken = this.take(request);
    if (taken === null) return false;
    const { traceparent } = request.headers;
    const begin = (): void =>
      this.begin(taken, request, request, new ResponseSink(request, response, this.host.headers));
    if (traceparent === undefined || exportsTraces()) begin();
    else context.with(propagation.extract(ROOT_CONTEXT, request.headers), begin);
    return true;
  }

  take(request: RequestHead): Taken | null {
    for (const shortcut of this.shortcuts) {
      const route = shortcut.take(request);
      // Who calls through a proxy that is believed is for Express to find out.
      if (route) return this.proxied(request) ? null : { ...route, shortcut };
    }
    return null;
  }

  begin(taken: Taken, request: RequestHead, body: Buffer | IncomingMessage, sink: Sink): void {
    const started = performance.now();
    const { shortcut, route, parameters } = taken;
    const correlation = correlationOf(request);
    const address = request.socket.remoteAddress ?? '';
    const turn = this.throttle.enter(address);
    sink.onClosed = inTrace((status: number, ended: boolean) => {
      const ms = performance.now() - started;
      this.durationOf(taken, request, status).observe(ms / 1e3);
      logRequest(this.host.logger, request, { statusCode: status, writableEnded: ended }, ms);
    });
    const problems = { form: shortcut.problems, logger: this.nestLogger };
    const reply = new SinkReply(request, sink, new OwnHeaders(correlation, turn), problems);
    if (turn.remaining < 0) return reply.fail(tooManyRequests());
    const entry = `${request.method} ${route}`;
    shortcut.answer(
      {
        request,
        body,
        route,
        parameters,
        entry,
        decision: this.host.decisions.get(entry) ?? null,
        correlation,
        address: address === '' ? null : address,
      },
      reply,
    );
  }

  private durationOf(taken: Taken, { method = '' }: RequestHead, status: number): TallyDistribution {
    if (status !== 200) return this.durations.cell(method, taken.route, String(status));
    return (taken.answered ??= this.durations.cell(method, taken.route, '200'));
  }

  private proxied({ headers, socket }: RequestHead): boolean {
    return headers['x-forwarded-for'] !== undefined && this.host.trusts(socket.remoteAddress ?? '');
  }
}
