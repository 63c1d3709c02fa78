import { randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { errors } from '@steward/kernel';
import { hash, verify } from '@node-rs/argon2';
import { PasswordHasher } from './password.hasher';

/** Each hash takes 19 MiB and a thread; more callers than this get `limit` instead of a long wait. */
const MOST_WAITING = 64;

/** argon2id with the parameters that OWASP recommends (19 MiB, 2 passes, 1 lane): the defaults of @node-rs/argon2. */
@Injectable()
export class Argon2PasswordHasher extends PasswordHasher {
  private waiting = 0;
  private nobody: Promise<string> | undefined;

  hash(password: string): Promise<string> {
    return this.limited(() => hash(password));
  }

  async verify(stored: string | null, password: string): Promise<boolean> {
    this.nobody ??= hash(randomBytes(32));
    const against = stored ?? (await this.nobody);
    const same = await this.limited(() => verify(against, password));
    return same && stored !== null;
  }

  private async limited<Result>(work: () => Promise<Result>): Promise<Result> {
    if (this.waiting >= MOST_WAITING)
      throw errors.limit('GOVERNANCE.LOGIN_BUSY', 'Too many logins at once. Try again in a moment.');
    this.waiting += 1;
    try {
      return await work();
    } finally {
      this.waiting -= 1;
    }
  }
}
