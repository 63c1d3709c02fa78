import type { UnitOfWork } from '@steward/database';

/** What of a project is older than a moment. */
export interface OwnOldRows {
  readonly project: string;
  /** ISO 8601. */
  readonly before: string;
}

export const OWN_CLASSES = [
  'held-decisions',
  'consents',
  'audit-notes',
  'request-notes',
  'approval-notes',
  'breach-notes',
  'reports',
] as const;
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
  /**
   * Digests of the files of the oldest `limit` reports that no other report names; none can come to name one of them
   * before the unit ends.
   */
  abstract reportFiles(unit: UnitOfWork, rows: OwnOldRows, limit: number): Promise<readonly string[]>;
  /**
   * Deletes reason and address of at most `limit` entries of the audit log that belong to no project (logins above all)
   * and are older than a moment, ISO 8601. Returns how many.
   */
  abstract deleteInstallationNotes(unit: UnitOfWork, before: string, limit: number): Promise<number>;
}
