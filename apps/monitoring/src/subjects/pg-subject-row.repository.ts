import { Injectable } from '@nestjs/common';
import { Database, type UnitOfWork } from '@steward/database';
import { sql } from 'kysely';
import type { MonitoringTables } from '../monitoring-tables';
import { SubjectRowRepository, type SubjectRow } from './subject-row.repository';

@Injectable()
export class PgSubjectRowRepository extends SubjectRowRepository {
  constructor(private readonly database: Database<MonitoringTables>) {
    super();
  }

  async of(project: string, pseudonym: string): Promise<SubjectRow[]> {
    const rows = await this.database.kysely
      .selectFrom('window_row')
      .innerJoin('observation_window', 'observation_window.id', 'window_row.window_id')
      .selectAll('window_row')
      .select(['monitor', 'model', 'model_version', 'opened_at'])
      .where('project', '=', project)
      .where('subject', '=', pseudonym)
      .orderBy('opened_at')
      .orderBy('prediction_id')
      .orderBy('row')
      .execute();
    return rows.map((row) => ({
      windowId: row.window_id,
      monitor: row.monitor,
      model: row.model,
      modelVersion: row.model_version,
      prediction: `${row.prediction_id}/${row.row}`,
      score: row.score,
      label: row.label,
      groups: row.groups,
      outcome: row.outcome,
      openedAt: row.opened_at.toISOString(),
    }));
  }

  async anonymise(unit: UnitOfWork, project: string, pseudonym: string): Promise<number> {
    const result = await sql`
      UPDATE window_row SET prediction_id = 'erased-' || gen_random_uuid(), subject = NULL, groups = '{}'
      FROM observation_window w
      WHERE w.id = window_row.window_id AND w.project = ${project} AND window_row.subject = ${pseudonym}`.execute(
      unit.tx,
    );
    return Number(result.numAffectedRows ?? 0n);
  }
}
