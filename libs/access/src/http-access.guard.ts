import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { newId, isId } from '@steward/kernel';
import type { Request } from 'express';
import type { IncomingMessage } from 'node:http';
import type { Caller } from './caller';
import { entryDecision } from './entry-decision';
import { EntryGuard } from './entry-guard';
import { credentialOf } from './session-cookie';

/** Global HTTP guard: admits by {@link EntryGuard} and leaves the {@link Caller} on the request. */
@Injectable()
export class HttpAccessGuard implements CanActivate {
  constructor(private readonly guard: EntryGuard) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const request = context.switchToHttp().getRequest<Request & { caller?: Caller }>();
    const route = (request.route as { path?: unknown } | undefined)?.path;
    request.caller = await this.guard.admit({
      entry: `${request.method} ${typeof route === 'string' ? route : context.getHandler().name}`,
      decision: entryDecision(context.getHandler(), context.getClass()),
      credential: credentialOf(request),
      correlation: correlationOf(request),
      address: request.ip ?? null,
      field: (name) => request.params[name],
    });
    return true;
  }
}

function header(request: Pick<IncomingMessage, 'headers'>, name: string): string | undefined {
  const value = request.headers[name];
  return Array.isArray(value) ? value[0] : value;
}

/** The caller's `x-correlation-id` where it is a UUID, else a new one. The same for the whole request. */
export function correlationOf(request: Pick<IncomingMessage, 'headers'> & { correlation?: string }): string {
  if (!request.correlation) {
    const given = header(request, 'x-correlation-id');
    request.correlation = isId(given) ? given : newId();
  }
  return request.correlation;
}
