import { Injectable } from '@nestjs/common';
import type { CallLimits } from '@steward/contracts';
import { Database, type UnitOfWork } from '@steward/database';
import { sql, type Selectable } from 'kysely';
import type { GovernanceTables } from '../governance-tables';
import {
  ApiKeyRepository,
  ProjectRepository,
  type ApiKey,
  type Page,
  type Project,
} from './identity.repository';

type Unit = UnitOfWork<GovernanceTables>;

@Injectable()
export class PgProjectRepository extends ProjectRepository {
  constructor(private readonly database: Database<GovernanceTables>) {
    super();
  }

  async add(unit: Unit, project: Project): Promise<boolean> {
    const added = await unit.tx
      .insertInto('projects')
      .values({
        name: project.project,
        state: project.state,
        tags: [...project.tags],
        objects: JSON.stringify(project.objects),
        limits: limitsOf(project),
        created_by: project.createdBy,
        created_at: project.createdAt,
      })
      .onConflict((conflict) => conflict.doNothing())
      .returning('name')
      .executeTakeFirst();
    return added !== undefined;
  }

  async find(name: string): Promise<Project | null> {
    const row = await this.database.kysely
      .selectFrom('projects')
      .selectAll()
      .where('name', '=', name)
      .executeTakeFirst();
    return row ? toProject(row) : null;
  }

  async change(
    unit: Unit,
    name: string,
    { state, tags, objects, limits }: Partial<Pick<Project, 'state' | 'tags' | 'objects' | 'limits'>>,
  ): Promise<Project | null> {
    const row = await unit.tx
      .updateTable('projects')
      .set({
        name,
        ...(state ? { state } : {}),
        ...(tags ? { tags: [...tags] } : {}),
        ...(objects ? { objects: JSON.stringify(objects) } : {}),
        ...(limits === undefined ? {} : { limits: limitsOf({ limits }) }),
      })
      .where('name', '=', name)
      .returningAll()
      .executeTakeFirst();
    return row ? toProject(row) : null;
  }

  async lock(unit: Unit, name: string): Promise<Project | null> {
    const row = await unit.tx
      .selectFrom('projects')
      .selectAll()
      .where('name', '=', name)
      .forUpdate()
      .executeTakeFirst();
    return row ? toProject(row) : null;
  }

  async list(page: Page): Promise<Project[]> {
    const rows = await this.database.kysely
      .selectFrom('projects')
      .selectAll()
      .where('name', '>', page.after ?? '')
      .orderBy('name')
      .limit(page.limit)
      .execute();
    return rows.map(toProject);
  }
}

const limitsOf = ({ limits }: { readonly limits: CallLimits | null }): string | null =>
  limits === null ? null : JSON.stringify(limits);

const toProject = (row: Selectable<GovernanceTables['projects']>): Project => ({
  project: row.name,
  state: row.state,
  tags: row.tags,
  objects: row.objects,
  limits: row.limits,
  createdBy: row.created_by,
  createdAt: row.created_at.toISOString(),
});

@Injectable()
export class PgApiKeyRepository extends ApiKeyRepository {
  constructor(private readonly database: Database<GovernanceTables>) {
    super();
  }

  async add(unit: Unit, key: ApiKey): Promise<void> {
    await unit.tx
      .insertInto('api_keys')
      .values({
        id: key.id,
        secret_digest: key.secretDigest,
        principal_id: key.principalId,
        project: key.project,
        state: key.state,
        expires_at: key.expiresAt,
        scopes: key.scopes === null ? null : JSON.stringify(key.scopes),
        last_used_at: null,
        replaced_by: null,
        first_key_id: key.firstKeyId,
        limits: limitsOf(key),
        created_by: key.createdBy,
        created_at: key.createdAt,
      })
      .execute();
  }

  async find(id: string): Promise<ApiKey | null> {
    const row = await this.database.kysely
      .selectFrom('api_keys')
      .selectAll()
      .where('id', '=', id)
      .executeTakeFirst();
    return row ? toKey(row) : null;
  }

  async list(page: Page, principalId: string | null): Promise<ApiKey[]> {
    let query = this.database.kysely
      .selectFrom('api_keys')
      .selectAll()
      .where('id', '>', page.after ?? '');
    if (principalId !== null) query = query.where('principal_id', '=', principalId);
    return (await query.orderBy('id').limit(page.limit).execute()).map(toKey);
  }

  async lock(unit: Unit, id: string): Promise<ApiKey | null> {
    const row = await unit.tx
      .selectFrom('api_keys')
      .selectAll()
      .where('id', '=', id)
      .forUpdate()
      .executeTakeFirst();
    return row ? toKey(row) : null;
  }

  async replace(unit: Unit, id: string, by: string, expiresAt: string): Promise<void> {
    await unit.tx
      .updateTable('api_keys')
      .set({ replaced_by: by, expires_at: expiresAt })
      .where('id', '=', id)
      .execute();
  }

  async markUsed(
    unit: Unit,
    uses: readonly { readonly keyId: string; readonly at: string }[],
  ): Promise<void> {
    if (uses.length === 0) return;
    const ids = uses.map(({ keyId }) => keyId);
    const times = uses.map(({ at }) => at);
    await sql`
      UPDATE api_keys SET last_used_at = greatest(last_used_at, used.at)
      FROM unnest(${ids}::text[], ${times}::timestamptz[]) AS used (id, at)
      WHERE api_keys.id = used.id`.execute(unit.tx);
  }

  async revoke(unit: Unit, id: string): Promise<ApiKey | null> {
    const row = await unit.tx
      .updateTable('api_keys')
      .set({ state: 'revoked' })
      .where('id', '=', id)
      .where('state', '=', 'active')
      .returningAll()
      .executeTakeFirst();
    return row ? toKey(row) : null;
  }

  async limit(unit: Unit, id: string, limits: CallLimits | null): Promise<ApiKey | null> {
    const row = await unit.tx
      .updateTable('api_keys')
      .set({ limits: limitsOf({ limits }) })
      .where('id', '=', id)
      .where('state', '=', 'active')
      .returningAll()
      .executeTakeFirst();
    return row ? toKey(row) : null;
  }
}

const toKey = (row: Selectable<GovernanceTables['api_keys']>): ApiKey => ({
  id: row.id,
  secretDigest: row.secret_digest,
  principalId: row.principal_id,
  project: row.project,
  state: row.state,
  expiresAt: row.expires_at?.toISOString() ?? null,
  scopes: row.scopes,
  limits: row.limits,
  lastUsedAt: row.last_used_at?.toISOString() ?? null,
  replacedBy: row.replaced_by,
  firstKeyId: row.first_key_id,
  createdBy: row.created_by,
  createdAt: row.created_at.toISOString(),
});
