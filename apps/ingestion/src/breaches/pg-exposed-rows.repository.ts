import { Injectable } from '@nestjs/common';
import { Database } from '@steward/database';
import { sql } from 'kysely';
import type { IngestionTables } from '../ingestion-tables';
import { ExposedRowsRepository, type ExposureScope } from './exposed-rows.repository';

@Injectable()
export class PgExposedRowsRepository extends ExposedRowsRepository {
  constructor(private readonly database: Database<IngestionTables>) {
    super();
  }

  async predictions({ project, from, to, callers, dataset }: ExposureScope) {
    let query = this.database.kysely
      .selectFrom('prediction_rows')
      .where('project', '=', project)
      // Rows of erased subjects carry no time of their own: they came when they were predicted, or a moment later.
      .where(sql<Date>`coalesce(predicted_at, created_at)`, '>=', new Date(from))
      .where(sql<Date>`coalesce(predicted_at, created_at)`, '<', new Date(to));
    if (callers.length > 0) query = query.where('caller', 'in', [...callers]);
    if (dataset !== null) query = query.where('dataset', '=', dataset);
    const { rows } = await query
      .select(({ fn }) => fn.countAll<number>().as('rows'))
      .executeTakeFirstOrThrow();
    const subjects = await query
      .select('subject')
      .distinct()
      .where('subject', 'is not', null)
      .where('subject', '<>', '')
      .execute();
    return { rows, subjects: subjects.map(({ subject }) => subject!) };
  }
}
