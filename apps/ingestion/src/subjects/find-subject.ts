import { Injectable } from '@nestjs/common';
import { AuditTrail, type Caller } from '@steward/access';
import { Database } from '@steward/database';
import { errors } from '@steward/kernel';
import { DEFAULT_MAX_LENGTH } from '../batches/column-values';
import { ReadContracts } from '../contracts/read-contracts';
import type { IngestionTables } from '../ingestion-tables';
import { normaliseIdentifier, requireSubjectColumn } from './subject-identity';
import { SubjectVault } from './subject-vault';

/**
 * Finds the pseudonym of a person who asks about their data, and makes none. The identifier is seen here alone: neither
 * logged, nor kept, nor told in any answer; the audit entry names the pseudonym.
 */
@Injectable()
export class FindSubject {
  constructor(
    private readonly contracts: ReadContracts,
    private readonly vault: SubjectVault,
    private readonly database: Database<IngestionTables>,
    private readonly audit: AuditTrail,
  ) {}

  /**
   * Null: nobody is known by this identifier. Throws INGESTION.DATASET_NOT_FOUND, INGESTION.NO_IDENTIFIER_COLUMN,
   * INGESTION.IDENTIFIER_INVALID.
   */
  async execute(
    caller: Caller,
    project: string,
    dataset: string,
    identifier: string,
  ): Promise<string | null> {
    const { contract } = await this.contracts.current(project, dataset);
    const column = requireSubjectColumn(contract);
    const normalised = normaliseIdentifier(column, identifier);
    if (normalised === '' || identifier.length > (column.maxLength ?? DEFAULT_MAX_LENGTH))
      throw errors.invalid('INGESTION.IDENTIFIER_INVALID', 'The identifier is empty or too long.');
    const pseudonym = await this.vault.find(project, column.name, normalised);
    await this.database.transaction(async (unit) => {
      this.audit.record(unit, caller, {
        action: 'subject.find',
        object:
          pseudonym === null ? { kind: 'dataset', id: dataset } : { kind: 'data-subject', id: pseudonym },
        project,
        details: { dataset, found: pseudonym !== null },
      });
    });
    return pseudonym;
  }
}
