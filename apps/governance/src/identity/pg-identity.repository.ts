import { Injectable } from '@nestjs/common';
import { Database, type UnitOfWork } from '@steward/database';
import { newId } from '@steward/kernel';
import { sql, type Kysely, type Selectable } from 'kysely';
import type { GovernanceTables } from '../governance-tables';
import {
  IdentityRepository,
  LoginFailureRepository,
  type Colleague,
  type NewIdentity,
  type Page,
} from './identity.repository';
import type { LoginFailures } from './login-lock';
import type { Identity, RoleBinding } from './principal';

type Unit = UnitOfWork<GovernanceTables>;
type On = Kysely<GovernanceTables>;

@Injectable()
export class PgIdentityRepository extends IdentityRepository {
  constructor(private readonly database: Database<GovernanceTables>) {
    super();
  }

  async find(id: string, unit?: Unit): Promise<Identity | null> {
    const on: On = unit?.tx ?? this.database.kysely;
    const row = await on.selectFrom('principals').selectAll().where('id', '=', id).executeTakeFirst();
    return row ? ((await withRoles(on, [row]))[0] ?? null) : null;
  }

  async lock(unit: Unit, id: string): Promise<Identity | null> {
    await unit.tx.selectFrom('principals').select('id').where('id', '=', id).forUpdate().execute();
    return this.find(id, unit);
  }

  async findLogin(name: string): Promise<{ id: string; passwordHash: string } | null> {
    const row = await this.database.kysely
      .selectFrom('principals')
      .select(['id', 'password_hash'])
      .where(sql`lower(name)`, '=', name.toLowerCase())
      .where('kind', '=', 'person')
      .where('state', '=', 'active')
      .executeTakeFirst();
    return row?.password_hash ? { id: row.id, passwordHash: row.password_hash } : null;
  }

  async findByName(name: string): Promise<Identity | null> {
    const row = await this.database.kysely
      .selectFrom('principals')
      .selectAll()
      .where(sql`lower(name)`, '=', name.toLowerCase())
      .where('kind', '<>', 'service')
      .executeTakeFirst();
    return row ? ((await withRoles(this.database.kysely, [row]))[0] ?? null) : null;
  }

  async holders(): Promise<Pick<Identity, 'id' | 'name' | 'roles'>[]> {
    const rows = await this.database.kysely
      .selectFrom('principals')
      .selectAll()
      .where('kind', '<>', 'service')
      .orderBy('name')
      .execute();
    return withRoles(this.database.kysely, rows);
  }

  async list(kind: Identity['kind'], page: Page, project: string | null): Promise<Identity[]> {
    let wanted = this.database.kysely
      .selectFrom('principals')
      .selectAll()
      .where('kind', '=', kind)
      .where('id', '>', page.after ?? '');
    if (project !== null)
      wanted = wanted.where('id', 'in', (grants) =>
        grants
          .selectFrom('role_grants')
          .select('principal_id')
          .where('project', '=', project)
          .where('revoked_at', 'is', null),
      );
    const rows = await wanted.orderBy('id').limit(page.limit).execute();
    return withRoles(this.database.kysely, rows);
  }

  async people(project: string, { limit, after }: Page, search: string): Promise<Colleague[]> {
    const wanted = search.toLowerCase();
    const rows = await this.database.kysely
      .selectFrom('principals')
      .select(['id', 'name', 'display_name'])
      .where('kind', '=', 'person')
      .where('state', '=', 'active')
      .where('name', '>', after ?? '')
      .where('id', 'in', (grants) =>
        grants
          .selectFrom('role_grants')
          .select('principal_id')
          .where('revoked_at', 'is', null)
          .where((held) => held.or([held('project', '=', project), held('project', 'is', null)])),
      )
      .where((text) =>
        text.or([
          text(sql`position(${wanted} in lower(name))`, '>', 0),
          text(sql`position(${wanted} in lower(display_name))`, '>', 0),
        ]),
      )
      .orderBy('name')
      .limit(limit)
      .execute();
    return rows.map(({ id, name, display_name: displayName }) => ({ id, name, displayName }));
  }

  async add(unit: Unit, identity: NewIdentity): Promise<boolean> {
    const added = await unit.tx
      .insertInto('principals')
      .values({
        id: identity.id,
        kind: identity.kind,
        name: identity.name,
        display_name: identity.displayName,
        password_hash: identity.passwordHash,
        state: 'active',
        tokens_not_before: null,
        must_change_password: identity.mustChangePassword,
        created_by: identity.createdBy,
        created_at: identity.createdAt,
      })
      .onConflict((conflict) => conflict.doNothing())
      .returning('id')
      .executeTakeFirst();
    return added !== undefined;
  }

  async grant(
    unit: Unit,
    id: string,
    bindings: readonly RoleBinding[],
    by: string,
    at: string,
  ): Promise<void> {
    if (bindings.length === 0) return;
    await unit.tx
      .insertInto('role_grants')
      .values(
        bindings.map(({ role, project }) => ({
          id: newId(),
          principal_id: id,
          role,
          project,
          granted_by: by,
          granted_at: at,
          revoked_by: null,
          revoked_at: null,
        })),
      )
      .execute();
  }

  async revoke(
    unit: Unit,
    id: string,
    bindings: readonly RoleBinding[],
    by: string,
    at: string,
  ): Promise<void> {
    for (const { role, project } of bindings)
      await unit.tx
        .updateTable('role_grants')
        .set({ revoked_by: by, revoked_at: at })
        .where('principal_id', '=', id)
        .where('role', '=', role)
        .where('project', 'is not distinct from', project)
        .where('revoked_at', 'is', null)
        .execute();
  }

  async setState(
    unit: Unit,
    id: string,
    state: Identity['state'],
    tokensNotBefore: string | null,
  ): Promise<void> {
    await unit.tx
      .updateTable('principals')
      .set({ state, tokens_not_before: tokensNotBefore })
      .where('id', '=', id)
      .execute();
  }

  async setPassword(unit: Unit, id: string, passwordHash: string, tokensNotBefore: string): Promise<void> {
    await unit.tx
      .updateTable('principals')
      .set({ password_hash: passwordHash, tokens_not_before: tokensNotBefore, must_change_password: false })
      .where('id', '=', id)
      .execute();
  }

  async requirePasswordChange(unit: Unit, id: string): Promise<void> {
    await unit.tx
      .updateTable('principals')
      .set({ must_change_password: true })
      .where('id', '=', id)
      .execute();
  }

  async countHolders(unit: Unit, role: string): Promise<number> {
    const { count } = await unit.tx
      .selectFrom('role_grants')
      .innerJoin('principals', 'principals.id', 'role_grants.principal_id')
      .select(({ fn }) => fn.count<number>('role_grants.id').as('count'))
      .where('role', '=', role)
      .where('project', 'is', null)
      .where('revoked_at', 'is', null)
      .where('state', '=', 'active')
      .where('kind', '=', 'person')
      .executeTakeFirstOrThrow();
    return count;
  }
}

async function withRoles(
  on: On,
  rows: readonly Selectable<GovernanceTables['principals']>[],
): Promise<Identity[]> {
  if (rows.length === 0) return [];
  const grants = await on
    .selectFrom('role_grants')
    .select(['principal_id', 'role', 'project'])
    .where(
      'principal_id',
      'in',
      rows.map(({ id }) => id),
    )
    .where('revoked_at', 'is', null)
    .orderBy('role')
    .orderBy('project')
    .execute();
  return rows.map((row) => ({
    id: row.id,
    kind: row.kind,
    name: row.name,
    displayName: row.display_name,
    state: row.state,
    roles: grants
      .filter(({ principal_id }) => principal_id === row.id)
      .map(({ role, project }) => ({ role, project })),
    tokensNotBefore: row.tokens_not_before?.toISOString() ?? null,
    mustChangePassword: row.must_change_password,
    createdBy: row.created_by,
    createdAt: row.created_at.toISOString(),
  }));
}

@Injectable()
export class PgLoginFailureRepository extends LoginFailureRepository {
  constructor(private readonly database: Database<GovernanceTables>) {
    super();
  }

  async find(nameDigest: string): Promise<LoginFailures | null> {
    const row = await this.database.kysely
      .selectFrom('login_failures')
      .selectAll()
      .where('name_digest', '=', nameDigest)
      .executeTakeFirst();
    return row
      ? {
          failures: row.failures,
          lockedUntil: row.locked_until?.getTime() ?? null,
          changedAt: row.changed_at.getTime(),
        }
      : null;
  }

  async put(nameDigest: string, { failures, lockedUntil, changedAt }: LoginFailures): Promise<void> {
    const rest = {
      failures,
      locked_until: lockedUntil === null ? null : new Date(lockedUntil).toISOString(),
      changed_at: new Date(changedAt).toISOString(),
    };
    await this.database.kysely
      .insertInto('login_failures')
      .values({ name_digest: nameDigest, ...rest })
      .onConflict((conflict) => conflict.column('name_digest').doUpdateSet(rest))
      .execute();
    // Names that were tried long ago say nothing any more; the table must not grow with every guess for ever.
    await this.database.kysely
      .deleteFrom('login_failures')
      .where('changed_at', '<', new Date(changedAt - 24 * 60 * 60_000))
      .execute();
  }

  async clear(nameDigest: string): Promise<void> {
    await this.database.kysely.deleteFrom('login_failures').where('name_digest', '=', nameDigest).execute();
  }
}
