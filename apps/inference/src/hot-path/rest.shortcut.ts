import type { IncomingHttpHeaders } from 'node:http';
import { Injectable } from '@nestjs/common';
import { EntryGuard, type Caller } from '@steward/access';
import {
  HttpShortcut,
  inTrace,
  replyWith,
  type HttpAnswer,
  type Reply,
  type RequestHead,
  type ShortcutCall,
  type TakenRoute,
} from '@steward/service';
import { bodyTooLarge, readPlainBody } from '../infer/request-body';
import { RememberedCallers } from './remembered-callers';

/** Names that stand in a path as they are. What is longer, encoded or empty is for Express to read. */
export const PLAIN = '[\\w.-]{1,200}';

/** One of the patterns of a route, and what takes its parameters from a path. */
export interface PlainRoute {
  readonly route: string;
  /** Parameters are named groups. */
  readonly path: RegExp;
}

/**
 * Predictions over REST with a credential in `authorization` and a body that is not compressed: the requests that most
 * callers send most of the time. A credential is decided on ten times a second.
 */
@Injectable()
export abstract class RestShortcut extends HttpShortcut {
  protected abstract readonly routes: readonly PlainRoute[];
  private readonly callers = new RememberedCallers();

  constructor(
    private readonly guard: EntryGuard,
    private readonly maxBodyBytes: number,
  ) {
    super();
  }

  protected abstract execute(
    caller: Caller,
    headers: IncomingHttpHeaders,
    body: Buffer,
    parameters: Readonly<Record<string, string>>,
  ): HttpAnswer | Promise<HttpAnswer>;

  take({ method, url = '', headers }: RequestHead): TakenRoute | null {
    if (method !== 'POST' || headers.authorization === undefined) return null;
    if (headers['content-encoding'] !== undefined) return null;
    for (const { route, path } of this.routes) {
      const match = path.exec(url);
      if (match) return { route, parameters: match.groups ?? {} };
    }
    return null;
  }

  answer(call: ShortcutCall, reply: Reply): void {
    const known = this.recall(call);
    if (known) return this.read(known, call, reply);
    this.admit(call).then(
      (caller) => this.read(caller, call, reply),
      (thrown) => reply.fail(thrown),
    );
  }

  private read(caller: Caller, { request, body, parameters }: ShortcutCall, reply: Reply): void {
    const execute = (whole: Buffer): void =>
      replyWith(reply, () => this.execute(caller, request.headers, whole, parameters));
    if (!Buffer.isBuffer(body)) {
      readPlainBody(
        body,
        this.maxBodyBytes,
        inTrace(execute),
        inTrace((error) => reply.fail(error)),
      );
    } else if (body.length > this.maxBodyBytes) reply.fail(bodyTooLarge(this.maxBodyBytes));
    else execute(body);
  }

  private recall({ request, correlation, address }: ShortcutCall): Caller | null {
    const caller = this.callers.recall(request.headers.authorization!);
    return caller && { principal: caller.principal, project: caller.project, correlation, address };
  }

  private async admit(call: ShortcutCall): Promise<Caller> {
    const credential = call.request.headers.authorization!;
    const { entry, decision, correlation, address, parameters } = call;
    const field = (name: string): unknown => parameters[name];
    const caller = await this.guard.admit({ entry, decision, credential, correlation, address, field });
    this.callers.remember(credential, caller);
    return caller;
  }
}
