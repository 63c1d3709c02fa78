import type { UnitOfWork } from '@steward/database';

/** What of a project is older than a moment. */
export interface OwnOldRows {
  readonly project: string;
  /** ISO 8601. */
  readonly before: string;
}

export const OWN_CLASSES = ['held-decisions', 'consents', 'audit-notes', 'request-notes'] as const;
export type OwnClass = (typeof OWN_CLASSES)[number];

/** Rows of one class, and when the oldest of them came. */
export interface OwnFoundRows {
  readonly items: number;
  readonly oldest: Date | null;
}

/** What governance itself keeps by project and class. Abstract class = injection token. */
export abstract class OwnOldRowsRepository {
  abstract count(of: OwnClass, rows: OwnOldRows): Promise<OwnFoundRows>;
  /** At most `limit`, oldest first. */
  abstract delete(unit: UnitOfWork, of: OwnClass, rows: OwnOldRows, limit: number): Promise<OwnFoundRows>;
}
