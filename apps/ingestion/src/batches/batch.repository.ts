import type { UnitOfWork } from '@steward/database';
import type { IngestionTables } from '../ingestion-tables';
import type { BatchRecord, VersionRecord } from './batch-record';
import type { BatchContent } from './row-digest';

type Unit = UnitOfWork<IngestionTables>;

/** A batch as it is listed. */
export interface StoredBatch extends Omit<BatchRecord, 'contractDigest'> {
  readonly version: number | null;
  readonly createdAt: string;
  readonly quarantineDeletedAt: string | null;
}

export interface StoredVersion extends VersionRecord {
  readonly project: string;
  readonly dataset: string;
  readonly contractVersion: number;
  readonly contractDigest: string;
  readonly deltaPath: string;
  readonly deltaVersion: number;
  readonly batchId: string;
  readonly createdAt: string;
  /** Rows that erasures took out of it since; `rows` no longer counts them. */
  readonly erasedRows: number;
  /** The digest of what it holds since an erasure; null: it holds what its digest says. */
  readonly currentDigest: string | null;
}

/** A version as it is first written down. */
export type NewVersion = Omit<StoredVersion, 'createdAt' | 'erasedRows' | 'currentDigest'>;

export interface Page {
  readonly limit: number;
  readonly after: string | null;
}

/** Batches and dataset versions. */
export abstract class BatchRepository {
  /** Waits for the dataset's other committers; held until the transaction ends. */
  abstract lockDataset(unit: Unit, project: string, dataset: string): Promise<void>;
  abstract datasets(): Promise<{ project: string; dataset: string }[]>;
  /** `version` null: no row was accepted. */
  abstract insertBatch(unit: Unit, batch: BatchRecord, version: number | null): Promise<void>;
  abstract insertVersion(unit: Unit, version: NewVersion): Promise<void>;
  abstract newestVersion(unit: Unit, project: string, dataset: string): Promise<StoredVersion | null>;
  /** What the batches that became versions hold, in order. */
  abstract contents(unit: Unit, project: string, dataset: string): Promise<BatchContent[]>;
  /** The batches that became versions up to this one, oldest first. */
  abstract contentsUpTo(
    project: string,
    dataset: string,
    version: number,
  ): Promise<(BatchContent & { version: number })[]>;
  /** What the batch of this number holds since its rows were corrected or erased. */
  abstract setContent(
    unit: Unit,
    project: string,
    dataset: string,
    batch: number,
    contentDigest: string,
  ): Promise<void>;
  abstract batchById(id: string, unit?: Unit): Promise<StoredBatch | null>;
  abstract uploadOf(
    upload: Pick<BatchRecord, 'project' | 'dataset' | 'contractVersion' | 'digest'>,
    unit?: Unit,
  ): Promise<StoredBatch | null>;
  /** Newest first; `after` is the id of the last one seen. */
  abstract batches(project: string, dataset: string, page: Page): Promise<StoredBatch[]>;
  /** Newest first; `after` is the last version seen. */
  abstract versions(project: string, dataset: string, page: Page): Promise<StoredVersion[]>;
  abstract version(project: string, dataset: string, version: number): Promise<StoredVersion | null>;
  abstract markQuarantineDeleted(unit: Unit, batchId: string): Promise<void>;
}
