import { Injectable } from '@nestjs/common';
import { Database, type UnitOfWork } from '@steward/database';
import { sql, type Kysely, type Transaction } from 'kysely';
import type { PolicySnapshot, PolicyState } from './policy';
import { PolicyStore, type PolicyChange } from './policy.store';
import type { PolicyTables } from './policy-tables';

/** {@link PolicyStore} on PostgreSQL, in the service's own schema. */
@Injectable()
export class PgPolicyStore extends PolicyStore {
  constructor(private readonly database: Database) {
    super();
  }

  private get kysely(): Kysely<PolicyTables> {
    return (this.database as Database<PolicyTables>).kysely;
  }

  async state(): Promise<PolicyState> {
    return readState(this.kysely);
  }

  async load(): Promise<PolicySnapshot> {
    const kysely = this.kysely;
    return kysely
      .transaction()
      .setIsolationLevel('repeatable read')
      .setAccessMode('read only')
      .execute(async (tx) => {
        const state = await readState(tx);
        const principals = await tx.selectFrom('access_principal').selectAll().execute();
        const apiKeys = await tx.selectFrom('access_api_key').selectAll().execute();
        const roles = await tx.selectFrom('access_role').selectAll().execute();
        const signingKeys = await tx.selectFrom('access_signing_key').selectAll().execute();
        const projects = await tx.selectFrom('access_project').selectAll().execute();
        const processing = await tx.selectFrom('access_processing').selectAll().execute();
        const decisions = await tx.selectFrom('access_decisions').selectAll().execute();
        const revoked = await tx
          .selectFrom('access_revoked_session')
          .select('id')
          .where('expires_at', '>', sql<Date>`now()`)
          .execute();
        return {
          ...state,
          principals: keyed(principals, (row) => [
            row.id,
            {
              id: row.id,
              kind: row.kind,
              active: row.active,
              roles: row.roles,
              tokensNotBefore: row.tokens_not_before?.getTime() ?? null,
            },
          ]),
          apiKeys: keyed(apiKeys, (row) => [
            row.id,
            {
              id: row.id,
              secretDigest: row.secret_digest,
              principalId: row.principal_id,
              active: row.active,
              expiresAt: row.expires_at?.getTime() ?? null,
              project: row.project,
              scopes: row.scopes,
              limits: row.limits,
              firstKeyId: row.first_key_id,
            },
          ]),
          roles: keyed(roles, (row) => [
            row.name,
            { name: row.name, version: Number(row.version), rules: row.rules },
          ]),
          signingKeys: keyed(signingKeys, (row) => [
            row.id,
            { id: row.id, publicKey: row.public_key, active: row.active },
          ]),
          projects: keyed(projects, (row) => [row.name, row]),
          processing: keyed(processing, (row) => [row.project, row.state]),
          decisions: keyed(decisions, (row) => [`${row.project}/${row.model}`, row.policy]),
          revokedSessions: new Set(revoked.map(({ id }) => id)),
        };
      });
  }

  async apply(unit: UnitOfWork, change: PolicyChange): Promise<void> {
    const tx = unit.tx as Transaction<PolicyTables>;
    await write(tx, change);
    await tx
      .updateTable('access_state')
      .set({ version: sql`version + 1` })
      .execute();
  }

  async heartbeat(unit: UnitOfWork, at: number, environment?: string): Promise<void> {
    const said = environment ?? null;
    await (unit.tx as Transaction<PolicyTables>)
      .updateTable('access_state')
      .set({
        heartbeat_at: sql`greatest(heartbeat_at, ${new Date(at)}::timestamptz)`,
        version: sql`version + CASE WHEN environment IS DISTINCT FROM coalesce(${said}::text, environment) THEN 1 ELSE 0 END`,
        environment: sql`coalesce(${said}::text, environment)`,
      })
      .execute();
  }
}

async function readState(kysely: Kysely<PolicyTables>): Promise<PolicyState> {
  const row = await kysely
    .selectFrom('access_state')
    .select(['version', 'heartbeat_at', 'environment'])
    .executeTakeFirstOrThrow();
  return {
    version: Number(row.version),
    heartbeatAt: row.heartbeat_at?.getTime() ?? null,
    environment: row.environment,
  };
}

function keyed<Row, Value>(rows: Row[], entry: (row: Row) => [string, Value]): ReadonlyMap<string, Value> {
  return new Map(rows.map(entry));
}

const moment = (millis: number | null): Date | null => (millis === null ? null : new Date(millis));

async function write(tx: Transaction<PolicyTables>, change: PolicyChange): Promise<void> {
  switch (change.kind) {
    case 'principal': {
      const { id, kind, active, roles, tokensNotBefore } = change.value;
      const rest = { kind, active, roles: JSON.stringify(roles), tokens_not_before: moment(tokensNotBefore) };
      await tx
        .insertInto('access_principal')
        .values({ id, ...rest })
        .onConflict((conflict) => conflict.column('id').doUpdateSet(rest))
        .execute();
      return;
    }
    case 'api-key': {
      const { id, secretDigest, principalId, active, expiresAt, project, scopes, limits, firstKeyId } =
        change.value;
      const rest = {
        secret_digest: secretDigest,
        principal_id: principalId,
        active,
        expires_at: moment(expiresAt),
        project,
        scopes: scopes === null ? null : JSON.stringify(scopes),
        limits: limits ? JSON.stringify(limits) : null,
        first_key_id: firstKeyId ?? null,
      };
      await tx
        .insertInto('access_api_key')
        .values({ id, ...rest })
        .onConflict((conflict) => conflict.column('id').doUpdateSet(rest))
        .execute();
      return;
    }
    case 'role': {
      const { name, version, rules } = change.value;
      const rest = { version, rules: JSON.stringify(rules) };
      await tx
        .insertInto('access_role')
        .values({ name, ...rest })
        .onConflict((conflict) =>
          conflict
            .column('name')
            .doUpdateSet(rest)
            .where('access_role.version', '<=', sql<string>`excluded.version`),
        )
        .execute();
      return;
    }
    case 'signing-key': {
      const { id, publicKey, active } = change.value;
      const rest = { public_key: publicKey, active };
      await tx
        .insertInto('access_signing_key')
        .values({ id, ...rest })
        .onConflict((conflict) => conflict.column('id').doUpdateSet(rest))
        .execute();
      return;
    }
    case 'processing': {
      const state = JSON.stringify(change.value);
      await tx
        .insertInto('access_processing')
        .values({ project: change.value.project, state })
        .onConflict((conflict) => conflict.column('project').doUpdateSet({ state }))
        .execute();
      return;
    }
    case 'decisions': {
      const { project, model } = change.value;
      const policy = JSON.stringify(change.value);
      await tx
        .insertInto('access_decisions')
        .values({ project, model, policy })
        .onConflict((conflict) => conflict.columns(['project', 'model']).doUpdateSet({ policy }))
        .execute();
      return;
    }
    case 'project': {
      const { name, active } = change.value;
      const tags = [...change.value.tags];
      const objects = JSON.stringify(change.value.objects ?? []);
      const limits = change.value.limits ? JSON.stringify(change.value.limits) : null;
      const row = { active, tags, objects, limits };
      await tx
        .insertInto('access_project')
        .values({ name, ...row })
        .onConflict((conflict) => conflict.column('name').doUpdateSet(row))
        .execute();
      return;
    }
    case 'revoked-session': {
      const { id, expiresAt } = change.value;
      await tx
        .insertInto('access_revoked_session')
        .values({ id, expires_at: new Date(expiresAt) })
        .onConflict((conflict) => conflict.column('id').doNothing())
        .execute();
      await tx
        .deleteFrom('access_revoked_session')
        .where('expires_at', '<', sql<Date>`now() - interval '1 day'`)
        .execute();
      return;
    }
  }
}
