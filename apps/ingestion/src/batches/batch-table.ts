import type { ColumnType, DatasetContract } from '@steward/contracts';
import {
  SystemColumns,
  type DeltaField,
  type DeltaRows,
  type DeltaSchema,
  type DeltaType,
} from '@steward/delta';
import { Injectable } from '@nestjs/common';
import type { BatchSource } from '../ingestion-tables';
import { subjectColumn } from '../subjects/subject-identity';
import { encryptIdentifier, SubjectVault, type ResolvedSubject } from '../subjects/subject-vault';
import type { AcceptedRow } from './checked-batch';
import type { CellValue } from './column-values';

const DELTA_TYPE: Readonly<Record<ColumnType, DeltaType>> = {
  string: 'string',
  number: 'double',
  integer: 'long',
  boolean: 'boolean',
  timestamp: 'timestamp',
};

/** Columns of a dataset's table. Identifiers are nullable whatever the contract says: labelled rows have none. */
export function tableSchema(contract: DatasetContract): DeltaSchema {
  const system: DeltaField[] = [
    { name: SystemColumns.batch, type: 'long', nullable: false },
    { name: SystemColumns.batchDigest, type: 'string', nullable: false },
    { name: SystemColumns.row, type: 'long', nullable: false },
    { name: SystemColumns.rowKey, type: 'string', nullable: false },
    { name: SystemColumns.source, type: 'string', nullable: false },
    { name: SystemColumns.subject, type: 'string', nullable: true },
    { name: SystemColumns.prediction, type: 'string', nullable: true },
  ];
  const own = contract.columns.map(({ name, type, class: role, nullable }) => ({
    name,
    type: DELTA_TYPE[type],
    nullable: nullable || role === 'identifier',
  }));
  return { fields: [...system, ...own] };
}

/** Accepted rows as they are stored; the batch's number is known only under the dataset's lock. */
export type TableOf = (batchNumber: number) => DeltaRows;

/** Turns accepted rows into table rows: each subject gets its pseudonym, each identifier is encrypted under its key. */
@Injectable()
export class BatchTable {
  constructor(private readonly vault: SubjectVault) {}

  async make(
    project: string,
    contract: DatasetContract,
    batch: { digest: string; source: BatchSource },
    rows: readonly AcceptedRow[],
  ): Promise<TableOf> {
    const subjects = batch.source === 'upload' ? await this.subjectsOf(project, contract, rows) : null;
    const own: Record<string, CellValue[]> = {};
    for (const [at, column] of contract.columns.entries()) {
      own[column.name] =
        column.class === 'identifier'
          ? rows.map((row, index) =>
              encrypted(subjects?.[index] ?? null, column.name, row.values[at] ?? null),
            )
          : rows.map((row) => row.values[at] ?? null);
    }
    const fill = <T extends CellValue>(value: T): T[] => rows.map(() => value);
    return (batchNumber) => ({
      rows: rows.length,
      columns: {
        [SystemColumns.batch]: fill(batchNumber),
        [SystemColumns.batchDigest]: fill(batch.digest),
        [SystemColumns.row]: rows.map((row) => row.row),
        [SystemColumns.rowKey]: rows.map((row) => row.rowKey),
        [SystemColumns.source]: fill(batch.source),
        [SystemColumns.subject]: rows.map((row, at) => subjects?.[at]?.pseudonym ?? row.subject),
        [SystemColumns.prediction]: rows.map((row) => row.prediction),
        ...own,
      },
    });
  }

  /** By row; null where the contract names no subject or the row leaves it out. */
  private async subjectsOf(
    project: string,
    contract: DatasetContract,
    rows: readonly AcceptedRow[],
  ): Promise<(ResolvedSubject | null)[] | null> {
    const column = subjectColumn(contract);
    if (!column) return null;
    const at = contract.columns.indexOf(column);
    const named = rows.flatMap((row, index) => {
      const value = row.values[at];
      return typeof value === 'string' && value !== '' ? [{ index, value }] : [];
    });
    const found = await this.vault.resolve(
      project,
      column.name,
      named.map(({ value }) => value),
    );
    const subjects: (ResolvedSubject | null)[] = rows.map(() => null);
    for (const [position, { index }] of named.entries()) subjects[index] = found[position] ?? null;
    return subjects;
  }
}

/** An identifier of a row without a subject has no key to be kept under, so it is not kept. */
function encrypted(subject: ResolvedSubject | null, column: string, value: CellValue): string | null {
  return subject && typeof value === 'string' ? encryptIdentifier(subject, column, value) : null;
}
