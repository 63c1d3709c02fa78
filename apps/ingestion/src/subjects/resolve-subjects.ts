import { Injectable } from '@nestjs/common';
import { AuditTrail, type Caller } from '@steward/access';
import { Database } from '@steward/database';
import { errors } from '@steward/kernel';
import { DEFAULT_MAX_LENGTH } from '../batches/column-values';
import { ReadContracts } from '../contracts/read-contracts';
import type { IngestionTables } from '../ingestion-tables';
import { normaliseIdentifier, requireSubjectColumn } from './subject-identity';
import { SubjectVault } from './subject-vault';

/** Identifiers in one call. */
export const MOST_IDENTIFIERS = 10_000;

/** Gives pseudonyms for direct identifiers, making subject and key where an identifier is new. */
@Injectable()
export class ResolveSubjects {
  constructor(
    private readonly contracts: ReadContracts,
    private readonly vault: SubjectVault,
    private readonly database: Database<IngestionTables>,
    private readonly audit: AuditTrail,
  ) {}

  /**
   * Pseudonyms in the order of the identifiers. Throws INGESTION.DATASET_NOT_FOUND, INGESTION.NO_IDENTIFIER_COLUMN,
   * INGESTION.IDENTIFIER_INVALID (empty or too long; it is not echoed).
   */
  async execute(
    caller: Caller,
    project: string,
    dataset: string,
    identifiers: readonly string[],
  ): Promise<string[]> {
    const { contract } = await this.contracts.current(project, dataset);
    const column = requireSubjectColumn(contract);
    const longest = column.maxLength ?? DEFAULT_MAX_LENGTH;
    const normalised = identifiers.map((identifier, at) => {
      const text = normaliseIdentifier(column, identifier);
      if (text !== '' && identifier.length <= longest) return text;
      throw errors.invalid(
        'INGESTION.IDENTIFIER_INVALID',
        `Identifier number ${at + 1} is empty or too long.`,
      );
    });
    const subjects = await this.vault.resolve(project, column.name, normalised);
    await this.database.transaction(async (unit) => {
      this.audit.record(unit, caller, {
        action: 'subjects.resolve',
        object: { kind: 'dataset', id: dataset },
        project,
        details: { dataset, identifiers: identifiers.length },
      });
    });
    return subjects.map((subject) => subject.pseudonym);
  }
}
