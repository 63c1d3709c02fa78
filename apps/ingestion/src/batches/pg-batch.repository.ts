import { Injectable } from '@nestjs/common';
import { Database, type UnitOfWork } from '@steward/database';
import type { Selectable } from 'kysely';
import type { IngestionTables } from '../ingestion-tables';
import type { BatchRecord } from './batch-record';
import {
  BatchRepository,
  type NewVersion,
  type Page,
  type StoredBatch,
  type StoredVersion,
} from './batch.repository';
import type { BatchContent } from './row-digest';

type Unit = UnitOfWork<IngestionTables>;

@Injectable()
export class PgBatchRepository extends BatchRepository {
  constructor(private readonly database: Database<IngestionTables>) {
    super();
  }

  async lockDataset(unit: Unit, project: string, dataset: string): Promise<void> {
    await unit.tx
      .selectFrom('datasets')
      .select('name')
      .where('project', '=', project)
      .where('name', '=', dataset)
      .forUpdate()
      .execute();
  }

  async datasets(): Promise<{ project: string; dataset: string }[]> {
    return this.database.kysely
      .selectFrom('datasets')
      .select(['project', 'name as dataset'])
      .orderBy('project')
      .orderBy('name')
      .execute();
  }

  async insertBatch(unit: Unit, batch: BatchRecord, version: number | null): Promise<void> {
    await unit.tx
      .insertInto('batches')
      .values({
        id: batch.id,
        project: batch.project,
        dataset: batch.dataset,
        contract_version: batch.contractVersion,
        digest: batch.digest,
        source: batch.source,
        read: batch.read,
        accepted: batch.accepted,
        quarantined: batch.quarantined,
        by_rule: JSON.stringify(batch.byRule),
        content_digest: batch.contentDigest,
        version,
      })
      .execute();
  }

  async insertVersion(unit: Unit, version: NewVersion): Promise<void> {
    await unit.tx
      .insertInto('dataset_versions')
      .values({
        project: version.project,
        dataset: version.dataset,
        version: version.version,
        digest: version.digest,
        contract_version: version.contractVersion,
        contract_digest: version.contractDigest,
        delta_path: version.deltaPath,
        delta_version: version.deltaVersion,
        rows: version.rows,
        labelled_rows: version.labelledRows,
        batch_id: version.batchId,
      })
      .execute();
  }

  async newestVersion(unit: Unit, project: string, dataset: string): Promise<StoredVersion | null> {
    const row = await unit.tx
      .selectFrom('dataset_versions')
      .selectAll()
      .where('project', '=', project)
      .where('dataset', '=', dataset)
      .orderBy('version', 'desc')
      .limit(1)
      .executeTakeFirst();
    return row ? toVersion(row) : null;
  }

  async contents(unit: Unit, project: string, dataset: string): Promise<BatchContent[]> {
    return unit.tx
      .selectFrom('batches')
      .select(['contract_version as contractVersion', 'digest', 'content_digest as contentDigest'])
      .where('project', '=', project)
      .where('dataset', '=', dataset)
      .where('version', 'is not', null)
      .orderBy('version')
      .execute();
  }

  async contentsUpTo(
    project: string,
    dataset: string,
    version: number,
  ): Promise<(BatchContent & { version: number })[]> {
    const rows = await this.database.kysely
      .selectFrom('batches')
      .select(['contract_version', 'digest', 'content_digest', 'version'])
      .where('project', '=', project)
      .where('dataset', '=', dataset)
      .where('version', '<=', version)
      .orderBy('version')
      .execute();
    return rows.map((row) => ({
      contractVersion: row.contract_version,
      digest: row.digest,
      contentDigest: row.content_digest,
      version: row.version ?? 0,
    }));
  }

  async setContent(
    unit: Unit,
    project: string,
    dataset: string,
    batch: number,
    contentDigest: string,
  ): Promise<void> {
    await unit.tx
      .updateTable('batches')
      .set({ content_digest: contentDigest })
      .where('project', '=', project)
      .where('dataset', '=', dataset)
      .where('version', '=', batch)
      .execute();
  }

  async batchById(id: string, unit?: Unit): Promise<StoredBatch | null> {
    const row = await (unit?.tx ?? this.database.kysely)
      .selectFrom('batches')
      .selectAll()
      .where('id', '=', id)
      .executeTakeFirst();
    return row ? toBatch(row) : null;
  }

  async uploadOf(
    upload: Pick<BatchRecord, 'project' | 'dataset' | 'contractVersion' | 'digest'>,
    unit?: Unit,
  ): Promise<StoredBatch | null> {
    const row = await (unit?.tx ?? this.database.kysely)
      .selectFrom('batches')
      .selectAll()
      .where('project', '=', upload.project)
      .where('dataset', '=', upload.dataset)
      .where('contract_version', '=', upload.contractVersion)
      .where('digest', '=', upload.digest)
      .where('source', '=', 'upload')
      .executeTakeFirst();
    return row ? toBatch(row) : null;
  }

  async batches(project: string, dataset: string, page: Page): Promise<StoredBatch[]> {
    const rows = await this.database.kysely
      .selectFrom('batches')
      .selectAll()
      .where('project', '=', project)
      .where('dataset', '=', dataset)
      .$if(page.after !== null, (query) => query.where('id', '<', page.after ?? ''))
      .orderBy('id', 'desc')
      .limit(page.limit)
      .execute();
    return rows.map(toBatch);
  }

  async versions(project: string, dataset: string, page: Page): Promise<StoredVersion[]> {
    const rows = await this.database.kysely
      .selectFrom('dataset_versions')
      .selectAll()
      .where('project', '=', project)
      .where('dataset', '=', dataset)
      .$if(page.after !== null, (query) => query.where('version', '<', Number(page.after)))
      .orderBy('version', 'desc')
      .limit(page.limit)
      .execute();
    return rows.map(toVersion);
  }

  async version(project: string, dataset: string, version: number): Promise<StoredVersion | null> {
    const row = await this.database.kysely
      .selectFrom('dataset_versions')
      .selectAll()
      .where('project', '=', project)
      .where('dataset', '=', dataset)
      .where('version', '=', version)
      .executeTakeFirst();
    return row ? toVersion(row) : null;
  }

  async markQuarantineDeleted(unit: Unit, batchId: string): Promise<void> {
    await unit.tx
      .updateTable('batches')
      .set({ quarantine_deleted_at: new Date() })
      .where('id', '=', batchId)
      .execute();
  }
}

function toBatch(row: Selectable<IngestionTables['batches']>): StoredBatch {
  return {
    id: row.id,
    project: row.project,
    dataset: row.dataset,
    contractVersion: row.contract_version,
    digest: row.digest,
    contentDigest: row.content_digest,
    source: row.source,
    read: row.read,
    accepted: row.accepted,
    quarantined: row.quarantined,
    byRule: row.by_rule,
    version: row.version,
    createdAt: row.created_at.toISOString(),
    quarantineDeletedAt: row.quarantine_deleted_at?.toISOString() ?? null,
  };
}

function toVersion(row: Selectable<IngestionTables['dataset_versions']>): StoredVersion {
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
    batchId: row.batch_id,
    createdAt: row.created_at.toISOString(),
    erasedRows: row.erased_rows,
    currentDigest: row.current_digest,
  };
}
