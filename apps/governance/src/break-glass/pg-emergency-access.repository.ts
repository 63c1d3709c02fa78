import { Injectable } from '@nestjs/common';
import { Database, type UnitOfWork } from '@steward/database';
import { sql, type Selectable } from 'kysely';
import type { GovernanceTables } from '../governance-tables';
import type { EmergencyAccess } from './emergency-access';
import { EmergencyAccessRepository, type EmergencyPage } from './emergency-access.repository';

type Unit = UnitOfWork<GovernanceTables>;

@Injectable()
export class PgEmergencyAccessRepository extends EmergencyAccessRepository {
  constructor(private readonly database: Database<GovernanceTables>) {
    super();
  }

  async add(unit: Unit, access: EmergencyAccess): Promise<boolean> {
    const { id, project, person, role, reason, informed, startedAt, until, correlation } = access;
    const added = await unit.tx
      .insertInto('emergency_accesses')
      .values({
        id,
        project,
        person,
        role,
        reason,
        correlation,
        informed: [...informed],
        started_at: startedAt,
        until_at: until,
        ended_at: null,
        review_note: null,
        reviewed_by: null,
        reviewed_at: null,
        justified: null,
      })
      .onConflict((conflict) => conflict.doNothing())
      .returning('id')
      .executeTakeFirst();
    return added !== undefined;
  }

  async find(project: string, id: string): Promise<EmergencyAccess | null> {
    const row = await this.database.kysely
      .selectFrom('emergency_accesses')
      .selectAll()
      .where('project', '=', project)
      .where('id', '=', id)
      .executeTakeFirst();
    return row ? toAccess(row) : null;
  }

  async lock(unit: Unit, id: string): Promise<EmergencyAccess | null> {
    const row = await unit.tx
      .selectFrom('emergency_accesses')
      .selectAll()
      .where('id', '=', id)
      .forUpdate()
      .executeTakeFirst();
    return row ? toAccess(row) : null;
  }

  async list({ project, review, limit, after }: EmergencyPage): Promise<EmergencyAccess[]> {
    let query = this.database.kysely
      .selectFrom('emergency_accesses')
      .selectAll()
      .where('project', '=', project);
    if (review === 'open') query = query.where('reviewed_at', 'is', null);
    if (review === 'signed') query = query.where('reviewed_at', 'is not', null);
    if (after !== null) query = query.where('id', '<', after);
    return (await query.orderBy('id', 'desc').limit(limit).execute()).map(toAccess);
  }

  async concerning(person: string, limit: number): Promise<EmergencyAccess[]> {
    const rows = await this.database.kysely
      .selectFrom('emergency_accesses')
      .selectAll()
      .where((where) =>
        where.or([
          where.and([where('person', '=', person), where('ended_at', 'is', null)]),
          where.and([where('reviewed_at', 'is', null), sql<boolean>`${person} = ANY(informed)`]),
        ]),
      )
      .orderBy('id', 'desc')
      .limit(limit)
      .execute();
    return rows.map(toAccess);
  }

  async end(unit: Unit, id: string, at: string): Promise<void> {
    await unit.tx.updateTable('emergency_accesses').set({ ended_at: at }).where('id', '=', id).execute();
  }

  async review(
    unit: Unit,
    id: string,
    { by, at, justified, note }: Parameters<EmergencyAccessRepository['review']>[2],
  ): Promise<void> {
    await unit.tx
      .updateTable('emergency_accesses')
      .set({ reviewed_by: by, reviewed_at: at, justified, review_note: note })
      .where('id', '=', id)
      .execute();
  }

  async overdue(now: string): Promise<string[]> {
    const rows = await this.database.kysely
      .selectFrom('emergency_accesses')
      .select('id')
      .where('ended_at', 'is', null)
      .where('until_at', '<=', new Date(now))
      .limit(100)
      .execute();
    return rows.map(({ id }) => id);
  }

  async countUnsigned(): Promise<number> {
    const { count } = await this.database.kysely
      .selectFrom('emergency_accesses')
      .select(({ fn }) => fn.countAll<number>().as('count'))
      .where('reviewed_at', 'is', null)
      .executeTakeFirstOrThrow();
    return count;
  }

  async actionsOf({ person, startedAt, until, endedAt }: EmergencyAccess) {
    const rows = await this.database.kysely
      .selectFrom('audit_entries')
      .select(({ fn }) => ['action', fn.countAll<number>().as('times')])
      .where('actor', '=', person)
      .where('time', '>=', new Date(startedAt))
      .where('time', '<=', new Date(endedAt ?? until))
      .groupBy('action')
      .orderBy('action')
      .execute();
    return rows;
  }
}

function toAccess(row: Selectable<GovernanceTables['emergency_accesses']>): EmergencyAccess {
  return {
    id: row.id,
    project: row.project,
    person: row.person,
    role: row.role,
    reason: row.reason,
    informed: row.informed,
    startedAt: row.started_at.toISOString(),
    until: row.until_at.toISOString(),
    endedAt: row.ended_at?.toISOString() ?? null,
    reviewedBy: row.reviewed_by,
    reviewedAt: row.reviewed_at?.toISOString() ?? null,
    justified: row.justified,
    reviewNote: row.review_note,
    correlation: row.correlation,
  };
}
