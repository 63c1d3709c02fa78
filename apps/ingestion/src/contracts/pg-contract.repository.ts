import { Injectable } from '@nestjs/common';
import { Database, type UnitOfWork } from '@steward/database';
import { sql, type Selectable } from 'kysely';
import type { IngestionTables } from '../ingestion-tables';
import { ContractRepository, type ContractVersion } from './contract.repository';

@Injectable()
export class PgContractRepository extends ContractRepository {
  constructor(private readonly database: Database<IngestionTables>) {
    super();
  }

  async lockOrCreateDataset(
    unit: UnitOfWork<IngestionTables>,
    project: string,
    dataset: string,
  ): Promise<void> {
    await unit.tx
      .insertInto('datasets')
      .values({ project, name: dataset })
      .onConflict((conflict) => conflict.doNothing())
      .execute();
    await unit.tx
      .selectFrom('datasets')
      .select('name')
      .where('project', '=', project)
      .where('name', '=', dataset)
      .forUpdate()
      .execute();
  }

  async insert(
    unit: UnitOfWork<IngestionTables>,
    contract: Omit<ContractVersion, 'createdAt'>,
  ): Promise<void> {
    await unit.tx
      .insertInto('contracts')
      .values({
        project: contract.project,
        dataset: contract.dataset,
        version: contract.version,
        digest: contract.digest,
        contract: JSON.stringify(contract.contract),
        changed_by: contract.changedBy,
      })
      .execute();
  }

  async all(
    project: string,
    dataset: string,
    unit?: UnitOfWork<IngestionTables>,
  ): Promise<ContractVersion[]> {
    const rows = await (unit?.tx ?? this.database.kysely)
      .selectFrom('contracts')
      .selectAll()
      .where('project', '=', project)
      .where('dataset', '=', dataset)
      .orderBy('version')
      .execute();
    return rows.map(toVersion);
  }

  async current(project: string, dataset: string): Promise<ContractVersion | null> {
    const row = await this.database.kysely
      .selectFrom('contracts')
      .selectAll()
      .where('project', '=', project)
      .where('dataset', '=', dataset)
      .orderBy('version', 'desc')
      .limit(1)
      .executeTakeFirst();
    return row ? toVersion(row) : null;
  }

  async datasets(
    project: string,
    page: { limit: number; after: string | null },
  ): Promise<{ name: string; contractVersion: number; versions: number; rows: number }[]> {
    const result = await sql<{ name: string; contract_version: number; versions: number; rows: number }>`
      SELECT d.name,
        (SELECT coalesce(max(c.version), 0)::int FROM contracts c WHERE c.project = d.project AND c.dataset = d.name)
          AS contract_version,
        coalesce(v.version, 0) AS versions, coalesce(v.rows, 0) AS rows
      FROM datasets d LEFT JOIN LATERAL (
        SELECT version, rows FROM dataset_versions WHERE project = d.project AND dataset = d.name
        ORDER BY version DESC LIMIT 1) v ON true
      WHERE d.project = ${project} AND d.name > ${page.after ?? ''}
      ORDER BY d.name LIMIT ${page.limit}`.execute(this.database.kysely);
    return result.rows.map((row) => ({
      name: row.name,
      contractVersion: row.contract_version,
      versions: row.versions,
      rows: row.rows,
    }));
  }
}

function toVersion(row: Selectable<IngestionTables['contracts']>): ContractVersion {
  return {
    project: row.project,
    dataset: row.dataset,
    version: row.version,
    digest: row.digest,
    contract: row.contract,
    changedBy: row.changed_by,
    createdAt: row.created_at.toISOString(),
  };
}
