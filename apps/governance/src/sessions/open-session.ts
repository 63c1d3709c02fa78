import { Injectable } from '@nestjs/common';
import { AuditTrail, type Caller } from '@steward/access';
import type { UnitOfWork } from '@steward/database';
import { Clock } from '@steward/kernel';
import type { GovernanceTables } from '../governance-tables';
import { TokenIssuer } from '../identity/token.issuer';
import { SessionRepository, type Session } from './session.repository';

const LONGEST_USER_AGENT = 300;

/** For whom a session is opened, and in what. */
export interface SessionWish {
  readonly kind: Session['kind'];
  /** The browser or program, as it calls itself. */
  readonly userAgent: string | null;
}

export interface OpenedSession {
  readonly token: string;
  readonly sessionId: string;
  readonly expiresAt: string;
}

/** Gives a proven principal a token and keeps the session that it stands for, so that it can be seen and ended. */
@Injectable()
export class OpenSession {
  constructor(
    private readonly sessions: SessionRepository,
    private readonly tokens: TokenIssuer,
    private readonly audit: AuditTrail,
    private readonly clock: Clock,
  ) {}

  /** In the transaction of the login. `details` go into its audit entry. */
  async open(
    unit: UnitOfWork<GovernanceTables>,
    caller: Caller,
    principalId: string,
    { kind, userAgent }: SessionWish,
    details: Readonly<Record<string, string>> = {},
  ): Promise<OpenedSession> {
    const at = this.clock.now();
    const { token, tokenId, expiresAt } = await this.tokens.issue(
      principalId,
      at,
      kind === 'cookie' ? 'cookie' : 'bearer',
    );
    await this.sessions.add(unit, {
      id: tokenId,
      principalId,
      kind,
      createdAt: new Date(at).toISOString(),
      expiresAt,
      address: caller.address,
      userAgent: userAgent?.slice(0, LONGEST_USER_AGENT) ?? null,
    });
    this.audit.record(
      unit,
      { ...caller, principal: { ...caller.principal, id: principalId } },
      {
        action: 'login.succeed',
        object: { kind: 'user', id: principalId },
        project: null,
        details: { token: tokenId, kind, ...details },
      },
    );
    return { token, sessionId: tokenId, expiresAt };
  }
}
