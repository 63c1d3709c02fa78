import { Injectable } from '@nestjs/common';
import { Database, type UnitOfWork } from '@steward/database';
import type { Selectable } from 'kysely';
import type { TrainingTables } from '../training-tables';
import type { DatasetVersionCopy } from './dataset-copies';
import { DatasetVersionRepository } from './dataset-version.repository';

@Injectable()
export class PgDatasetVersionRepository extends DatasetVersionRepository {
  constructor(private readonly database: Database<TrainingTables>) {
    super();
  }

  async newest(project: string, dataset: string): Promise<DatasetVersionCopy | null> {
    const row = await this.select(project, dataset).orderBy('version', 'desc').limit(1).executeTakeFirst();
    return row ? toCopy(row) : null;
  }

  async version(project: string, dataset: string, version: number): Promise<DatasetVersionCopy | null> {
    const row = await this.select(project, dataset).where('version', '=', version).executeTakeFirst();
    return row ? toCopy(row) : null;
  }

  async keep(unit: UnitOfWork<TrainingTables>, copy: DatasetVersionCopy): Promise<void> {
    await unit.tx
      .insertInto('dataset_versions')
      .values({
        project: copy.project,
        dataset: copy.dataset,
        version: copy.version,
        digest: copy.digest,
        contract_version: copy.contractVersion,
        contract_digest: copy.contractDigest,
        delta_path: copy.deltaPath,
        delta_version: copy.deltaVersion,
        rows: copy.rows,
        labelled_rows: copy.labelledRows,
        batch_number: copy.batchNumber,
      })
      .onConflict((conflict) => conflict.doNothing())
      .execute();
  }

  private select(project: string, dataset: string) {
    return this.database.kysely
      .selectFrom('dataset_versions')
      .selectAll()
      .where('project', '=', project)
      .where('dataset', '=', dataset);
  }
}

function toCopy(row: Selectable<TrainingTables['dataset_versions']>): DatasetVersionCopy {
  return {
    project: row.project,
    dataset: row.dataset,
    version: row.version,
    digest: row.digest,
    contractVersion: row.contract_version,
    contractDigest: row.contract_digest,
    deltaPath: row.delta_path,
    deltaVersion: row.delta_version,
    rows: row.rows,
    labelledRows: row.labelled_rows,
    batchNumber: row.batch_number,
  };
}
