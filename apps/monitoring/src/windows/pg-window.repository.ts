import { Injectable } from '@nestjs/common';
import { Database, type UnitOfWork } from '@steward/database';
import { notHeld } from '@steward/subjects';
import { sql } from 'kysely';
import { tables, type MonitoringTables } from '../monitoring-tables';
import type { OutcomeReport } from './judge-window';
import { judgedWindow, openWindow } from './pg-window-row';
import type { OpenWindow, WindowRow } from './observation-window';
import {
  WindowRepository,
  type JudgedWindow,
  type ObservedRows,
  type PredictionRange,
  type RowOutcome,
} from './window.repository';

/** First key of the advisory locks, so that other locks of the service never meet them. */
const PARTITION_LOCK = 7_401;

@Injectable()
export class PgWindowRepository extends WindowRepository {
  constructor(private readonly database: Database<MonitoringTables>) {
    super();
  }

  async lockPartition(unit: UnitOfWork, partition: number): Promise<void> {
    await sql`SELECT pg_advisory_xact_lock(${PARTITION_LOCK}, ${partition})`.execute(unit.tx);
  }

  async observe(unit: UnitOfWork, observed: readonly ObservedRows[]): Promise<void> {
    await tables(unit)
      .insertInto('observed')
      .values(
        observed.map(({ project, model, version, rows }) => ({
          project,
          model,
          model_version: version,
          predictions: rows,
        })),
      )
      .onConflict((conflict) =>
        conflict
          .columns(['project', 'model', 'model_version'])
          .doUpdateSet({ predictions: sql<number>`observed.predictions + excluded.predictions` }),
      )
      .execute();
  }

  async openOf(
    unit: UnitOfWork,
    monitors: readonly { project: string; name: string }[],
  ): Promise<Map<string, OpenWindow>> {
    const rows = await tables(unit)
      .selectFrom('observation_window')
      .selectAll()
      .where('state', '=', 'open')
      .where(
        sql<boolean>`(project, monitor) IN (SELECT * FROM unnest(${monitors.map(({ project }) => project)}::text[],
          ${monitors.map(({ name }) => name)}::text[]))`,
      )
      .orderBy('id')
      .forUpdate()
      .execute();
    return new Map(rows.map((row) => [`${row.project}/${row.monitor}`, openWindow(row)]));
  }

  async open(unit: UnitOfWork, window: OpenWindow): Promise<void> {
    await tables(unit)
      .insertInto('observation_window')
      .values({
        id: window.id,
        project: window.project,
        monitor: window.monitor,
        model: window.descriptor.model,
        model_version: window.descriptor.version,
        descriptor: JSON.stringify(window.descriptor),
        previous_reference: window.previousReference,
        state: 'open',
        rows: 0,
        outcomes: 0,
        counts: JSON.stringify(window.counts),
        previous_counts: JSON.stringify(window.previousCounts),
        correlation: window.correlation,
      })
      .execute();
  }

  async save(unit: UnitOfWork, window: OpenWindow, added: readonly WindowRow[]): Promise<void> {
    await tables(unit)
      .updateTable('observation_window')
      .set({
        rows: window.rows,
        outcomes: window.outcomes,
        counts: JSON.stringify(window.counts),
        previous_counts: JSON.stringify(window.previousCounts),
      })
      .where('id', '=', window.id)
      .execute();
    if (added.length === 0) return;
    await tables(unit)
      .insertInto('window_row')
      .columns(['window_id', 'prediction_id', 'row', 'score', 'label', 'groups', 'outcome', 'subject'])
      .expression(
        // A late row of an erased subject counts as everybody's: nothing leads from it to a prediction or a group.
        sql`SELECT ${window.id}::text,
              CASE WHEN e.pseudonym IS NULL THEN r.prediction_id ELSE 'erased-' || gen_random_uuid() END,
              r.row, r.score, r.label, CASE WHEN e.pseudonym IS NULL THEN r.groups ELSE '{}'::jsonb END, r.outcome,
              CASE WHEN e.pseudonym IS NULL THEN r.subject END
            FROM jsonb_to_recordset(${JSON.stringify(added.map(storedRow))}::jsonb)
              AS r(prediction_id text, row integer, score double precision, label text, groups jsonb, outcome text,
                subject text)
            LEFT JOIN erased_subjects e ON e.pseudonym = r.subject`,
      )
      .execute();
  }

  async judge(
    unit: UnitOfWork,
    window: OpenWindow,
    result: Parameters<WindowRepository['judge']>[2],
  ): Promise<void> {
    await tables(unit)
      .updateTable('observation_window')
      .set({
        state: 'judged',
        judged_at: new Date(),
        verdict: result.verdict,
        report: result.report === null ? null : JSON.stringify(result.report),
        members_digest: result.membersDigest,
      })
      .where('id', '=', window.id)
      .execute();
  }

  async rowsOf(unit: UnitOfWork, windowId: string): Promise<WindowRow[]> {
    const rows = await tables(unit)
      .selectFrom('window_row')
      .selectAll()
      .where('window_id', '=', windowId)
      .orderBy('prediction_id')
      .orderBy('row')
      .execute();
    return rows.map((row) => ({
      predictionId: row.prediction_id,
      row: row.row,
      score: row.score,
      label: row.label,
      groups: row.groups,
      outcome: row.outcome,
    }));
  }

  async takeEarlyOutcomes(
    unit: UnitOfWork,
    ranges: readonly PredictionRange[],
  ): Promise<Map<string, string>> {
    const { rows } = await sql<{ id: string; label: string }>`
      DELETE FROM early_outcome e
      USING jsonb_to_recordset(${JSON.stringify(ranges.map(storedRange))}::jsonb)
        AS g(project text, prediction_id text, first integer, after integer)
      WHERE e.project = g.project AND e.prediction_id = g.prediction_id AND e.row >= g.first AND e.row < g.after
      RETURNING e.prediction_id || '/' || e.row AS id, e.label`.execute(unit.tx);
    return new Map(rows.map(({ id, label }) => [id, label]));
  }

  async recordOutcomes(unit: UnitOfWork, outcomes: readonly RowOutcome[]): Promise<string[]> {
    const given = JSON.stringify(
      outcomes.map(({ project, predictionId, row, label }) => ({
        project,
        prediction_id: predictionId,
        row,
        label,
      })),
    );
    const { rows: joined } = await sql<{ id: string; count: number }>`
      WITH given AS (
        SELECT * FROM jsonb_to_recordset(${given}::jsonb) AS g(project text, prediction_id text, row integer, label text)),
      windows AS (
        SELECT id, project FROM observation_window
        WHERE id IN (SELECT w.window_id FROM window_row w JOIN given g ON g.prediction_id = w.prediction_id AND g.row = w.row)
        ORDER BY id FOR UPDATE),
      joined AS (
        UPDATE window_row w SET outcome = g.label FROM given g, windows
        WHERE w.prediction_id = g.prediction_id AND w.row = g.row AND w.window_id = windows.id
          AND windows.project = g.project AND w.outcome IS NULL
        RETURNING w.window_id)
      SELECT window_id AS id, count(*)::integer AS count FROM joined GROUP BY window_id ORDER BY window_id`.execute(
      unit.tx,
    );
    await sql`
      INSERT INTO early_outcome (project, prediction_id, row, label)
      SELECT g.project, g.prediction_id, g.row, g.label
      FROM jsonb_to_recordset(${given}::jsonb) AS g(project text, prediction_id text, row integer, label text)
      WHERE NOT EXISTS (SELECT FROM window_row w WHERE w.prediction_id = g.prediction_id AND w.row = g.row)
      ORDER BY g.project, g.prediction_id, g.row ON CONFLICT DO NOTHING`.execute(unit.tx);
    for (const { id, count } of joined) {
      await tables(unit)
        .updateTable('observation_window')
        .set({ outcomes: sql<number>`outcomes + ${count}` })
        .where('id', '=', id)
        .execute();
    }
    return joined.map(({ id }) => id);
  }

  async completeForOutcomes(unit: UnitOfWork, windowId: string): Promise<JudgedWindow | null> {
    const window = await this.withoutOutcomeReport(unit, windowId);
    return window && window.outcomes >= window.rows ? window : null;
  }

  async withoutOutcomeReport(unit: UnitOfWork, windowId: string): Promise<JudgedWindow | null> {
    const row = await tables(unit)
      .selectFrom('observation_window')
      .selectAll()
      .where('id', '=', windowId)
      .where('state', '=', 'judged')
      .where('report', 'is not', null)
      .where('outcome_report', 'is', null)
      .forUpdate()
      .executeTakeFirst();
    return row ? judgedWindow(row) : null;
  }

  async overdue(before: Date): Promise<string[]> {
    const rows = await this.database.kysely
      .selectFrom('observation_window')
      .select('id')
      .where('state', '=', 'judged')
      .where('outcome_report', 'is', null)
      .where('report', 'is not', null)
      .where('outcomes', '>', 0)
      .where('judged_at', '<', before)
      .orderBy('judged_at')
      .limit(100)
      .execute();
    return rows.map(({ id }) => id);
  }

  async saveOutcomeReport(unit: UnitOfWork, windowId: string, report: OutcomeReport): Promise<void> {
    await tables(unit)
      .updateTable('observation_window')
      .set({ outcome_report: JSON.stringify(report) })
      .where('id', '=', windowId)
      .execute();
  }

  async prune(before: Date): Promise<void> {
    const { kysely } = this.database;
    await kysely
      .deleteFrom('early_outcome')
      .where('received_at', '<', before)
      .where(notHeld(sql.ref('early_outcome.project'), sql`NULL`, 'window-rows'))
      .execute();
    const old = kysely
      .selectFrom('observation_window')
      .select('id')
      .where('opened_at', '<', before)
      .where('state', '=', 'judged')
      .where(notHeld(sql.ref('observation_window.project'), sql`NULL`, 'window-rows'));
    await kysely.deleteFrom('window_row').where('window_id', 'in', old).execute();
  }
}

const storedRange = ({ project, predictionId, firstRow, rows }: PredictionRange) => ({
  project,
  prediction_id: predictionId,
  first: firstRow,
  after: firstRow + rows,
});

const storedRow = ({ predictionId, row, score, label, groups, outcome, subject }: WindowRow) => ({
  prediction_id: predictionId,
  row,
  score,
  label,
  groups,
  outcome,
  subject: subject ?? null,
});
