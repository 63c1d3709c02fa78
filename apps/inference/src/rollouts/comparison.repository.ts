import type { UnitOfWork } from '@steward/database';

/** What one process, or monitoring, counted so far under a key. */
export interface CountedBy<Counts = unknown> {
  readonly source: string;
  readonly counts: Counts;
}

/** Counts of comparisons: totals that only grow, one for each key and source; the newest replaces the one before. */
export abstract class ComparisonRepository {
  abstract put(source: string, counts: ReadonlyMap<string, unknown>): Promise<void>;
  abstract putWithin(unit: UnitOfWork, source: string, key: string, counts: unknown): Promise<void>;
  abstract of(key: string, unit?: UnitOfWork): Promise<CountedBy[]>;
  /** Forgets what nobody has counted under for 90 days. */
  abstract prune(): Promise<void>;
}
