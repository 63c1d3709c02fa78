import { Injectable } from '@nestjs/common';
import { Database, type UnitOfWork } from '@steward/database';
import { sql } from 'kysely';
import type { IngestionTables } from '../ingestion-tables';
import {
  OldRowsRepository,
  type FoundRows,
  type LiveBatch,
  type OldRows,
  type QuarantinedBatch,
} from './old-rows.repository';

type Unit = UnitOfWork<IngestionTables>;

@Injectable()
export class PgOldRowsRepository extends OldRowsRepository {
  constructor(private readonly database: Database<IngestionTables>) {
    super();
  }

  async countPredictions({ project, dataset, before }: OldRows): Promise<FoundRows> {
    const { rows } = await sql<FoundRows>`
      SELECT count(*)::int AS items, min(created_at) AS oldest FROM prediction_rows
      WHERE project = ${project} AND dataset = ${dataset} AND created_at < ${before}::timestamptz`.execute(
      this.database.kysely,
    );
    return rows[0]!;
  }

  async deletePredictions(
    unit: Unit,
    { project, dataset, before }: OldRows,
    limit: number,
  ): Promise<FoundRows> {
    const { rows } = await sql<FoundRows>`
      WITH gone AS (
        DELETE FROM prediction_rows WHERE (project, prediction_id, row) IN (
          SELECT project, prediction_id, row FROM prediction_rows
          WHERE project = ${project} AND dataset = ${dataset} AND created_at < ${before}::timestamptz
          ORDER BY created_at LIMIT ${limit} FOR UPDATE SKIP LOCKED)
        RETURNING created_at)
      SELECT count(*)::int AS items, min(created_at) AS oldest FROM gone`.execute(unit.tx);
    return rows[0]!;
  }

  async liveBatches({ project, dataset, before }: OldRows, unit?: Unit): Promise<LiveBatch[]> {
    // A version holds the batches up to its number: what it has more than the one before is its own batch's.
    const { rows } = await sql<LiveBatch>`
      SELECT version AS batch, rows, labelled AS "labelledRows", created_at AS at
      FROM (
        SELECT version, created_at, rows - coalesce(lag(rows) OVER by_version, 0) AS rows,
          labelled_rows - coalesce(lag(labelled_rows) OVER by_version, 0) AS labelled
        FROM dataset_versions WHERE project = ${project} AND dataset = ${dataset}
        WINDOW by_version AS (ORDER BY version)) each
      WHERE created_at < ${before}::timestamptz AND rows > 0 ORDER BY version`.execute(
      unit?.tx ?? this.database.kysely,
    );
    return rows;
  }

  async quarantined({ project, dataset, before }: OldRows): Promise<QuarantinedBatch[]> {
    const { rows } = await sql<QuarantinedBatch>`
      SELECT id, quarantined, created_at AS at FROM batches
      WHERE project = ${project} AND dataset = ${dataset} AND created_at < ${before}::timestamptz
        AND quarantined > 0 AND quarantine_deleted_at IS NULL ORDER BY id`.execute(this.database.kysely);
    return rows;
  }
}
