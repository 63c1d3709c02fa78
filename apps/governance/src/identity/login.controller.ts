import { Controller, Get, HttpCode, Post, Put, Req } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { FromCaller, PublicEndpoint, SignedIn, type Caller } from '@steward/access';
import { ZodBody } from '@steward/service';
import type { Request } from 'express';
import { z } from 'zod';
import { ChangePassword } from './change-password';
import { IdentityRepository } from './identity.repository';
import { LogIn, LoginBody, Password } from './log-in';
import { principalNotFound } from './principal';
import { TokenIssuer } from './token.issuer';

const NewPassword = z.strictObject({ current: z.string().min(1).max(200), password: Password });

@ApiTags('Login')
@Controller()
export class LoginController {
  constructor(
    private readonly logIn: LogIn,
    private readonly changePassword: ChangePassword,
    private readonly identities: IdentityRepository,
    private readonly tokens: TokenIssuer,
  ) {}

  @Post('v1/login')
  @HttpCode(200)
  @PublicEndpoint('Nobody has a token before logging in; guessing is locked out.')
  @ApiOperation({ summary: 'A token for a person, by user and password' })
  login(@FromCaller() caller: Caller, @ZodBody(LoginBody) body: LoginBody, @Req() request: Request) {
    const userAgent = request.headers['user-agent'] ?? null;
    return this.logIn.logIn(caller, body, { kind: 'token', userAgent });
  }

  @Get('v1/me')
  @SignedIn('Everybody may know who he is.')
  @ApiOperation({ summary: 'Who calls, with which roles' })
  async me(@FromCaller() { principal }: Caller) {
    const identity = await this.identities.find(principal.id);
    if (!identity) throw principalNotFound(principal.id);
    const { id, kind, name, displayName } = identity;
    return {
      principalId: id,
      kind,
      name,
      displayName,
      roles: principal.roles,
      credential: principal.credential.kind,
    };
  }

  @Put('v1/me/password')
  @HttpCode(204)
  @SignedIn('A person’s own password, proved by the old one.')
  @ApiOperation({ summary: 'Changes the own password and ends all own sessions' })
  change(
    @FromCaller() caller: Caller,
    @ZodBody(NewPassword) { current, password }: z.output<typeof NewPassword>,
  ): Promise<void> {
    return this.changePassword.change(caller, current, password);
  }

  @Get('.well-known/jwks.json')
  @PublicEndpoint('Public keys are public.')
  @ApiOperation({ summary: 'The public keys with which tokens are signed (RFC 7517)' })
  jwks() {
    const { keyId, jwk } = this.tokens.signingKey;
    return { keys: [{ ...jwk, kid: keyId, use: 'sig', alg: 'EdDSA' }] };
  }
}
