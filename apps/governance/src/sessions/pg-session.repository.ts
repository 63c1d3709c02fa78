import { Injectable } from '@nestjs/common';
import { Database, type UnitOfWork } from '@steward/database';
import { sql, type Selectable } from 'kysely';
import type { GovernanceTables } from '../governance-tables';
import { SessionRepository, type Session, type SessionQuery } from './session.repository';

type Unit = UnitOfWork<GovernanceTables>;

@Injectable()
export class PgSessionRepository extends SessionRepository {
  constructor(private readonly database: Database<GovernanceTables>) {
    super();
  }

  async add(unit: Unit, session: Session): Promise<void> {
    await unit.tx
      .insertInto('sessions')
      .values({
        id: session.id,
        principal_id: session.principalId,
        kind: session.kind,
        created_at: session.createdAt,
        expires_at: session.expiresAt,
        ended_at: null,
        ended_by: null,
        address: session.address,
        user_agent: session.userAgent,
      })
      .execute();
    await unit.tx
      .deleteFrom('sessions')
      .where('expires_at', '<', sql<Date>`${session.createdAt}::timestamptz - interval '1 day'`)
      .execute();
  }

  async find(id: string, now: string): Promise<Session | null> {
    const row = await this.holding(now).where('id', '=', id).executeTakeFirst();
    return row ? toSession(row) : null;
  }

  async list({ principalId, limit, after }: SessionQuery, now: string): Promise<Session[]> {
    let query = this.holding(now).where('id', '>', after ?? '');
    if (principalId !== null) query = query.where('principal_id', '=', principalId);
    return (await query.orderBy('id').limit(limit).execute()).map(toSession);
  }

  async end(unit: Unit, id: string, by: string, at: string): Promise<Session | null> {
    const row = await unit.tx
      .updateTable('sessions')
      .set({ ended_at: at, ended_by: by })
      .where('id', '=', id)
      .where('ended_at', 'is', null)
      .where('expires_at', '>', new Date(at))
      .returningAll()
      .executeTakeFirst();
    return row ? toSession(row) : null;
  }

  async endAll(unit: Unit, principalId: string, by: string, at: string): Promise<void> {
    await unit.tx
      .updateTable('sessions')
      .set({ ended_at: at, ended_by: by })
      .where('principal_id', '=', principalId)
      .where('ended_at', 'is', null)
      .execute();
  }

  private holding(now: string) {
    return this.database.kysely
      .selectFrom('sessions')
      .selectAll()
      .where('ended_at', 'is', null)
      .where('expires_at', '>', new Date(now));
  }
}

const toSession = (row: Selectable<GovernanceTables['sessions']>): Session => ({
  id: row.id,
  principalId: row.principal_id,
  kind: row.kind,
  createdAt: row.created_at.toISOString(),
  expiresAt: row.expires_at.toISOString(),
  address: row.address,
  userAgent: row.user_agent,
});
