import { Injectable } from '@nestjs/common';
import { Database } from '@steward/database';
import { errors } from '@steward/kernel';
import { sql } from 'kysely';
import type { MonitoringTables } from '../monitoring-tables';
import { windowView } from './pg-window-row';
import { WindowArchive, type ModelCounts, type WindowView } from './window-archive';

@Injectable()
export class PgWindowArchive extends WindowArchive {
  constructor(private readonly database: Database<MonitoringTables>) {
    super();
  }

  async require(project: string, id: string): Promise<WindowView> {
    const row = await this.database.kysely
      .selectFrom('observation_window')
      .selectAll()
      .where('id', '=', id)
      .where('project', '=', project)
      .executeTakeFirst();
    if (row) return windowView(row);
    throw errors.notFound('MONITORING.WINDOW_NOT_FOUND', 'There is no such window in this project.');
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
    return (await query.orderBy('id', 'desc').limit(page.limit).execute()).map(windowView);
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
    return rows.map(windowView);
  }

  async counts(project: string): Promise<ModelCounts[]> {
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
}
