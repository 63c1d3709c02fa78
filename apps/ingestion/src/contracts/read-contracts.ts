import { Injectable } from '@nestjs/common';
import { errors } from '@steward/kernel';
import { ContractRepository, type ContractVersion } from './contract.repository';

/** Reads contracts and the list of datasets. */
@Injectable()
export class ReadContracts {
  constructor(private readonly contracts: ContractRepository) {}

  /** The current contract. Throws INGESTION.DATASET_NOT_FOUND. */
  async current(project: string, dataset: string): Promise<ContractVersion> {
    const found = await this.contracts.current(project, dataset);
    if (found) return found;
    throw errors.notFound(
      'INGESTION.DATASET_NOT_FOUND',
      `There is no dataset "${dataset}" in this project. Register its contract first.`,
    );
  }

  datasets(project: string, page: { limit: number; after: string | null }) {
    return this.contracts.datasets(project, page);
  }
}
