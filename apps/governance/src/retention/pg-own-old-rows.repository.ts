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
      WITH old AS (${oldRows(of, rows)} ORDER BY at, id LIMIT ${limit}), gone AS (${goingRows(of)})
      SELECT count(*)::int AS items, min(at) AS oldest FROM gone`.execute(unit.tx);
    return found.rows[0]!;
  }
}

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
  }
}
