import type { IncomingMessage } from 'node:http';
import { context, ROOT_CONTEXT } from '@opentelemetry/api';
import type { EntryDecision } from '@steward/access';
import type { ProblemForm } from './problem.filter';

/** Where a request goes, by its head alone. */
export interface TakenRoute {
  /** The route's pattern as the controllers have it, with a slash in front: `/v2/models/:model/infer`. */
  readonly route: string;
  readonly parameters: Readonly<Record<string, string>>;
}

/** A request by its head. */
export type RequestHead = Pick<IncomingMessage, 'method' | 'url' | 'headers'> & {
  readonly socket: { readonly remoteAddress?: string | undefined };
};

/** A request that a shortcut took, and what the guard of the route would know of it. */
export interface ShortcutCall extends TakenRoute {
  readonly request: RequestHead;
  /** The whole body where it came together with the head; else the request, whose body is not read yet. */
  readonly body: Buffer | IncomingMessage;
  /** `POST /v2/models/:model/infer`: the entry whose decision holds. */
  readonly entry: string;
  /** Who may call the entry: what the shortcut must hold its callers to. Null, nobody, where there is no such entry. */
  readonly decision: EntryDecision | null;
  readonly correlation: string;
  readonly address: string | null;
}

/** A successful answer. */
export interface HttpAnswer {
  /** Names and values in turn, beside those that every answer has; the content's length is not among them. */
  readonly headers: readonly string[];
  readonly body: Buffer | string;
}

/** Takes the outcome of a call: one of the two, once. */
export interface Reply {
  send(answer: HttpAnswer): void;
  /** Tells what was thrown as the application would. */
  fail(thrown: unknown): void;
}

/** A callback of an event, which by itself does not run in the trace in which it was registered. */
export function inTrace<Arguments extends unknown[]>(
  callback: (...values: Arguments) => void,
): (...values: Arguments) => void {
  const active = context.active();
  return active === ROOT_CONTEXT ? callback : context.bind(active, callback);
}

/** Replies with what some work makes, at once where it does not have to be waited for. */
export function replyWith(reply: Reply, work: () => HttpAnswer | Promise<HttpAnswer>): void {
  try {
    const answer = work();
    if (answer instanceof Promise)
      answer.then(
        (late) => reply.send(late),
        (thrown) => reply.fail(thrown),
      );
    else reply.send(answer);
  } catch (thrown) {
    reply.fail(thrown);
  }
}

/**
 * A faster way for the plain requests of one route of a controller, where every microsecond counts: it is asked before
 * Express, Nest and what stands around them, and admits, reads and answers by itself. What it does not take goes to the
 * application as if the shortcut were not there. Found by Nest; the handler's own decision stays the one that is shown and
 * checked. A request that it takes differs in nothing but its cost: the throttle, security headers, correlation, log line,
 * metrics and problem details are those of the application.
 */
export abstract class HttpShortcut {
  /** How its errors are told. */
  abstract readonly problems: ProblemForm;
  /** Where the request goes; null: the application is to take it. Looks at method, path and headers alone, cheaply. */
  abstract take(request: RequestHead): TakenRoute | null;
  /**
   * Answers, or fails with what the handler would throw; at once where nothing has to be waited for, since a promise costs a
   * turn of the microtask queue. Throws nothing itself.
   */
  abstract answer(call: ShortcutCall, reply: Reply): void;
}
