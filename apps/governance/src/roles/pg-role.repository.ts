import { Injectable } from '@nestjs/common';
import { Database, type UnitOfWork } from '@steward/database';
import { sql, type Kysely, type Selectable } from 'kysely';
import type { GovernanceTables } from '../governance-tables';
import type { RoleVersion } from './role';
import { RoleRepository } from './role.repository';

type Unit = UnitOfWork<GovernanceTables>;

@Injectable()
export class PgRoleRepository extends RoleRepository {
  constructor(private readonly database: Database<GovernanceTables>) {
    super();
  }

  async newest(unit?: Unit): Promise<RoleVersion[]> {
    const rows = await this.on(unit)
      .selectFrom('roles')
      .selectAll()
      .distinctOn('name')
      .orderBy('name')
      .orderBy('version', 'desc')
      .execute();
    return rows.map(toRole);
  }

  async find(role: string, unit?: Unit): Promise<RoleVersion | null> {
    const row = await this.on(unit)
      .selectFrom('roles')
      .selectAll()
      .where('name', '=', role)
      .orderBy('version', 'desc')
      .limit(1)
      .executeTakeFirst();
    return row ? toRole(row) : null;
  }

  async lock(unit: Unit): Promise<void> {
    await sql`SELECT pg_advisory_xact_lock(hashtextextended('governance roles', 0))`.execute(unit.tx);
  }

  async add(unit: Unit, role: RoleVersion): Promise<void> {
    await unit.tx
      .insertInto('roles')
      .values({
        name: role.role,
        version: role.version,
        state: role.state,
        description: role.description,
        rules: JSON.stringify(role.rules),
        changed_by: role.changedBy,
        changed_at: role.changedAt,
      })
      .execute();
  }

  async countGrants(unit: Unit, role: string): Promise<number> {
    const { count } = await unit.tx
      .selectFrom('role_grants')
      .select(({ fn }) => fn.count<number>('id').as('count'))
      .where('role', '=', role)
      .where('revoked_at', 'is', null)
      .executeTakeFirstOrThrow();
    return count;
  }

  async requiringTotp(unit?: Unit): Promise<ReadonlySet<string>> {
    const rows = await this.on(unit)
      .selectFrom('role_logins')
      .select('role')
      .where('requires_totp', '=', true)
      .execute();
    return new Set(rows.map(({ role }) => role));
  }

  async setRequiresTotp(unit: Unit, role: string, requires: boolean, by: string, at: string): Promise<void> {
    const rest = { requires_totp: requires, changed_by: by, changed_at: at };
    await unit.tx
      .insertInto('role_logins')
      .values({ role, ...rest })
      .onConflict((conflict) => conflict.column('role').doUpdateSet(rest))
      .execute();
  }

  private on(unit?: Unit): Kysely<GovernanceTables> {
    return unit?.tx ?? this.database.kysely;
  }
}

const toRole = (row: Selectable<GovernanceTables['roles']>): RoleVersion => ({
  role: row.name,
  version: row.version,
  state: row.state,
  description: row.description,
  rules: row.rules,
  changedBy: row.changed_by,
  changedAt: row.changed_at.toISOString(),
});
