import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Logger as NestLogger } from '@nestjs/common';
import type { Turn } from './address-throttle';
import { answerEarly } from './early-answer';
import type { HttpAnswer, Reply, RequestHead } from './http-shortcut';
import { problemAnswer, type ProblemForm } from './problem.filter';

/** Headers in two forms: a sink needs one of them. */
export interface WrittenHeaders {
  /** Names and values in turn. */
  readonly list: readonly string[];
  /** Lines, as they go over the wire. */
  readonly text: string;
}

/** What an answer says of its own request: its id, and where its caller stands with the throttle. */
export class OwnHeaders implements WrittenHeaders {
  constructor(
    private readonly correlation: string,
    private readonly turn: Turn,
  ) {}

  /** The caller asked too often. */
  get throttled(): boolean {
    return this.turn.remaining < 0;
  }

  get list(): readonly string[] {
    const { limit, remaining, resetSeconds } = this.turn;
    const turn = this.throttled
      ? ['Retry-After', String(resetSeconds)]
      : [
          'X-RateLimit-Limit',
          String(limit),
          'X-RateLimit-Remaining',
          String(remaining),
          'X-RateLimit-Reset',
          String(resetSeconds),
        ];
    return ['x-correlation-id', this.correlation, ...turn];
  }

  get text(): string {
    const { limit, remaining, resetSeconds } = this.turn;
    return this.throttled
      ? `x-correlation-id: ${this.correlation}\r\nRetry-After: ${resetSeconds}\r\n`
      : `x-correlation-id: ${this.correlation}\r\nX-RateLimit-Limit: ${limit}\r\nX-RateLimit-Remaining: ${remaining}\r\nX-RateLimit-Reset: ${resetSeconds}\r\n`;
  }
}

/** Where an answer goes. */
export interface Sink {
  /** Called once the answer is written, or the caller has left before (`ended` false). */
  onClosed: ((status: number, ended: boolean) => void) | null;
  /** Sends the whole answer; what every answer of the application says is added to the headers. */
  end(status: number, own: WrittenHeaders, headers: readonly string[], body: Buffer | string): void;
}

/**
 * Answers that were made in this turn of the event loop, of all connections. They leave together at its end: each write may
 * wake its caller, who then has more to do than to wait for the next, and sends more in his turn.
 */
let answersOfTurn: { readonly reply: SinkReply; readonly answer: HttpAnswer }[] = [];

function sendTurn(): void {
  const answers = answersOfTurn;
  answersOfTurn = [];
  for (const { reply, answer } of answers) reply.write(answer);
}

/** Tells the outcome of a call, with headers of its own. */
export class SinkReply implements Reply {
  constructor(
    private readonly request: RequestHead,
    private readonly sink: Sink,
    private readonly own: OwnHeaders,
    private readonly problems: { readonly form: ProblemForm; readonly logger: NestLogger },
  ) {}

  send(answer: HttpAnswer): void {
    if (answersOfTurn.push({ reply: this, answer }) === 1) setImmediate(sendTurn);
  }

  write({ headers, body }: HttpAnswer): void {
    this.sink.end(200, this.own, headers, body);
  }

  fail(thrown: unknown): void {
    const { form, logger } = this.problems;
    const { status, headers, retryAfter, body } = problemAnswer(thrown, this.request, logger, form);
    const advice = retryAfter === null || this.own.throttled ? [] : ['retry-after', retryAfter];
    this.sink.end(status, this.own, [...headers, ...advice], body);
  }
}

/** Bodies up to this size are copied to stand behind the head; larger ones are written for themselves. */
const SMALL_BYTES = 16 * 1024;

/** An answer by Node.js. */
export class ResponseSink implements Sink {
  onClosed: ((status: number, ended: boolean) => void) | null = null;

  constructor(
    private readonly request: IncomingMessage,
    private readonly response: ServerResponse,
    private readonly common: readonly string[],
  ) {
    response.once('close', () => this.onClosed?.(response.statusCode, response.writableEnded));
  }

  end(status: number, own: WrittenHeaders, headers: readonly string[], body: Buffer | string): void {
    const { request, response } = this;
    const all = [...this.common, ...own.list, ...headers];
    if (request.complete) {
      response.writeHead(status, [...all, 'content-length', String(Buffer.byteLength(body))]);
      // A small body goes out in one write with the head, which Node.js does for strings alone.
      if (typeof body === 'string' || body.byteLength > SMALL_BYTES) response.end(body);
      else response.end(body.toString('latin1'), 'latin1');
      return;
    }
    response.statusCode = status;
    for (let at = 0; at < all.length; at += 2) response.setHeader(all[at]!, all[at + 1]!);
    answerEarly(request, response, Buffer.from(body));
  }
}
