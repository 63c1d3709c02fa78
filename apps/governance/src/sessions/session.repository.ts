import type { UnitOfWork } from '@steward/database';
import type { GovernanceTables } from '../governance-tables';

type Unit = UnitOfWork<GovernanceTables>;

/** A login: a browser's, by cookie, or a program's, by bearer token. Its id is that of the token (`jti`). */
export interface Session {
  readonly id: string;
  readonly principalId: string;
  readonly kind: 'cookie' | 'token';
  readonly createdAt: string;
  readonly expiresAt: string;
  readonly address: string | null;
  readonly userAgent: string | null;
}

/** Which sessions: `principalId` null means everybody's. */
export interface SessionQuery {
  readonly principalId: string | null;
  readonly limit: number;
  readonly after: string | null;
}

/** Sessions that hold. Abstract class = injection token. */
export abstract class SessionRepository {
  /** Adds one, and forgets those whose tokens expired more than a day ago. */
  abstract add(unit: Unit, session: Session): Promise<void>;
  /** A session that has neither ended nor expired. */
  abstract find(id: string, now: string): Promise<Session | null>;
  /** Oldest first. */
  abstract list(query: SessionQuery, now: string): Promise<Session[]>;
  /** The session that was ended; null if there is none that holds. */
  abstract end(unit: Unit, id: string, by: string, at: string): Promise<Session | null>;
  /** Marks all of a principal's sessions as ended, where a newer bound on its tokens ends them anyway. */
  abstract endAll(unit: Unit, principalId: string, by: string, at: string): Promise<void>;
}
