import { Injectable } from '@nestjs/common';
import { Database, type UnitOfWork } from '@steward/database';
import { sql, type Kysely } from 'kysely';
import type { GovernanceTables } from '../governance-tables';
import { OidcLoginRepository, type GroupRole, type WrittenGroupRole } from './oidc-login.repository';
import type { PendingLogin } from './oidc-provider';

type Unit = UnitOfWork<GovernanceTables>;

@Injectable()
export class PgOidcLoginRepository extends OidcLoginRepository {
  constructor(private readonly database: Database<GovernanceTables>) {
    super();
  }

  async begin(stateDigest: string, login: PendingLogin, expiresAt: string): Promise<void> {
    const { kysely } = this.database;
    await kysely
      .deleteFrom('oidc_logins')
      .where('expires_at', '<', sql<Date>`now()`)
      .execute();
    await kysely
      .insertInto('oidc_logins')
      .values({
        state_digest: stateDigest,
        provider: login.provider,
        nonce: login.nonce,
        code_verifier: login.codeVerifier,
        browser_digest: login.browserDigest,
        return_to: login.returnTo,
        expires_at: expiresAt,
      })
      .execute();
  }

  async take(stateDigest: string, now: string): Promise<PendingLogin | null> {
    const row = await this.database.kysely
      .deleteFrom('oidc_logins')
      .where('state_digest', '=', stateDigest)
      .returningAll()
      .executeTakeFirst();
    if (!row || row.expires_at.toISOString() <= now) return null;
    return {
      provider: row.provider,
      nonce: row.nonce,
      codeVerifier: row.code_verifier,
      browserDigest: row.browser_digest,
      returnTo: row.return_to,
    };
  }

  async principalOf(unit: Unit, provider: string, subject: string): Promise<string | null> {
    // Two first logins of one person follow one another.
    const name = `oidc ${provider} ${subject}`;
    await sql`SELECT pg_advisory_xact_lock(hashtextextended(${name}, 0))`.execute(unit.tx);
    const row = await unit.tx
      .selectFrom('oidc_identities')
      .select('principal_id')
      .where('provider', '=', provider)
      .where('subject', '=', subject)
      .executeTakeFirst();
    return row?.principal_id ?? null;
  }

  async bind(unit: Unit, provider: string, subject: string, principalId: string): Promise<void> {
    await unit.tx
      .insertInto('oidc_identities')
      .values({ provider, subject, principal_id: principalId })
      .execute();
  }

  async groupRoles(provider: string, unit?: Unit): Promise<WrittenGroupRole[]> {
    const on: Kysely<GovernanceTables> = unit?.tx ?? this.database.kysely;
    const rows = await on
      .selectFrom('oidc_group_roles')
      .selectAll()
      .where('provider', '=', provider)
      .orderBy('group_name')
      .orderBy('role')
      .execute();
    return rows.map((row) => ({
      group: row.group_name,
      role: row.role,
      project: row.project,
      changedBy: row.changed_by,
      changedAt: row.changed_at.toISOString(),
    }));
  }

  async setGroupRoles(
    unit: Unit,
    provider: string,
    roles: readonly GroupRole[],
    by: string,
    at: string,
  ): Promise<void> {
    const before = new Map((await this.groupRoles(provider, unit)).map((line) => [keyOf(line), line]));
    await unit.tx.deleteFrom('oidc_group_roles').where('provider', '=', provider).execute();
    const lines = new Map(roles.map((line) => [keyOf(line), line]));
    if (lines.size === 0) return;
    const values = [...lines].map(([key, { group, role, project }]) => ({
      provider,
      group_name: group,
      role,
      project,
      changed_by: before.get(key)?.changedBy ?? by,
      changed_at: before.get(key)?.changedAt ?? at,
    }));
    await unit.tx.insertInto('oidc_group_roles').values(values).execute();
  }
}

const keyOf = ({ group, role, project }: GroupRole): string => JSON.stringify([group, role, project]);
