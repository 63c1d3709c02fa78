import { Injectable } from '@nestjs/common';
import { AuditTrail, type Caller } from '@steward/access';
import { Database } from '@steward/database';
import { AppError, Clock, errors, sha256 } from '@steward/kernel';
import { z } from 'zod';
import type { GovernanceTables } from '../governance-tables';
import { CheckSecondFactor, type SecondFactorResult } from '../second-factors/check-second-factor';
import { OpenSession, type SessionWish } from '../sessions/open-session';
import { IdentityRepository, LoginFailureRepository } from './identity.repository';
import { afterFailure, waitOf, type LoginFailures } from './login-lock';
import { PasswordHasher } from './password.hasher';
import type { Identity } from './principal';
import { SetPassword } from './set-password';

/** Shortest password of a person; the longest bounds the work of hashing. */
export const Password = z.string().min(12).max(200);

/** What a person shows to log in. */
export const LoginBody = z.strictObject({
  user: z.string().min(1).max(200),
  password: z.string().min(1).max(200),
  /** Code of the second factor, or a recovery code instead of it. */
  totp: z
    .string()
    .regex(/^\d{6}$/, '6 digits')
    .optional(),
  recoveryCode: z.string().min(16).max(40).optional(),
  /** Replaces the password; needed where an administrator asked for it. */
  newPassword: Password.optional(),
});
export type LoginBody = z.output<typeof LoginBody>;

export interface Login {
  readonly token: string;
  readonly expiresAt: string;
  readonly principalId: string;
  /** Only where this login confirmed a second factor: shown once. */
  readonly recoveryCodes?: readonly string[];
}

/** An attempt whose password was right. */
interface Attempt {
  readonly identity: Identity;
  readonly nameDigest: string;
  readonly before: LoginFailures | null;
}

/**
 * Proves a person by password, and a second factor where there is one or a role needs it, and opens a session. Answers
 * the same, and as fast, for users that do not exist.
 */
@Injectable()
export class LogIn {
  constructor(
    private readonly identities: IdentityRepository,
    private readonly failures: LoginFailureRepository,
    private readonly passwords: PasswordHasher,
    private readonly secondFactor: CheckSecondFactor,
    private readonly setPassword: SetPassword,
    private readonly sessions: OpenSession,
    private readonly database: Database<GovernanceTables>,
    private readonly audit: AuditTrail,
    private readonly clock: Clock,
  ) {}

  async logIn(caller: Caller, body: LoginBody, wish: SessionWish): Promise<Login> {
    const attempt = await this.attempt(caller, body.user, body.password);
    const { id: principalId, mustChangePassword } = attempt.identity;
    // Before the second factor, whose code would be spent on a login that fails.
    if (mustChangePassword && body.newPassword === undefined)
      throw errors.forbidden(
        'GOVERNANCE.PASSWORD_CHANGE_REQUIRED',
        'The password is right, but must be changed. Log in again with newPassword (12 characters at least).',
      );
    const { factor, recoveryCodes } = await this.checkSecondFactor(caller, attempt, body);
    if (attempt.before) await this.failures.clear(attempt.nameDigest);
    const self = { ...caller, principal: { ...caller.principal, id: principalId } };
    if (body.newPassword !== undefined) await this.setPassword.set(self, body.password, body.newPassword);
    return this.database.transaction(async (unit) => {
      const { token, expiresAt } = await this.sessions.open(unit, caller, principalId, wish, { factor });
      return { token, expiresAt, principalId, ...(recoveryCodes ? { recoveryCodes } : {}) };
    });
  }

  /** The person behind user and password, without a session. Failures are counted, locked out and audited. */
  async prove(caller: Caller, user: string, password: string): Promise<string> {
    const { identity, before, nameDigest } = await this.attempt(caller, user, password);
    if (before) await this.failures.clear(nameDigest);
    return identity.id;
  }

  private async attempt(caller: Caller, user: string, password: string): Promise<Attempt> {
    // The name itself may be a password typed in the wrong field: only its digest is kept.
    const nameDigest = sha256(`login ${user.toLowerCase()}`);
    const before = await this.failures.find(nameDigest);
    const wait = waitOf(before, this.clock.now());
    if (wait > 0)
      throw errors.limit(
        'GOVERNANCE.LOGIN_LOCKED',
        'Too many failed logins for this user. Wait and try again.',
        { details: { retryAfterSeconds: Math.ceil(wait / 1000) } },
      );
    const found = await this.identities.findLogin(user);
    const right = await this.passwords.verify(found?.passwordHash ?? null, password);
    const identity = right && found ? await this.identities.find(found.id) : null;
    if (!identity) {
      await this.countFailure(caller, found?.id ?? null, nameDigest, before);
      throw errors.unauthenticated('GOVERNANCE.LOGIN_FAILED', 'User or password is wrong.');
    }
    return { identity, nameDigest, before };
  }

  /** A wrong code counts as a wrong password does: six digits are soon guessed by who may try for ever. */
  private async checkSecondFactor(
    caller: Caller,
    { identity, nameDigest, before }: Attempt,
    body: LoginBody,
  ): Promise<SecondFactorResult> {
    try {
      return await this.secondFactor.check(caller, identity, body);
    } catch (error) {
      if (AppError.is(error) && error.code === 'GOVERNANCE.TOTP_WRONG')
        await this.countFailure(caller, identity.id, nameDigest, before);
      throw error;
    }
  }

  private async countFailure(
    caller: Caller,
    id: string | null,
    nameDigest: string,
    before: LoginFailures | null,
  ): Promise<void> {
    const after = afterFailure(before, this.clock.now());
    await this.failures.put(nameDigest, after);
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
          details: { failures: after.failures },
        },
      ),
    );
  }
}
