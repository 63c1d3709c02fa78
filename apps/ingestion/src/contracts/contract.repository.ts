import type { DatasetContract } from '@steward/contracts';
import type { UnitOfWork } from '@steward/database';
import type { IngestionTables } from '../ingestion-tables';

export interface ContractVersion {
  readonly project: string;
  readonly dataset: string;
  readonly version: number;
  readonly digest: string;
  readonly contract: DatasetContract;
  readonly changedBy: string;
  readonly createdAt: string;
}

/** Contracts and the datasets that they describe. */
export abstract class ContractRepository {
  /** Makes the dataset if it is new and locks it until the transaction ends. */
  abstract lockOrCreateDataset(
    unit: UnitOfWork<IngestionTables>,
    project: string,
    dataset: string,
  ): Promise<void>;
  abstract insert(
    unit: UnitOfWork<IngestionTables>,
    contract: Omit<ContractVersion, 'createdAt'>,
  ): Promise<void>;
  /** All versions of a contract, oldest first. */
  abstract all(
    project: string,
    dataset: string,
    unit?: UnitOfWork<IngestionTables>,
  ): Promise<ContractVersion[]>;
  abstract current(project: string, dataset: string): Promise<ContractVersion | null>;
  abstract datasets(
    project: string,
    page: { limit: number; after: string | null },
  ): Promise<{ name: string; contractVersion: number; versions: number; rows: number }[]>;
}
