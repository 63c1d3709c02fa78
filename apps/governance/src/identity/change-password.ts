import { Injectable } from '@nestjs/common';
import type { Caller } from '@steward/access';
import { errors } from '@steward/kernel';
import { IdentityRepository } from './identity.repository';
import { LogIn } from './log-in';
import { principalNotFound } from './principal';
import { SetPassword } from './set-password';

/** A person's own change of password. It ends all of that person's sessions. Nobody sets another's password. */
@Injectable()
export class ChangePassword {
  constructor(
    private readonly identities: IdentityRepository,
    private readonly logIn: LogIn,
    private readonly setPassword: SetPassword,
  ) {}

  async change(caller: Caller, current: string, next: string): Promise<void> {
    const { id, kind, credential } = caller.principal;
    const identity = await this.identities.find(id);
    if (!identity) throw principalNotFound(id);
    if (kind !== 'person' || credential.kind !== 'token')
      throw errors.forbidden(
        'GOVERNANCE.PERSONAL_LOGIN_NEEDED',
        'Only a person who is logged in has a password.',
      );
    // As at a login, so that guessing is counted and locked out here too.
    await this.logIn.prove(caller, identity.name, current);
    await this.setPassword.set(caller, current, next);
  }
}
