import { Injectable } from '@nestjs/common';
import { Database, type UnitOfWork } from '@steward/database';
import { sql, type RawBuilder } from 'kysely';
import {
  OwnOldRowsRepository,
  type OwnClass,
  type OwnFoundRows,
  type OwnOldRows,
} from './own-old-rows.repository';

@Injectable()
export class PgOwnOldRowsRepository extends OwnOldRowsRepository {
  constructor(private readonly database: Database) {
    super();
  }

  async count(of: OwnClass, rows: OwnOldRows): Promise<OwnFoundRows> {
    const found = await sql<OwnFoundRows>`
      SELECT count(*)::int AS items, min(old.at) AS oldest FROM (${oldRows(of, rows)}) old`.execute(
      this.database.kysely,
    );
    return found.rows[0]!;
  }

  async delete(unit: UnitOfWork, of: OwnClass, rows: OwnOldRows, limit: number): Promise<OwnFoundRows> {
    const found = await sql<OwnFoundRows>`
      WITH old AS (${oldRows(of, rows)} ORDER BY at, id LIMIT ${limit})${of === 'approval-notes' ? APPROVAL_TEXTS : sql``}, gone AS (${goingRows(of)})
      SELECT count(*)::int AS items, min(at) AS oldest FROM gone`.execute(unit.tx);
    return found.rows[0]!;
  }

  async reportFiles(unit: UnitOfWork, rows: OwnOldRows, limit: number): Promise<readonly string[]> {
    // A report that is being issued and shares a file is either seen below, or stores the file again after this unit.
    await sql`LOCK TABLE reports IN SHARE ROW EXCLUSIVE MODE`.execute(unit.tx);
    const found = await sql<{ digest: string }>`
      WITH old AS (${oldRows('reports', rows)} ORDER BY at, id LIMIT ${limit})
      SELECT DISTINCT file.value ->> 'digest' AS digest
      FROM old JOIN reports report ON report.id = old.id, jsonb_each(report.files) file
      WHERE NOT EXISTS (
        SELECT 1 FROM reports other, jsonb_each(other.files) its
        WHERE its.value ->> 'digest' = file.value ->> 'digest' AND other.id NOT IN (SELECT id FROM old))`.execute(
      unit.tx,
    );
    return found.rows.map(({ digest }) => digest);
  }

  async deleteInstallationNotes(unit: UnitOfWork, before: string, limit: number): Promise<number> {
    const gone = await sql`
      UPDATE audit_notes row SET reason = NULL, address = NULL
      WHERE row.entry_id IN (
        SELECT note.entry_id FROM audit_notes note JOIN audit_entries entry ON entry.entry_id = note.entry_id
        WHERE entry.project IS NULL AND entry.time < ${before}::timestamptz
          AND (note.reason IS NOT NULL OR note.address IS NOT NULL)
        LIMIT ${limit})`.execute(unit.tx);
    return Number(gone.numAffectedRows ?? 0);
  }
}

/** Texts of approvals stand in two tables. */
const APPROVAL_TEXTS = sql`,
  reasons AS (UPDATE approval_decisions row SET reason = NULL FROM old WHERE row.id = old.id RETURNING old.at),
  comments AS (UPDATE approval_comments row SET text = NULL FROM old WHERE row.id = old.id RETURNING old.at)`;

/** Ids of what is old, and since when. */
function oldRows(of: OwnClass, { project, before }: OwnOldRows): RawBuilder<unknown> {
  const moment = sql`${before}::timestamptz`;
  switch (of) {
    case 'held-decisions':
      // What still waits for a person, or was contested, is no longer needed only when it is decided.
      return sql`SELECT id, decided_at AS at FROM held_decisions
        WHERE project = ${project} AND state IN ('confirmed', 'overridden') AND decided_at < ${moment}`;
    case 'consents':
      // A consent in force is never old: it goes before its withdrawal does, oldest first.
      return sql`SELECT event.id, event.at FROM consent_events event
        WHERE event.project = ${project} AND event.at < ${moment} AND (
          SELECT last.state = 'withdrawn' AND last.at < ${moment} FROM consent_events last
          WHERE last.project = event.project AND last.pseudonym = event.pseudonym AND last.purpose = event.purpose
          ORDER BY last.at DESC, last.id DESC LIMIT 1)`;
    case 'audit-notes':
      return sql`SELECT note.entry_id AS id, entry.time AS at
        FROM audit_notes note JOIN audit_entries entry ON entry.entry_id = note.entry_id
        WHERE entry.project = ${project} AND entry.time < ${moment}
          AND (note.reason IS NOT NULL OR note.address IS NOT NULL)`;
    case 'request-notes':
      return sql`SELECT note.id, request.ended_at AS at
        FROM subject_request_notes note JOIN subject_requests request ON request.id = note.request_id
        WHERE request.project = ${project} AND request.ended_at < ${moment} AND note.text IS NOT NULL`;
    case 'approval-notes':
      // Reasons and comments of what is decided; who decided what and when stands.
      return sql`SELECT decision.id, request.decided_at AS at
        FROM approval_decisions decision JOIN approval_requests request ON request.id = decision.request_id
        WHERE request.project = ${project} AND request.decided_at < ${moment} AND decision.reason IS NOT NULL
        UNION ALL SELECT comment.id, request.decided_at
        FROM approval_comments comment JOIN approval_requests request ON request.id = comment.request_id
        WHERE request.project = ${project} AND request.decided_at < ${moment} AND comment.text IS NOT NULL`;
    case 'breach-notes':
      return sql`SELECT id, ended_at AS at FROM breaches
        WHERE project = ${project} AND ended_at < ${moment} AND (summary IS NOT NULL OR end_reason IS NOT NULL)`;
    case 'reports':
      return sql`SELECT id, issued_at AS at FROM reports WHERE project = ${project} AND issued_at < ${moment}`;
  }
}

/** Rows go; of notes only the text and the address do, so that who acted and when still stands. */
function goingRows(of: OwnClass): RawBuilder<unknown> {
  switch (of) {
    case 'held-decisions':
      return sql`DELETE FROM held_decisions row USING old WHERE row.id = old.id RETURNING old.at`;
    case 'consents':
      return sql`DELETE FROM consent_events row USING old WHERE row.id = old.id RETURNING old.at`;
    case 'audit-notes':
      return sql`UPDATE audit_notes row SET reason = NULL, address = NULL FROM old
        WHERE row.entry_id = old.id RETURNING old.at`;
    case 'request-notes':
      return sql`UPDATE subject_request_notes row SET text = NULL FROM old WHERE row.id = old.id RETURNING old.at`;
    case 'approval-notes':
      return sql`SELECT at FROM reasons UNION ALL SELECT at FROM comments`;
    case 'breach-notes':
      return sql`UPDATE breaches row SET summary = NULL, end_reason = NULL FROM old
        WHERE row.id = old.id RETURNING old.at`;
    case 'reports':
      return sql`DELETE FROM reports row USING old WHERE row.id = old.id RETURNING old.at`;
  }
}
