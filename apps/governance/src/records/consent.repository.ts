import type { UnitOfWork } from '@steward/database';
import type { GovernanceTables } from '../governance-tables';

type Unit = UnitOfWork<GovernanceTables>;

/** A data subject gave or withdrew a consent. Times are ISO 8601. */
export interface ConsentEvent {
  readonly id: string;
  readonly project: string;
  readonly pseudonym: string;
  readonly purpose: string;
  readonly state: 'given' | 'withdrawn';
  readonly textVersion: number | null;
  readonly textDigest: string | null;
  readonly at: string;
  readonly recordedAt: string;
  readonly recordedBy: string;
}

export interface ConsentPage {
  readonly project: string;
  readonly pseudonym: string | null;
  readonly purpose: string | null;
  readonly limit: number;
  readonly after: string | null;
}

/** What data subjects agreed to and took back. Abstract class = injection token. */
export abstract class ConsentRepository {
  /** Until the transaction ends nobody else records for this subject. */
  abstract lock(unit: Unit, project: string, pseudonym: string): Promise<void>;
  abstract add(unit: Unit, event: ConsentEvent): Promise<void>;
  /** The last word of a subject on each purpose, by the time at which it was said. */
  abstract standing(project: string, pseudonym: string, unit?: Unit): Promise<ConsentEvent[]>;
  /** Newest first. */
  abstract list(page: ConsentPage): Promise<ConsentEvent[]>;
}
