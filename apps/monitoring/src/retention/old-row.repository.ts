import type { UnitOfWork } from '@steward/database';

/** What of a project is older than a moment. */
export interface OldRows {
  readonly project: string;
  /** ISO 8601. */
  readonly before: string;
}

/** `window-row`: of windows that were opened before and are judged. `early-outcome`: never met a prediction. */
export const OLD_STORES = ['window_row', 'early_outcome', 'held_decision'] as const;
export type OldStore = (typeof OLD_STORES)[number];

/** Rows of one store, and when the oldest of them came. */
export interface FoundRows {
  readonly items: number;
  readonly oldest: Date | null;
}

/** What has outlived its time. Abstract class = injection token. */
export abstract class OldRowRepository {
  abstract count(store: OldStore, of: OldRows): Promise<FoundRows>;
  /** At most `limit`. */
  abstract delete(unit: UnitOfWork, store: OldStore, of: OldRows, limit: number): Promise<FoundRows>;
}
