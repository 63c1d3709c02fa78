import { Controller, Delete, HttpCode, Param, Post } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { Can, FromCaller, SignedIn, type Caller } from '@steward/access';
import { errors } from '@steward/kernel';
import { ZodBody } from '@steward/service';
import { z } from 'zod';
import { IdentityRepository } from '../identity/identity.repository';
import { LogIn } from '../identity/log-in';
import { principalNotFound, type Identity } from '../identity/principal';
import { CheckSecondFactor } from './check-second-factor';

const Code = z.strictObject({ totp: z.string().regex(/^\d{6}$/, '6 digits') });
const Proof = z.strictObject({ password: z.string().min(1).max(200) });
const REASON = 'A person’s own second factor.';

@ApiTags('Login')
@Controller('v1')
export class SecondFactorsController {
  constructor(
    private readonly factors: CheckSecondFactor,
    private readonly identities: IdentityRepository,
    private readonly logIn: LogIn,
  ) {}

  @Post('me/totp')
  @HttpCode(200)
  @SignedIn(REASON)
  @ApiOperation({
    summary: 'Begins a second factor: the secret for an authenticator app, to be confirmed by a code',
  })
  async begin(@FromCaller() caller: Caller) {
    return this.factors.begin(await this.person(caller));
  }

  @Post('me/totp/confirm')
  @HttpCode(200)
  @SignedIn(REASON)
  @ApiOperation({ summary: 'Confirms the second factor by a code; shows the recovery codes, once' })
  async confirm(@FromCaller() caller: Caller, @ZodBody(Code) { totp }: z.output<typeof Code>) {
    await this.person(caller);
    return { recoveryCodes: await this.factors.confirm(caller, totp) };
  }

  @Delete('me/totp')
  @HttpCode(204)
  @SignedIn(REASON)
  @ApiOperation({ summary: 'Removes the own second factor, by the password' })
  async removeOwn(@FromCaller() caller: Caller, @ZodBody(Proof) { password }: z.output<typeof Proof>) {
    const { name, id } = await this.person(caller);
    await this.logIn.prove(caller, name, password);
    await this.factors.remove(caller, id);
  }

  @Delete('users/:id/totp')
  @HttpCode(204)
  @Can('update', 'User', { project: null })
  @ApiOperation({ summary: 'Removes the second factor of a person who lost it' })
  async remove(@FromCaller() caller: Caller, @Param('id') id: string): Promise<void> {
    await this.factors.remove(caller, id);
  }

  /** An API key is no person who could hold a telephone. */
  private async person({ principal }: Caller): Promise<Identity> {
    if (principal.kind !== 'person' || principal.credential.kind !== 'token')
      throw errors.forbidden(
        'GOVERNANCE.PERSONAL_LOGIN_NEEDED',
        'Only a person who is logged in has a second factor.',
      );
    const identity = await this.identities.find(principal.id);
    if (!identity) throw principalNotFound(principal.id);
    return identity;
  }
}
