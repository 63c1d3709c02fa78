import { Injectable } from '@nestjs/common';
import type { AuditEntry } from '@steward/contracts';
import { Database, type UnitOfWork } from '@steward/database';
import { Clock } from '@steward/kernel';
import { heldTable, type HeldTable, type RemainingPart } from '@steward/subjects';
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

  async eraseHeldDecisions(unit: UnitOfWork, project: string, pseudonym: string): Promise<number> {
    await sql`
      UPDATE held_decision_steps SET reason = NULL, answer = NULL
      WHERE decision_id IN (SELECT id FROM held_decisions WHERE project = ${project} AND pseudonym = ${pseudonym})
      `.execute(unit.tx);
    const result = await sql`
      UPDATE held_decisions SET pseudonym = NULL, prediction_id = 'erased-' || id
      WHERE project = ${project} AND pseudonym = ${pseudonym}`.execute(unit.tx);
    return Number(result.numAffectedRows ?? 0n);
  }

  async tables(project: string, pseudonym: string): Promise<HeldTable[]> {
    const consents = await sql<Record<string, string | number | null>>`
      SELECT purpose, state, text_version AS "textVersion", text_digest AS "textDigest",
        to_char(at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') AS at
      FROM consent_events WHERE project = ${project} AND pseudonym = ${pseudonym} ORDER BY consent_events.at, id
      `.execute(this.database.kysely);
    const held = await sql<Record<string, string | number | null>>`
      SELECT d.prediction_id || '/' || d.row AS prediction, d.model, d.version, d.proposed, d.because, d.state, d.label,
        to_char(d.held_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') AS "heldAt",
        to_char(d.decided_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') AS "decidedAt",
        (SELECT s.answer FROM held_decision_steps s WHERE s.decision_id = d.id AND s.answer IS NOT NULL
         ORDER BY s.id DESC LIMIT 1) AS answer
      FROM held_decisions d WHERE d.project = ${project} AND d.pseudonym = ${pseudonym} ORDER BY d.id
      `.execute(this.database.kysely);
    return [
      heldTable(
        { name: 'consents', description: 'What you agreed to, and what you took back.', origin: 'provided' },
        {
          purpose: 'For what.',
          state: 'Given or withdrawn.',
          textVersion: 'Version of the text that you saw.',
          textDigest: 'Digest of that text.',
          at: 'When (UTC).',
        },
        consents.rows,
      ),
      heldTable(
        {
          name: 'human-decisions',
          description: 'Decisions about you that waited for a person, and what the person decided.',
          origin: 'derived',
        },
        {
          prediction: 'Number of the decision.',
          model: 'The model that had been asked.',
          version: 'Its version.',
          proposed: 'What it would have decided.',
          because: 'Why a person decided instead.',
          state: 'How it stands.',
          label: 'What was decided.',
          heldAt: 'Since when it waited (UTC).',
          decidedAt: 'When it was decided (UTC).',
          answer: 'What you were told.',
        },
        held.rows,
      ),
    ];
  }

  async eraseTerms(unit: UnitOfWork, project: string, pseudonym: string): Promise<number> {
    const result = await sql`
      DELETE FROM subject_terms WHERE project = ${project} AND pseudonym = ${pseudonym}`.execute(unit.tx);
    return Number(result.numAffectedRows ?? 0n);
  }

  async remaining(unit: UnitOfWork, project: string, pseudonym: string): Promise<RemainingPart[]> {
    const { rows } = await sql<{ entries: number; requests: number; consents: number }>`
      SELECT (SELECT count(*)::int FROM audit_entries WHERE project = ${project} AND object_id = ${pseudonym}) AS entries,
        (SELECT count(*)::int FROM subject_requests WHERE project = ${project} AND pseudonym = ${pseudonym}) AS requests,
        (SELECT count(*)::int FROM consent_events WHERE project = ${project} AND pseudonym = ${pseudonym}) AS consents
      `.execute(unit.tx);
    const { entries = 0, requests = 0, consents = 0 } = rows[0] ?? {};
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
      ...(consents === 0
        ? []
        : [
            {
              store: 'consents',
              name: `${consents} events of consent`,
              why: 'Proof of consent (GDPR 7(1)) and legal claims (17(3)(e)), under the unlinked pseudonym.',
              until: null,
            },
          ]),
    ];
  }

  async entries(project: string, pseudonym: string, limit: number): Promise<AuditEntry[]> {
    const { rows } = await sql<{ content: Buffer }>`
      SELECT content FROM audit_entries WHERE project = ${project} AND object_id = ${pseudonym}
      ORDER BY index LIMIT ${limit}`.execute(this.database.kysely);
    return rows.map(({ content }) => JSON.parse(content.toString('utf8')) as AuditEntry);
  }
}
