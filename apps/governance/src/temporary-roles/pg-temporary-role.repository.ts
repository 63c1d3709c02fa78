import { Injectable } from '@nestjs/common';
import { Database, type UnitOfWork } from '@steward/database';
import { newId } from '@steward/kernel';
import { sql, type Kysely } from 'kysely';
import type { GovernanceTables } from '../governance-tables';
import { TemporaryRoleRepository, type TemporaryRole } from './temporary-role.repository';

type Unit = UnitOfWork<GovernanceTables>;

@Injectable()
export class PgTemporaryRoleRepository extends TemporaryRoleRepository {
  constructor(private readonly database: Database<GovernanceTables>) {
    super();
  }

  async of(principal: string, at: string, unit?: Unit): Promise<TemporaryRole[]> {
    const on: Kysely<GovernanceTables> = unit?.tx ?? this.database.kysely;
    const rows = await on
      .selectFrom('temporary_roles')
      .selectAll()
      .where('principal_id', '=', principal)
      .where('until_at', '>', new Date(at))
      .orderBy('id')
      .execute();
    return rows.map(({ role, project, from_at: from, until_at: until }) => ({
      role,
      project,
      from: from.toISOString(),
      until: until.toISOString(),
    }));
  }

  async add(unit: Unit, principal: string, cause: string, roles: readonly TemporaryRole[]): Promise<void> {
    if (roles.length === 0) return;
    await unit.tx
      .insertInto('temporary_roles')
      .values(
        roles.map(({ role, project, from, until }) => ({
          id: newId(),
          principal_id: principal,
          role,
          project,
          from_at: from,
          until_at: until,
          cause,
        })),
      )
      .execute();
  }

  async end(unit: Unit, cause: string, at: string): Promise<void> {
    await unit.tx
      .updateTable('temporary_roles')
      .set({ until_at: sql<string>`least(until_at, ${at}::timestamptz)` })
      .where('cause', '=', cause)
      .execute();
  }
}
