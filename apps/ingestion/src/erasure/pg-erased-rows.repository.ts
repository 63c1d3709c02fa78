import { Injectable } from '@nestjs/common';
import { Database, type UnitOfWork } from '@steward/database';
import { sql } from 'kysely';
import type { IngestionTables } from '../ingestion-tables';
import { ErasedRowsRepository, type ErasedBatch, type ErasedRow } from './erased-rows.repository';

type Unit = UnitOfWork<IngestionTables>;

@Injectable()
export class PgErasedRowsRepository extends ErasedRowsRepository {
  constructor(private readonly database: Database<IngestionTables>) {
    super();
  }

  async note(
    of: { requestId: string; project: string; dataset: string; file: string },
    rows: readonly ErasedRow[],
  ): Promise<void> {
    await sql`
      INSERT INTO erased_file_rows (request_id, project, dataset, file, batch, row, labelled)
      SELECT ${of.requestId}, ${of.project}, ${of.dataset}, ${of.file}, given.batch, given.row, given.labelled
      FROM jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) AS given (batch int, row int, labelled boolean)
      ON CONFLICT DO NOTHING`.execute(this.database.kysely);
  }

  async noted(unit: Unit, requestId: string, dataset: string): Promise<ErasedBatch[]> {
    const { rows } = await sql<ErasedBatch>`
      SELECT batch, count(*)::int AS rows, (count(*) FILTER (WHERE labelled))::int AS "labelledRows"
      FROM (SELECT DISTINCT batch, row, labelled FROM erased_file_rows
        WHERE request_id = ${requestId} AND dataset = ${dataset}) each
      GROUP BY batch ORDER BY batch`.execute(unit.tx);
    return rows;
  }

  async count(
    unit: Unit,
    requestId: string,
    project: string,
    dataset: string,
    { batch, rows, labelledRows }: ErasedBatch,
  ): Promise<boolean> {
    const added = await unit.tx
      .insertInto('erased_batches')
      .values({ request_id: requestId, project, dataset, batch, rows, labelled_rows: labelledRows })
      .onConflict((conflict) => conflict.doNothing())
      .returning('batch')
      .executeTakeFirst();
    if (!added) return false;
    await sql`
      UPDATE dataset_versions SET rows = rows - ${rows}, labelled_rows = labelled_rows - ${labelledRows},
        erased_rows = erased_rows + ${rows}
      WHERE project = ${project} AND dataset = ${dataset} AND version >= ${batch}`.execute(unit.tx);
    return true;
  }

  async setCurrentDigest(
    unit: Unit,
    project: string,
    dataset: string,
    version: number,
    digest: string,
  ): Promise<void> {
    await unit.tx
      .updateTable('dataset_versions')
      .set({ current_digest: digest })
      .where('project', '=', project)
      .where('dataset', '=', dataset)
      .where('version', '=', version)
      .execute();
  }

  async erasuresOf(project: string, dataset: string, version: number) {
    const rows = await this.database.kysely
      .selectFrom('erased_batches')
      .select(['request_id', sql<number>`sum(rows)::int`.as('rows'), sql<Date>`min(erased_at)`.as('at')])
      .where('project', '=', project)
      .where('dataset', '=', dataset)
      .where('batch', '<=', version)
      .groupBy('request_id')
      .orderBy('at')
      .execute();
    return rows.map(({ request_id, rows: count, at }) => ({
      requestId: request_id,
      rows: count,
      at: at.toISOString(),
    }));
  }
}
