import { Controller, Get, Param, Put, Req, Res } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { Can, FromCaller, PublicEndpoint, type Caller } from '@steward/access';
import { Clock } from '@steward/kernel';
import { ZodBody, ZodQuery } from '@steward/service';
import type { Request, Response } from 'express';
import { z } from 'zod';
import { setSessionCookie } from '../sessions/sessions.controller';
import { LogInByOidc } from './log-in-by-oidc';
import { MapGroups } from './map-groups';
import { OidcSettings } from './oidc-provider';

/** Ties a login to the browser that began it. Lax: the provider's page sends the browser back to us. */
const BROWSER_COOKIE = 'steward_oidc';
const BROWSER_MS = 10 * 60_000;

const Start = z.object({ returnTo: z.string().max(2_000).optional() });
const Callback = z.object({ state: z.string().min(1).max(500) });
const GroupRoles = z.strictObject({
  groups: z
    .array(
      z.strictObject({
        group: z.string().min(1).max(200),
        role: z.string().min(1).max(63),
        project: z.string().min(1).max(63).nullable().default(null),
      }),
    )
    .max(1_000),
});

@ApiTags('Login')
@Controller('v1')
export class OidcController {
  constructor(
    private readonly logIn: LogInByOidc,
    private readonly mapGroups: MapGroups,
    private readonly settings: OidcSettings,
    private readonly clock: Clock,
  ) {}

  @Get('login-options')
  @PublicEndpoint('The login page shows them before anybody is known.')
  @ApiOperation({ summary: 'How one can log in here' })
  options() {
    const { providers, publicUrl } = this.settings;
    const oidc = publicUrl === null ? [] : providers;
    return {
      password: true,
      oidc: oidc.map(({ id, name }) => ({ id, name, startUrl: `${publicUrl}/v1/oidc/${id}/start` })),
    };
  }

  @Get('oidc/:provider/start')
  @PublicEndpoint('Sends the browser to the provider, which knows the person.')
  @ApiOperation({ summary: 'Begins a login with a provider of identities' })
  async start(
    @Param('provider') provider: string,
    @ZodQuery(Start) { returnTo }: z.output<typeof Start>,
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    const { url, browser } = await this.logIn.begin(provider, returnTo);
    response.cookie(BROWSER_COOKIE, browser, {
      httpOnly: true,
      sameSite: 'lax',
      path: '/',
      secure: request.secure,
      maxAge: BROWSER_MS,
    });
    response.setHeader('cache-control', 'no-store');
    response.redirect(302, url);
  }

  @Get('oidc/:provider/callback')
  @PublicEndpoint('The browser comes back with the provider’s word, which is checked.')
  @ApiOperation({ summary: 'Finishes a login with a provider of identities' })
  async callback(
    @FromCaller() caller: Caller,
    @Param('provider') provider: string,
    @ZodQuery(Callback) { state }: z.output<typeof Callback>,
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    const at = request.originalUrl.indexOf('?');
    const came = { state, query: request.originalUrl.slice(at), browser: cookieOf(request) };
    const session = await this.logIn.finish(caller, provider, came, request.headers['user-agent'] ?? null);
    response.clearCookie(BROWSER_COOKIE, { path: '/' });
    setSessionCookie(request, response, session.token, Date.parse(session.expiresAt) - this.clock.now());
    response.redirect(302, session.returnTo);
  }

  @Get('oidc/:provider/groups')
  @Can('read', 'Role', { project: null })
  @ApiOperation({ summary: 'Which groups of a provider hold which roles' })
  async groups(@Param('provider') provider: string) {
    return { groups: await this.mapGroups.read(provider) };
  }

  @Put('oidc/:provider/groups')
  @Can('update', 'User', { project: null })
  @ApiOperation({ summary: 'Says which groups hold which roles, whole; in force at each next login' })
  async setGroups(
    @FromCaller() caller: Caller,
    @Param('provider') provider: string,
    @ZodBody(GroupRoles) { groups }: z.output<typeof GroupRoles>,
  ) {
    return { groups: await this.mapGroups.set(caller, provider, groups) };
  }
}

function cookieOf(request: Request): string | undefined {
  const found = (request.headers.cookie ?? '')
    .split(';')
    .map((pair) => pair.trim())
    .filter((pair) => pair.startsWith(`${BROWSER_COOKIE}=`));
  return found.length === 1 ? found[0]!.slice(BROWSER_COOKIE.length + 1) : undefined;
}
