import type { DatasetContract } from '@steward/contracts';

/** A contract as ingestion announced it. */
export interface ContractCopy {
  readonly project: string;
  readonly dataset: string;
  readonly version: number;
  readonly digest: string;
  readonly contract: DatasetContract;
  readonly changedBy: string;
  readonly changedAt: string;
}

/** A dataset version as ingestion announced it. */
export interface DatasetVersionCopy {
  readonly project: string;
  readonly dataset: string;
  readonly version: number;
  readonly digest: string;
  readonly contractVersion: number;
  readonly contractDigest: string;
  readonly deltaPath: string;
  readonly deltaVersion: number;
  readonly rows: number;
  readonly labelledRows: number;
  /** Number of the batch that made it: it holds all batches up to this one. */
  readonly batchNumber: number;
}
