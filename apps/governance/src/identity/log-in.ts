import { Injectable } from '@nestjs/common';
import { AuditTrail, type Caller } from '@steward/access';
import { Database } from '@steward/database';
import { Clock, errors, sha256 } from '@steward/kernel';
import { z } from 'zod';
import type { GovernanceTables } from '../governance-tables';
import { OpenSession, type SessionWish } from '../sessions/open-session';
import { IdentityRepository, LoginFailureRepository } from './identity.repository';
import { afterFailure, waitOf } from './login-lock';
import { PasswordHasher } from './password.hasher';

/** What a person shows to log in. */
export const LoginBody = z.strictObject({
  user: z.string().min(1).max(200),
  password: z.string().min(1).max(200),
});
export type LoginBody = z.output<typeof LoginBody>;

export interface Login {
  readonly token: string;
  readonly expiresAt: string;
  readonly principalId: string;
}

/** Proves a person by password and gives a token. Answers the same, and as fast, for users that do not exist. */
@Injectable()
export class LogIn {
  constructor(
    private readonly identities: IdentityRepository,
    private readonly failures: LoginFailureRepository,
    private readonly passwords: PasswordHasher,
    private readonly sessions: OpenSession,
    private readonly database: Database<GovernanceTables>,
    private readonly audit: AuditTrail,
    private readonly clock: Clock,
  ) {}

  async logIn(caller: Caller, body: LoginBody, wish: SessionWish): Promise<Login> {
    const principalId = await this.prove(caller, body.user, body.password);
    return this.database.transaction(async (unit) => {
      const { token, expiresAt } = await this.sessions.open(unit, caller, principalId, wish);
      return { token, expiresAt, principalId };
    });
  }

  /** The person behind user and password. Failures are counted, locked out and audited. */
  async prove(caller: Caller, user: string, password: string): Promise<string> {
    // The name itself may be a password typed in the wrong field: only its digest is kept.
    const digest = sha256(`login ${user.toLowerCase()}`);
    const before = await this.failures.find(digest);
    const wait = waitOf(before, this.clock.now());
    if (wait > 0)
      throw errors.limit(
        'GOVERNANCE.LOGIN_LOCKED',
        'Too many failed logins for this user. Wait and try again.',
        {
          details: { retryAfterSeconds: Math.ceil(wait / 1000) },
        },
      );
    const found = await this.identities.findLogin(user);
    if (!(await this.passwords.verify(found?.passwordHash ?? null, password))) {
      const after = afterFailure(before, this.clock.now());
      await this.failures.put(digest, after);
      await this.refuse(caller, found?.id ?? null, after.failures);
      throw errors.unauthenticated('GOVERNANCE.LOGIN_FAILED', 'User or password is wrong.');
    }
    if (before) await this.failures.clear(digest);
    return found!.id;
  }

  private async refuse(caller: Caller, id: string | null, failures: number): Promise<void> {
    const principal = id === null ? caller.principal : { ...caller.principal, id };
    await this.database.transaction(async (unit) =>
      this.audit.record(
        unit,
        { ...caller, principal },
        {
          action: 'login.refuse',
          object: { kind: 'user', id: id ?? 'unknown' },
          project: null,
          outcome: 'refused',
          details: { failures },
        },
      ),
    );
  }
}
