import { Injectable } from '@nestjs/common';
import { Database, type UnitOfWork } from '@steward/database';
import { sql, type Kysely, type Selectable } from 'kysely';
import type { GovernanceTables } from '../governance-tables';
import { ConsentRepository, type ConsentEvent, type ConsentPage } from './consent.repository';

type Unit = UnitOfWork<GovernanceTables>;

@Injectable()
export class PgConsentRepository extends ConsentRepository {
  constructor(private readonly database: Database<GovernanceTables>) {
    super();
  }

  async lock(unit: Unit, project: string, pseudonym: string): Promise<void> {
    const name = `consent ${project}/${pseudonym}`;
    await sql`SELECT pg_advisory_xact_lock(hashtextextended(${name}, 0))`.execute(unit.tx);
  }

  async add(unit: Unit, event: ConsentEvent): Promise<void> {
    await unit.tx
      .insertInto('consent_events')
      .values({
        id: event.id,
        project: event.project,
        pseudonym: event.pseudonym,
        purpose: event.purpose,
        state: event.state,
        text_version: event.textVersion,
        text_digest: event.textDigest,
        at: event.at,
        recorded_at: event.recordedAt,
        recorded_by: event.recordedBy,
      })
      .execute();
  }

  async standing(project: string, pseudonym: string, unit?: Unit): Promise<ConsentEvent[]> {
    const on: Kysely<GovernanceTables> = unit?.tx ?? this.database.kysely;
    const rows = await on
      .selectFrom('consent_events')
      .selectAll()
      .distinctOn('purpose')
      .where('project', '=', project)
      .where('pseudonym', '=', pseudonym)
      .orderBy('purpose')
      .orderBy('at', 'desc')
      // Said at the same moment: the withdrawal counts.
      .orderBy('state', 'desc')
      .orderBy('id', 'desc')
      .execute();
    return rows.map(toEvent);
  }

  async list({ project, pseudonym, purpose, limit, after }: ConsentPage): Promise<ConsentEvent[]> {
    let query = this.database.kysely.selectFrom('consent_events').selectAll().where('project', '=', project);
    if (pseudonym !== null) query = query.where('pseudonym', '=', pseudonym);
    if (purpose !== null) query = query.where('purpose', '=', purpose);
    if (after !== null) query = query.where('id', '<', after);
    return (await query.orderBy('id', 'desc').limit(limit).execute()).map(toEvent);
  }
}

function toEvent(row: Selectable<GovernanceTables['consent_events']>): ConsentEvent {
  return {
    id: row.id,
    project: row.project,
    pseudonym: row.pseudonym,
    purpose: row.purpose,
    state: row.state,
    textVersion: row.text_version,
    textDigest: row.text_digest,
    at: row.at.toISOString(),
    recordedAt: row.recorded_at.toISOString(),
    recordedBy: row.recorded_by,
  };
}
