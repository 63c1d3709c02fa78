import { Injectable } from '@nestjs/common';
import type { AuditEntry } from '@steward/contracts';
import { Database, type UnitOfWork } from '@steward/database';
import { Clock } from '@steward/kernel';
import type { RemainingPart } from '@steward/subjects';
import { sql } from 'kysely';
import { OwnSubjectData } from './own-subject-data';

const DAY_MS = 24 * 3600 * 1000;
/** Retention of the audit-note topics. */
const NOTE_DAYS = 30;

@Injectable()
export class PgOwnSubjectData extends OwnSubjectData {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
  ) {
    super();
  }

  async eraseAuditNotes(unit: UnitOfWork, project: string, pseudonym: string): Promise<number> {
    const result = await sql`
      UPDATE audit_notes SET reason = NULL
      WHERE reason IS NOT NULL AND entry_id IN (
        SELECT entry_id FROM audit_entries WHERE project = ${project} AND object_id = ${pseudonym})`.execute(
      unit.tx,
    );
    return Number(result.numAffectedRows ?? 0n);
  }

  async eraseTerms(unit: UnitOfWork, project: string, pseudonym: string): Promise<number> {
    const result = await sql`
      DELETE FROM subject_terms WHERE project = ${project} AND pseudonym = ${pseudonym}`.execute(unit.tx);
    return Number(result.numAffectedRows ?? 0n);
  }

  async remaining(unit: UnitOfWork, project: string, pseudonym: string): Promise<RemainingPart[]> {
    const { rows } = await sql<{ entries: number; requests: number }>`
      SELECT (SELECT count(*)::int FROM audit_entries WHERE project = ${project} AND object_id = ${pseudonym}) AS entries,
        (SELECT count(*)::int FROM subject_requests WHERE project = ${project} AND pseudonym = ${pseudonym}) AS requests
      `.execute(unit.tx);
    const { entries = 0, requests = 0 } = rows[0] ?? {};
    return [
      {
        store: 'audit-log',
        name: `${entries} entries that name the pseudonym`,
        why: 'The log proves that the erasure was carried out; it is append-only and holds no other personal data.',
        until: null,
      },
      {
        store: 'audit-notes-topic',
        name: 'steward.*.audit-note.v1',
        why: 'Reasons that were once given with an audited act stay on their topics until retention ends.',
        until: new Date(this.clock.now() + NOTE_DAYS * DAY_MS).toISOString(),
      },
      {
        store: 'subject-requests',
        name: `${requests} requests with kind, dates and outcome, without their texts`,
        why: 'Accountability (GDPR 5(2)): that, when and how the subject was answered.',
        until: null,
      },
    ];
  }

  async entries(project: string, pseudonym: string, limit: number): Promise<AuditEntry[]> {
    const { rows } = await sql<{ content: Buffer }>`
      SELECT content FROM audit_entries WHERE project = ${project} AND object_id = ${pseudonym}
      ORDER BY index LIMIT ${limit}`.execute(this.database.kysely);
    return rows.map(({ content }) => JSON.parse(content.toString('utf8')) as AuditEntry);
  }
}
