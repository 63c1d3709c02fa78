import { Injectable } from '@nestjs/common';
import { AlertRaised, AlertResolved } from '@steward/contracts';
import { Database } from '@steward/database';
import { sql } from 'kysely';
import type { GovernanceTables } from '../governance-tables';
import type { OpenMatter } from './notification';
import { OpenMatters } from './notification.repository';

/** So long before a clock runs out people are told again. */
const BREACH_DUE_HOURS = 24;
const REQUEST_DUE_DAYS = 7;

/** Reads it from the tables that hold it, in one query: what is told can never say other than what is. */
@Injectable()
export class PgOpenMatters extends OpenMatters {
  constructor(private readonly database: Database<GovernanceTables>) {
    super();
  }

  async all(now: string): Promise<OpenMatter[]> {
    const { rows } = await sql<OpenMatter & { dueAt: Date | null }>`
      SELECT kind, id AS "objectId", stage, project, summary, roles, people, page, due_at AS "dueAt"
      FROM (
        SELECT 'approval' AS kind, id, 'waiting' AS stage, project,
          model || ' version ' || version || ' wants to become ' || alias AS summary,
          ARRAY(SELECT jsonb_array_elements_text(policy -> 'roles')) AS roles, '{}'::text[] AS people,
          'approvals/' || id AS page, expires_at AS due_at
        FROM approval_requests WHERE state = 'open'
        UNION ALL
        SELECT 'emergency-access', id, 'waiting', project,
          'the role ' || role || ' was taken in an emergency; the review waits for a signature',
          ARRAY['administrator', 'privacy-officer'], informed, 'emergencies/' || id, NULL
        FROM emergency_accesses WHERE reviewed_at IS NULL
        UNION ALL
        SELECT 'breach', id, stage, project,
          CASE stage WHEN 'waiting' THEN 'a breach was opened: the authority is notified within 72 hours'
            WHEN 'due' THEN 'less than 24 hours are left to notify the authority of a breach'
            ELSE 'the 72 hours to notify the authority of a breach are over' END,
          ARRAY['privacy-officer'], '{}', 'breaches/' || id, due_at
        FROM (SELECT *, aware_at + interval '72 hours' AS due_at FROM breaches WHERE state = 'open') AS breach,
          LATERAL (VALUES ('waiting', true),
            ('due', ${now}::timestamptz >= due_at - make_interval(hours => ${BREACH_DUE_HOURS})),
            ('overdue', ${now}::timestamptz >= due_at)) AS told (stage, reached)
        WHERE reached
        UNION ALL
        SELECT 'subject-request', id, stage, project,
          CASE stage WHEN 'waiting' THEN 'a data subject asks for ' || kind
            WHEN 'due' THEN 'a data subject waits for ' || kind || ': less than 7 days are left'
            ELSE 'a data subject waits for ' || kind || ': its time is over' END,
          ARRAY['privacy-officer'], CASE WHEN responsible IS NULL THEN '{}' ELSE ARRAY[responsible] END,
          'subject-requests/' || id, due_at
        FROM subject_requests AS request,
          LATERAL (VALUES ('waiting', true),
            ('due', ${now}::timestamptz >= due_at - make_interval(days => ${REQUEST_DUE_DAYS})),
            ('overdue', ${now}::timestamptz >= due_at)) AS told (stage, reached)
        WHERE state IN ('received', 'in_progress') AND reached
        UNION ALL
        SELECT 'alert', payload ->> 'alertId', 'waiting', project,
          (payload ->> 'kind') || ' in ' || (payload ->> 'model') || ' version ' || (payload ->> 'modelVersion'),
          ARRAY['ml-engineer'], '{}', 'alerts', NULL
        FROM evidence AS raised
        WHERE type = ${AlertRaised.type} AND NOT EXISTS (SELECT 1 FROM evidence AS resolved
          WHERE resolved.type = ${AlertResolved.type} AND resolved.payload ->> 'alertId' = raised.payload ->> 'alertId')
      ) AS matter
      WHERE project IS NOT NULL
      ORDER BY kind, id, stage`.execute(this.database.kysely);
    return rows.map((row) => ({
      ...row,
      page: `/projects/${encodeURIComponent(row.project)}/${row.page}`,
      dueAt: row.dueAt?.toISOString() ?? null,
    }));
  }
}
