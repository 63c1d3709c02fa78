import { Injectable } from '@nestjs/common';
import { Database, type UnitOfWork } from '@steward/database';
import { notHeld } from '@steward/subjects';
import { sql, type Selectable } from 'kysely';
import { BatchSettlement } from '../batches/batch-settlement';
import type { IngestionTables } from '../ingestion-tables';
import {
  PredictionRowRepository,
  type HeldInputs,
  type JoinedRow,
  type ListedPrediction,
  type OutcomeRow,
  type PredictedDecision,
  type PredictedRow,
  type PredictionSearch,
  type SubjectPrediction,
} from './prediction-row.repository';

type Unit = UnitOfWork<IngestionTables>;

/**
 * Both halves meet in one row of a table, by upsert: whichever comes second waits for the first one's transaction at the
 * primary key and then sees it, so that no pair is missed. Rows are written in order of their number, which keeps
 * concurrent writers from waiting in a circle.
 */
@Injectable()
export class PgPredictionRowRepository extends PredictionRowRepository {
  constructor(private readonly database: Database<IngestionTables>) {
    super();
  }

  async addPredictions(
    unit: Unit,
    prediction: { project: string; predictionId: string; dataset: string },
    rows: readonly PredictedRow[],
  ): Promise<void> {
    await sql`
      INSERT INTO prediction_rows AS held (project, prediction_id, row, dataset, fields, subject,
        model, model_version, score, decided, predicted_at, caller)
      SELECT ${prediction.project}, ${prediction.predictionId}, given.row, ${prediction.dataset}, given.fields,
        given.subject, given.decision ->> 'model', (given.decision ->> 'modelVersion')::int,
        (given.decision ->> 'score')::float8, given.decision ->> 'decided',
        (given.decision ->> 'predictedAt')::timestamptz, given.decision ->> 'caller'
      FROM jsonb_to_recordset(${JSON.stringify(rows)}::jsonb)
        AS given (row int, fields jsonb, subject text, decision jsonb)
      ORDER BY given.row
      ON CONFLICT (project, prediction_id, row) DO UPDATE
      SET dataset = excluded.dataset, fields = excluded.fields, subject = excluded.subject,
        model = excluded.model, model_version = excluded.model_version, score = excluded.score,
        decided = excluded.decided, predicted_at = excluded.predicted_at, caller = excluded.caller,
        joined_at = CASE WHEN held.label IS NOT NULL THEN clock_timestamp() END
      WHERE held.dataset IS NULL`.execute(unit.tx);
  }

  async addOutcomes(
    unit: Unit,
    outcome: { project: string; predictionId: string; actor: string; correlation: string },
    rows: readonly OutcomeRow[],
  ): Promise<{ row: number; kept: string }[]> {
    const given = JSON.stringify(rows);
    await sql`
      INSERT INTO prediction_rows AS held (project, prediction_id, row, label, actor, correlation)
      SELECT ${outcome.project}, ${outcome.predictionId}, given.row, given.label, ${outcome.actor},
        ${outcome.correlation}
      FROM jsonb_to_recordset(${given}::jsonb) AS given (row int, label text)
      ORDER BY given.row
      ON CONFLICT (project, prediction_id, row) DO UPDATE
      SET label = excluded.label, actor = excluded.actor, correlation = excluded.correlation,
        joined_at = CASE WHEN held.fields IS NOT NULL THEN clock_timestamp() END
      WHERE held.label IS NULL`.execute(unit.tx);
    const conflicts = await sql<{ row: number; kept: string }>`
      SELECT held.row, held.label AS kept
      FROM jsonb_to_recordset(${given}::jsonb) AS given (row int, label text)
      JOIN prediction_rows held ON held.project = ${outcome.project}
        AND held.prediction_id = ${outcome.predictionId} AND held.row = given.row
      WHERE held.label <> given.label ORDER BY held.row`.execute(unit.tx);
    return conflicts.rows;
  }

  async find(project: string, predictionId: string, row: number): Promise<HeldInputs | null> {
    const found = await this.database.kysely
      .selectFrom('prediction_rows')
      .select(['dataset', 'model', 'fields', 'subject'])
      .where('project', '=', project)
      .where('prediction_id', '=', predictionId)
      .where('row', '=', row)
      .executeTakeFirst();
    if (!found || found.dataset === null || found.fields === null) return null;
    const { dataset, model, fields, subject } = found;
    return { dataset, model, fields, subject };
  }

  async list(search: PredictionSearch): Promise<ListedPrediction[]> {
    let query = this.database.kysely
      .selectFrom('prediction_rows')
      .selectAll()
      .where('project', '=', search.project)
      .where('dataset', '=', search.dataset)
      .where('predicted_at', 'is not', null);
    if (search.model !== null) query = query.where('model', '=', search.model);
    if (search.version !== null) query = query.where('model_version', '=', search.version);
    if (search.from !== null) query = query.where('predicted_at', '>=', search.from);
    if (search.to !== null) query = query.where('predicted_at', '<', search.to);
    if (search.after !== null) {
      const [at, id, row] = search.after;
      query = query.where(
        sql<boolean>`(predicted_at, prediction_id, row) < (${new Date(at)}, ${id}, ${row})`,
      );
    }
    const rows = await query
      .orderBy('predicted_at', 'desc')
      .orderBy('prediction_id', 'desc')
      .orderBy('row', 'desc')
      .limit(search.limit)
      .execute();
    return rows.flatMap((row) => {
      const decision = decisionIn(row);
      return decision === null
        ? []
        : [
            {
              predictionId: row.prediction_id,
              row: row.row,
              decision,
              fields: row.fields,
              batchId: row.batch_id,
              subject: row.subject,
              label: row.label,
            },
          ];
    });
  }

  async due(limits: { rows: number; waitMs: number }): Promise<{ project: string; dataset: string }[]> {
    const { rows } = await sql<{ project: string; dataset: string }>`
      SELECT waiting.project, waiting.dataset FROM prediction_rows waiting
      JOIN datasets ON datasets.project = waiting.project AND datasets.name = waiting.dataset
      WHERE waiting.joined_at IS NOT NULL AND waiting.batch_id IS NULL
      GROUP BY waiting.project, waiting.dataset
      HAVING count(*) >= ${limits.rows}
        OR min(waiting.joined_at) <= clock_timestamp() - make_interval(secs => ${limits.waitMs / 1000})
      ORDER BY min(waiting.joined_at)`.execute(this.database.kysely);
    return rows;
  }

  async claim(unit: Unit, project: string, dataset: string, batchId: string, limit: number): Promise<number> {
    const result = await sql`
      UPDATE prediction_rows SET batch_id = ${batchId}
      WHERE (project, prediction_id, row) IN (
        SELECT project, prediction_id, row FROM prediction_rows
        WHERE project = ${project} AND dataset = ${dataset} AND joined_at IS NOT NULL AND batch_id IS NULL
        ORDER BY joined_at, prediction_id, row LIMIT ${limit} FOR UPDATE SKIP LOCKED)`.execute(unit.tx);
    return Number(result.numAffectedRows ?? 0n);
  }

  async unsettled(): Promise<{ project: string; dataset: string; batchId: string }[]> {
    const { rows } = await sql<{ project: string; dataset: string; batchId: string }>`
      SELECT DISTINCT project, dataset, batch_id AS "batchId" FROM prediction_rows
      WHERE batch_id IS NOT NULL AND fields IS NOT NULL ORDER BY batch_id`.execute(this.database.kysely);
    return rows;
  }

  async claimed(batchId: string): Promise<JoinedRow[]> {
    const rows = await this.database.kysely
      .selectFrom('prediction_rows')
      .select(['prediction_id', 'row', 'fields', 'subject', 'label', 'actor', 'correlation', 'joined_at'])
      .where('batch_id', '=', batchId)
      .where('fields', 'is not', null)
      .orderBy('joined_at')
      .orderBy('prediction_id')
      .orderBy('row')
      .execute();
    return rows.map((row) => ({
      predictionId: row.prediction_id,
      row: row.row,
      fields: row.fields ?? {},
      subject: row.subject,
      label: row.label ?? '',
      actor: row.actor ?? 'ingestion',
      correlation: row.correlation ?? batchId,
      joinedAt: row.joined_at ?? new Date(0),
    }));
  }

  async waiting(): Promise<{ unjoined: number; labelled: number }> {
    const { rows } = await sql<{ unjoined: number; labelled: number }>`
      SELECT count(*) FILTER (WHERE joined_at IS NULL)::int AS unjoined,
        count(*) FILTER (WHERE joined_at IS NOT NULL)::int AS labelled
      FROM prediction_rows WHERE batch_id IS NULL`.execute(this.database.kysely);
    return rows[0] ?? { unjoined: 0, labelled: 0 };
  }

  async ofSubject(project: string, subject: string): Promise<SubjectPrediction[]> {
    const rows = await this.database.kysely
      .selectFrom('prediction_rows')
      .selectAll()
      .where('project', '=', project)
      .where('subject', '=', subject)
      .orderBy('created_at')
      .orderBy('prediction_id')
      .orderBy('row')
      .execute();
    return rows.map((row) => ({
      predictionId: row.prediction_id,
      row: row.row,
      dataset: row.dataset,
      fields: row.fields,
      label: row.label,
      decision: decisionIn(row),
    }));
  }

  async eraseSubject(unit: Unit, project: string, subject: string): Promise<number> {
    const result = await sql`
      UPDATE prediction_rows SET fields = NULL, subject = NULL, label = NULL, joined_at = NULL, model = NULL,
        model_version = NULL, score = NULL, decided = NULL, predicted_at = NULL, caller = NULL
      WHERE project = ${project} AND subject = ${subject}`.execute(unit.tx);
    return Number(result.numAffectedRows ?? 0n);
  }

  async deleteBefore(moment: Date): Promise<number> {
    const result = await this.database.kysely
      .deleteFrom('prediction_rows')
      .where('created_at', '<', moment)
      .where(
        notHeld(sql.ref('prediction_rows.project'), sql.ref('prediction_rows.dataset'), 'prediction-rows'),
      )
      .executeTakeFirst();
    return Number(result.numDeletedRows);
  }
}

/** Empties the values of the rows that a batch holds: from then on its table keeps them. What was decided stays. */
@Injectable()
export class PgPredictionRowSettlement extends BatchSettlement {
  async settle(unit: Unit, batchId: string): Promise<void> {
    await unit.tx
      .updateTable('prediction_rows')
      .set({ fields: null })
      .where('batch_id', '=', batchId)
      .execute();
  }
}

const decisionIn = (row: Selectable<IngestionTables['prediction_rows']>): PredictedDecision | null =>
  row.model === null
    ? null
    : {
        model: row.model,
        modelVersion: row.model_version ?? 0,
        score: row.score ?? 0,
        decided: row.decided ?? '',
        predictedAt: row.predicted_at?.toISOString() ?? '',
        caller: row.caller ?? '',
      };
