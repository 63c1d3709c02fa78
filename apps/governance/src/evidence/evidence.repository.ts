import type { UnitOfWork } from '@steward/database';
import type { GovernanceTables } from '../governance-tables';

/** A domain event as it came: what a figure of a report rests on. */
export interface Evidence<Payload = unknown> {
  readonly eventId: string;
  readonly type: string;
  readonly source: string;
  readonly subject: string;
  readonly project: string | null;
  readonly correlation: string;
  readonly actor: string;
  /** ISO 8601. */
  readonly time: string;
  /** SHA-256 of the payload as canonical JSON (RFC 8785). */
  readonly digest: string;
  readonly payload: Payload;
}

/** Null: not asked for. `from` inclusive, `to` exclusive, ISO 8601. */
export interface EvidenceScope {
  readonly project: string | null;
  readonly model: string | null;
  readonly dataset: string | null;
  readonly from: string;
  readonly to: string;
}

/** Abstract class = injection token. */
export abstract class EvidenceRepository {
  /** Keeps an event once, under its id. `model`, `dataset`: the names that its payload carries. */
  abstract keep(
    unit: UnitOfWork<GovernanceTables>,
    evidence: Evidence & { readonly model: string | null; readonly dataset: string | null },
  ): Promise<void>;
  /** Events of one type in the order of their times, the oldest first; at most `limit` of the newest. */
  abstract find(type: string, scope: EvidenceScope, limit: number): Promise<Evidence[]>;
}
