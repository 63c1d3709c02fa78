import { Controller, Delete, Get, HttpCode, Param, Post, Req, Res } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import {
  Access,
  csrfTokenOf,
  FromCaller,
  PublicEndpoint,
  SESSION_COOKIE,
  sessionCookieOf,
  SignedIn,
  type Caller,
} from '@steward/access';
import { Clock } from '@steward/kernel';
import { ZodBody, ZodQuery } from '@steward/service';
import type { Request, Response } from 'express';
import { z } from 'zod';
import { IdentityRepository } from '../identity/identity.repository';
import { LogIn, LoginBody } from '../identity/log-in';
import { principalNotFound } from '../identity/principal';
import { SecondFactorRepository } from '../second-factors/second-factor.repository';
import { EndSession } from './end-session';
import { SessionRepository } from './session.repository';

const SessionPage = z.object({
  limit: z.coerce.number().int().min(1).max(200).default(50),
  after: z.string().min(1).max(200).optional(),
  /** Whose; `*`: everybody's. Absent: one's own. */
  principalId: z.string().min(1).max(200).optional(),
});

/** Sessions of browsers, in a cookie that no script can read, and the list of all sessions. */
@ApiTags('Sessions')
@Controller('v1')
export class SessionsController {
  constructor(
    private readonly logIn: LogIn,
    private readonly endSession: EndSession,
    private readonly sessions: SessionRepository,
    private readonly identities: IdentityRepository,
    private readonly factors: SecondFactorRepository,
    private readonly access: Access,
    private readonly clock: Clock,
  ) {}

  @Post('session')
  @HttpCode(200)
  @PublicEndpoint('Nobody has a session before logging in; guessing is locked out.')
  @ApiOperation({
    summary: 'Logs a browser in: the session goes into a cookie, its CSRF token into the answer',
  })
  async open(
    @FromCaller() caller: Caller,
    @ZodBody(LoginBody) body: LoginBody,
    @Req() request: Request,
    @Res({ passthrough: true }) response: Response,
  ) {
    const wish = { kind: 'cookie', userAgent: request.headers['user-agent'] ?? null } as const;
    const { token, expiresAt, recoveryCodes } = await this.logIn.logIn(caller, body, wish);
    setSessionCookie(request, response, token, Date.parse(expiresAt) - this.clock.now());
    return { csrfToken: csrfTokenOf(token), expiresAt, ...(recoveryCodes ? { recoveryCodes } : {}) };
  }

  @Get('session')
  @SignedIn('Everybody may know who he is and what he may do.')
  @ApiOperation({ summary: 'Who calls, with which roles and rules (packed for CASL), and the CSRF token' })
  async show(@FromCaller() { principal }: Caller, @Req() request: Request) {
    const identity = await this.identities.find(principal.id);
    if (!identity) throw principalNotFound(principal.id);
    const session = await this.sessions.find(principal.credential.id, this.clock.iso());
    const cookie = usedCookie(request);
    return {
      principalId: identity.id,
      kind: identity.kind,
      user: identity.name,
      displayName: identity.displayName,
      roles: principal.roles,
      credential: cookie === undefined ? principal.credential.kind : 'cookie',
      sessionId: session?.id ?? null,
      expiresAt: session?.expiresAt ?? null,
      rules: this.access.rulesOf(principal),
      totp: (await this.factors.find(principal.id))?.confirmed ?? false,
      csrfToken: cookie === undefined ? null : csrfTokenOf(cookie),
    };
  }

  @Delete('session')
  @HttpCode(204)
  @SignedIn('Everybody may log out.')
  @ApiOperation({ summary: 'Logs out: ends the session that calls, in every service' })
  async close(
    @FromCaller() caller: Caller,
    @Req() request: Request,
    @Res({ passthrough: true }) response: Response,
  ): Promise<void> {
    await this.endSession.end(caller, caller.principal.credential.id);
    setSessionCookie(request, response, '', 0);
  }

  @Get('sessions')
  @SignedIn('Everybody may see his own sessions; those of others need the right to read users.')
  @ApiOperation({ summary: 'Sessions that hold: one’s own, or with principalId those of another (*: all)' })
  async list(@FromCaller() caller: Caller, @ZodQuery(SessionPage) page: z.output<typeof SessionPage>) {
    const { limit, after = null, principalId = caller.principal.id } = page;
    if (principalId !== caller.principal.id) this.access.require(caller, 'read', 'User', { project: null });
    const whose = principalId === '*' ? null : principalId;
    const found = await this.sessions.list({ principalId: whose, limit, after }, this.clock.iso());
    const items = found.map(({ id, ...rest }) => ({
      sessionId: id,
      ...rest,
      current: id === caller.principal.credential.id,
    }));
    return { items, next: items.length === limit ? items.at(-1)!.sessionId : null };
  }

  @Delete('sessions/:id')
  @HttpCode(204)
  @SignedIn('Everybody may end his own sessions; those of others need the right to change users.')
  @ApiOperation({ summary: 'Ends a session, in every service' })
  end(@FromCaller() caller: Caller, @Param('id') id: string): Promise<void> {
    return this.endSession.end(caller, id);
  }
}

/** The cookie that proved the caller; undefined where a header did. */
function usedCookie(request: Request): string | undefined {
  const { authorization, cookie } = request.headers;
  return authorization === undefined && request.headers['x-api-key'] === undefined
    ? sessionCookieOf(cookie)
    : undefined;
}

/** Readable by no script, sent by no other site's page, for every service behind the entry port. */
export function setSessionCookie(request: Request, response: Response, token: string, maxAge: number): void {
  response.cookie(SESSION_COOKIE, token, {
    httpOnly: true,
    sameSite: 'strict',
    path: '/',
    secure: request.secure,
    maxAge,
  });
  response.setHeader('cache-control', 'no-store');
}
