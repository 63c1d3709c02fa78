import type { UnitOfWork } from '@steward/database';
import type { IngestionTables } from '../ingestion-tables';

type Unit = UnitOfWork<IngestionTables>;

/** What of a dataset is older than a moment. */
export interface OldRows {
  readonly project: string;
  readonly dataset: string;
  /** ISO 8601. */
  readonly before: string;
}

/** Rows of one store, and when the oldest of them came. */
export interface FoundRows {
  readonly items: number;
  readonly oldest: Date | null;
}

/** A batch of which rows are left. */
export interface LiveBatch {
  /** Its number: that of the version which it made. */
  readonly batch: number;
  readonly rows: number;
  readonly labelledRows: number;
  readonly at: Date;
}

/** A batch whose refused records are still there. */
export interface QuarantinedBatch {
  readonly id: string;
  readonly quarantined: number;
  readonly at: Date;
}

/** What has outlived its time. Abstract class = injection token. */
export abstract class OldRowsRepository {
  abstract countPredictions(of: OldRows): Promise<FoundRows>;
  /** At most `limit`, oldest first. */
  abstract deletePredictions(unit: Unit, of: OldRows, limit: number): Promise<FoundRows>;
  /** Oldest first. Rows that erasures took out are not counted. */
  abstract liveBatches(of: OldRows, unit?: Unit): Promise<LiveBatch[]>;
  abstract quarantined(of: OldRows): Promise<QuarantinedBatch[]>;
}
