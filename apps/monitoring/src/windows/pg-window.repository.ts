import { Injectable } from '@nestjs/common';
import { Database, type UnitOfWork } from '@steward/database';
import { sql, type Selectable } from 'kysely';
import { tables, type MonitoringTables } from '../monitoring-tables';
import type { OutcomeReport } from './judge-window';
import type { OpenWindow, WindowRow } from './observation-window';
import { WindowRepository, type JudgedWindow, type WindowView } from './window.repository';

type Row = Selectable<MonitoringTables['observation_window']>;

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

  async observe(
    unit: UnitOfWork,
    project: string,
    model: string,
    version: number,
    rows: number,
  ): Promise<void> {
    await sql`
      INSERT INTO observed (project, model, model_version, predictions) VALUES (${project}, ${model}, ${version}, ${rows})
      ON CONFLICT (project, model, model_version) DO UPDATE SET predictions = observed.predictions + ${rows}`.execute(
      unit.tx,
    );
  }

  async openOf(unit: UnitOfWork, project: string, monitor: string): Promise<OpenWindow | null> {
    const row = await tables(unit)
      .selectFrom('observation_window')
      .selectAll()
      .where('project', '=', project)
      .where('monitor', '=', monitor)
      .where('state', '=', 'open')
      .forUpdate()
      .executeTakeFirst();
    return row ? openWindow(row) : null;
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
      .columns(['window_id', 'prediction_id', 'row', 'score', 'label', 'groups', 'outcome'])
      .expression(
        sql`SELECT ${window.id}::text, r.* FROM jsonb_to_recordset(${JSON.stringify(added.map(storedRow))}::jsonb)
            AS r(prediction_id text, row integer, score double precision, label text, groups jsonb, outcome text)`,
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

  async takeEarlyOutcomes(unit: UnitOfWork, predictionId: string): Promise<Map<number, string>> {
    const rows = await tables(unit)
      .deleteFrom('early_outcome')
      .where('prediction_id', '=', predictionId)
      .returning(['row', 'label'])
      .execute();
    return new Map(rows.map(({ row, label }) => [row, label]));
  }

  async recordOutcomes(
    unit: UnitOfWork,
    outcome: Parameters<WindowRepository['recordOutcomes']>[1],
  ): Promise<string[]> {
    const { project, predictionId, rows, labels } = outcome;
    const tx = tables(unit);
    // The window is locked before its rows, as the prediction's side does; a row may be in one window per monitor.
    const { rows: joined } = await sql<{ window_id: string; row: number }>`
      WITH given AS (SELECT * FROM unnest(${rows}::integer[], ${labels}::text[]) AS g(row, label)),
      windows AS (
        SELECT id FROM observation_window
        WHERE id IN (SELECT window_id FROM window_row WHERE prediction_id = ${predictionId}) AND project = ${project}
        ORDER BY id FOR UPDATE)
      UPDATE window_row w SET outcome = g.label FROM given g, windows
      WHERE w.prediction_id = ${predictionId} AND w.row = g.row AND w.window_id = windows.id AND w.outcome IS NULL
      RETURNING w.window_id, w.row`.execute(tx);
    const known = await tx
      .selectFrom('window_row')
      .select('row')
      .distinct()
      .where('prediction_id', '=', predictionId)
      .execute();
    const knownRows = new Set(known.map(({ row }) => row));
    const early = rows.flatMap((row, index) =>
      knownRows.has(row) ? [] : [{ prediction_id: predictionId, row, project, label: labels[index]! }],
    );
    if (early.length > 0) {
      await tx
        .insertInto('early_outcome')
        .values(early)
        .onConflict((conflict) => conflict.doNothing())
        .execute();
    }
    const added = new Map<string, number>();
    for (const { window_id: id } of joined) added.set(id, (added.get(id) ?? 0) + 1);
    for (const [id, count] of added) {
      await tx
        .updateTable('observation_window')
        .set({ outcomes: sql<number>`outcomes + ${count}` })
        .where('id', '=', id)
        .execute();
    }
    return [...added.keys()].toSorted();
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

  async find(project: string, id: string): Promise<WindowView | null> {
    const row = await this.database.kysely
      .selectFrom('observation_window')
      .selectAll()
      .where('id', '=', id)
      .where('project', '=', project)
      .executeTakeFirst();
    return row ? view(row) : null;
  }

  async list(
    project: string,
    page: { monitor?: string; before?: string; limit: number },
  ): Promise<WindowView[]> {
    let query = this.database.kysely
      .selectFrom('observation_window')
      .selectAll()
      .where('project', '=', project);
    if (page.monitor !== undefined) query = query.where('monitor', '=', page.monitor);
    // Ids are UUIDs of version 7: later windows have larger ones.
    if (page.before !== undefined) query = query.where('id', '<', page.before);
    return (await query.orderBy('id', 'desc').limit(page.limit).execute()).map(view);
  }

  async latest(): Promise<WindowView[]> {
    const rows = await this.database.kysely
      .selectFrom('observation_window')
      .selectAll()
      .distinctOn(['project', 'monitor'])
      .where('report', 'is not', null)
      .orderBy('project')
      .orderBy('monitor')
      .orderBy('id', 'desc')
      .execute();
    return rows.map(view);
  }

  async counts(
    project: string,
  ): Promise<{ model: string; modelVersion: number; predictions: number; joined: number }[]> {
    const { rows } = await sql<{ model: string; version: number; predictions: string; joined: string }>`
      SELECT o.model, o.model_version AS version, o.predictions,
        (SELECT coalesce(sum(w.outcomes), 0) FROM observation_window w
         WHERE w.project = o.project AND w.model = o.model AND w.model_version = o.model_version) AS joined
      FROM observed o WHERE o.project = ${project} ORDER BY o.model, o.model_version`.execute(
      this.database.kysely,
    );
    return rows.map((row) => ({
      model: row.model,
      modelVersion: row.version,
      predictions: Number(row.predictions),
      joined: Number(row.joined),
    }));
  }

  async prune(before: Date): Promise<void> {
    const { kysely } = this.database;
    await kysely.deleteFrom('early_outcome').where('received_at', '<', before).execute();
    const old = kysely
      .selectFrom('observation_window')
      .select('id')
      .where('opened_at', '<', before)
      .where('state', '=', 'judged');
    await kysely.deleteFrom('window_row').where('window_id', 'in', old).execute();
  }
}

const storedRow = ({ predictionId, row, score, label, groups, outcome }: WindowRow) => ({
  prediction_id: predictionId,
  row,
  score,
  label,
  groups,
  outcome,
});

function openWindow(row: Row): OpenWindow {
  return {
    id: row.id,
    project: row.project,
    monitor: row.monitor,
    descriptor: row.descriptor,
    previousReference: row.previous_reference,
    rows: row.rows,
    outcomes: row.outcomes,
    counts: row.counts,
    previousCounts: row.previous_counts,
    openedAt: row.opened_at.toISOString(),
    correlation: row.correlation,
  };
}

function judgedWindow(row: Row): JudgedWindow {
  return {
    ...openWindow(row),
    judgedAt: row.judged_at!.toISOString(),
    verdict: row.verdict!,
    report: row.report,
    outcomeReport: row.outcome_report,
    membersDigest: row.members_digest!,
  };
}

function view(row: Row): WindowView {
  const { counts: _counts, previousCounts: _previous, ...window } = openWindow(row);
  return {
    ...window,
    state: row.state,
    judgedAt: row.judged_at?.toISOString() ?? null,
    verdict: row.verdict,
    report: row.report,
    outcomeReport: row.outcome_report,
    membersDigest: row.members_digest,
  };
}
