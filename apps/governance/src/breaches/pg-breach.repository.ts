import { Injectable } from '@nestjs/common';
import { Database, type UnitOfWork } from '@steward/database';
import { sql, type Selectable } from 'kysely';
import type { GovernanceTables } from '../governance-tables';
import { NOTIFY_WITHIN_MS, type AuditedExposure, type Breach, type BreachExposure } from './breach';
import { BreachRepository } from './breach.repository';

type Unit = UnitOfWork<GovernanceTables>;

/** Most subjects that are listed from audit entries. */
const MOST_SUBJECTS = 100_000;

@Injectable()
export class PgBreachRepository extends BreachRepository {
  constructor(private readonly database: Database<GovernanceTables>) {
    super();
  }

  async add(unit: Unit, breach: Breach): Promise<void> {
    const { id, project, summary, scope, awareAt, openedBy, openedAt, state, correlation } = breach;
    await unit.tx
      .insertInto('breaches')
      .values({
        id,
        project,
        summary,
        state,
        correlation,
        scope: JSON.stringify(scope),
        aware_at: awareAt,
        opened_by: openedBy,
        opened_at: openedAt,
        exposure: null,
        end_reason: null,
        ended_by: null,
        ended_at: null,
      })
      .execute();
  }

  async find(project: string, id: string): Promise<Breach | null> {
    const row = await this.database.kysely
      .selectFrom('breaches')
      .selectAll()
      .where('project', '=', project)
      .where('id', '=', id)
      .executeTakeFirst();
    return row ? toBreach(row) : null;
  }

  async lock(unit: Unit, id: string): Promise<Breach | null> {
    const row = await unit.tx
      .selectFrom('breaches')
      .selectAll()
      .where('id', '=', id)
      .forUpdate()
      .executeTakeFirst();
    return row ? toBreach(row) : null;
  }

  async list({ project, limit, after }: Parameters<BreachRepository['list']>[0]): Promise<Breach[]> {
    let query = this.database.kysely.selectFrom('breaches').selectAll().where('project', '=', project);
    if (after !== null) query = query.where('id', '<', after);
    return (await query.orderBy('id', 'desc').limit(limit).execute()).map(toBreach);
  }

  async expose(unit: Unit, id: string, exposure: BreachExposure): Promise<void> {
    await unit.tx
      .updateTable('breaches')
      .set({ exposure: JSON.stringify(exposure) })
      .where('id', '=', id)
      .execute();
  }

  async end(unit: Unit, { id, state, endedBy, endedAt, endReason }: Breach): Promise<void> {
    await unit.tx
      .updateTable('breaches')
      .set({ state, ended_by: endedBy, ended_at: endedAt, end_reason: endReason })
      .where('id', '=', id)
      .execute();
  }

  async holders(keys: readonly string[]): Promise<string[]> {
    if (keys.length === 0) return [];
    const rows = await this.database.kysely
      .selectFrom('api_keys')
      .select('principal_id')
      .where('id', 'in', [...keys])
      .execute();
    return rows.map((row) => row.principal_id);
  }

  async audited({ project, scope }: Breach): Promise<AuditedExposure> {
    let entries = this.database.kysely
      .selectFrom('audit_entries')
      .where('project', '=', project)
      .where('time', '>=', new Date(scope.from))
      .where('time', '<', new Date(scope.to));
    if (scope.principals.length > 0) entries = entries.where('actor', 'in', [...scope.principals]);
    const actions = await entries
      .select(({ fn }) => ['action', 'service', fn.countAll<number>().as('times')])
      .groupBy(['action', 'service'])
      .orderBy('action')
      .execute();
    const subjects = await entries
      .select('object_id')
      .distinct()
      .where('object_kind', '=', 'data-subject')
      .orderBy('object_id')
      .limit(MOST_SUBJECTS)
      .execute();
    return { actions, subjects: subjects.map((row) => row.object_id) };
  }

  async count(now: string): Promise<{ open: number; overdue: number }> {
    const before = new Date(Date.parse(now) - NOTIFY_WITHIN_MS);
    return this.database.kysely
      .selectFrom('breaches')
      .select(({ fn }) => [
        fn.countAll<number>().as('open'),
        sql<number>`count(*) FILTER (WHERE aware_at < ${before})::int`.as('overdue'),
      ])
      .where('state', '=', 'open')
      .executeTakeFirstOrThrow();
  }
}

function toBreach(row: Selectable<GovernanceTables['breaches']>): Breach {
  return {
    id: row.id,
    project: row.project,
    summary: row.summary,
    scope: row.scope,
    awareAt: row.aware_at.toISOString(),
    openedBy: row.opened_by,
    openedAt: row.opened_at.toISOString(),
    exposure: row.exposure,
    state: row.state,
    endedBy: row.ended_by,
    endedAt: row.ended_at?.toISOString() ?? null,
    endReason: row.end_reason,
    correlation: row.correlation,
  };
}
