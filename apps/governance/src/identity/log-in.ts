import { Injectable } from '@nestjs/common';
import { AuditTrail, type Caller } from '@steward/access';
import { Database } from '@steward/database';
import { Clock, errors, sha256 } from '@steward/kernel';
import { IdentityRepository, LoginFailureRepository } from './identity.repository';
import { afterFailure, waitOf } from './login-lock';
import { PasswordHasher } from './password.hasher';
import { TokenIssuer } from './token.issuer';

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
    private readonly tokens: TokenIssuer,
    private readonly database: Database,
    private readonly audit: AuditTrail,
    private readonly clock: Clock,
  ) {}

  async logIn(caller: Caller, user: string, password: string): Promise<Login> {
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
      await this.record(caller, found?.id ?? null, 'refused', { failures: after.failures });
      throw errors.unauthenticated('GOVERNANCE.LOGIN_FAILED', 'User or password is wrong.');
    }
    if (before) await this.failures.clear(digest);
    const { token, tokenId, expiresAt } = await this.tokens.issue(found!.id, this.clock.now());
    await this.record(caller, found!.id, 'done', { token: tokenId });
    return { token, expiresAt, principalId: found!.id };
  }

  private async record(
    caller: Caller,
    id: string | null,
    outcome: 'done' | 'refused',
    details: Record<string, string | number>,
  ): Promise<void> {
    const principal = id === null ? caller.principal : { ...caller.principal, id };
    await this.database.transaction(async (unit) =>
      this.audit.record(
        unit,
        { ...caller, principal },
        {
          action: outcome === 'done' ? 'login.succeed' : 'login.refuse',
          object: { kind: 'user', id: id ?? 'unknown' },
          project: null,
          outcome,
          details,
        },
      ),
    );
  }
}
