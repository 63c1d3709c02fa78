import type { UnitOfWork } from '@steward/database';
import type { IngestionTables } from '../ingestion-tables';

type Unit = UnitOfWork<IngestionTables>;

/** A row that went with a data file. */
export interface ErasedRow {
  readonly batch: number;
  readonly row: number;
  readonly labelled: boolean;
}

/** How many rows an erasure took out of a batch. */
export interface ErasedBatch {
  readonly batch: number;
  readonly rows: number;
  readonly labelledRows: number;
}

/** What erasures took out of datasets, and what that means for their versions. */
export abstract class ErasedRowsRepository {
  /** Durable on return; told again nothing changes. */
  abstract note(
    of: {
      readonly requestId: string;
      readonly project: string;
      readonly dataset: string;
      readonly file: string;
    },
    rows: readonly ErasedRow[],
  ): Promise<void>;
  /** Rows by batch that this erasure noted for the dataset, each counted once whatever files held it. */
  abstract noted(unit: Unit, requestId: string, dataset: string): Promise<ErasedBatch[]>;
  /** Counts a batch's erased rows in its versions; false if that was done before. */
  abstract count(
    unit: Unit,
    requestId: string,
    project: string,
    dataset: string,
    erased: ErasedBatch,
  ): Promise<boolean>;
  abstract setCurrentDigest(
    unit: Unit,
    project: string,
    dataset: string,
    version: number,
    digest: string,
  ): Promise<void>;
  /** Erasures that touched a version, oldest first. */
  abstract erasuresOf(
    project: string,
    dataset: string,
    version: number,
  ): Promise<{ requestId: string; rows: number; at: string }[]>;
}
