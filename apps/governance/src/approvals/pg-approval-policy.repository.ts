import { Injectable } from '@nestjs/common';
import { Database, type UnitOfWork } from '@steward/database';
import { sql, type Kysely, type Selectable } from 'kysely';
import type { GovernanceTables } from '../governance-tables';
import { AccountRepository, ApprovalPolicyRepository } from './approval.repository';
import { ANY_ENVIRONMENT, DEFAULT_POLICY, type PolicyVersion } from './approval-policy';
import type { Account, Grant, PolicyChange } from './four-eyes';

type Unit = UnitOfWork<GovernanceTables>;
type On = Kysely<GovernanceTables>;

@Injectable()
export class PgApprovalPolicyRepository extends ApprovalPolicyRepository {
  constructor(private readonly database: Database<GovernanceTables>) {
    super();
  }

  async current(project: string, alias: string, environment: string, unit?: Unit): Promise<PolicyVersion> {
    const on: On = unit?.tx ?? this.database.kysely;
    const row = await on
      .selectFrom('approval_policies')
      .selectAll()
      .where('project', '=', project)
      .where('alias', '=', alias)
      .where('environment', '=', environment)
      .orderBy('version', 'desc')
      .limit(1)
      .executeTakeFirst();
    if (row) return versionOf(row);
    const nobody = { changedBy: null, changedAt: null };
    return { project, alias, environment, version: 0, policy: DEFAULT_POLICY, ...nobody };
  }

  async all(project: string): Promise<PolicyVersion[]> {
    const rows = await this.database.kysely
      .selectFrom('approval_policies')
      .selectAll()
      .distinctOn(['alias', 'environment'])
      .where('project', '=', project)
      .orderBy('alias')
      .orderBy('environment')
      .orderBy('version', 'desc')
      .execute();
    return rows.map(versionOf);
  }

  async holding(project: string, alias: string, environment: string, unit?: Unit): Promise<PolicyVersion> {
    const own = await this.current(project, alias, environment, unit);
    return own.version > 0 ? own : this.current(project, alias, ANY_ENVIRONMENT, unit);
  }

  async lockCurrent(unit: Unit, project: string, alias: string, environment: string): Promise<PolicyVersion> {
    // The first version has no row yet that could be locked.
    const name = `policy ${project}/${alias}/${environment}`;
    await sql`SELECT pg_advisory_xact_lock(hashtextextended(${name}, 0))`.execute(unit.tx);
    return this.current(project, alias, environment, unit);
  }

  async add(
    unit: Unit,
    {
      project,
      alias,
      environment,
      version,
      policy,
      changedBy,
      changedAt,
    }: Parameters<ApprovalPolicyRepository['add']>[1],
  ): Promise<void> {
    await unit.tx
      .insertInto('approval_policies')
      .values({
        project,
        alias,
        environment,
        version,
        policy: JSON.stringify(policy),
        changed_by: changedBy,
        changed_at: changedAt,
      })
      .execute();
  }

  async changes(project: string, alias: string, environment: string, unit?: Unit): Promise<PolicyChange[]> {
    const on: On = unit?.tx ?? this.database.kysely;
    const rows = await on
      .selectFrom('approval_policies')
      .select(['changed_by', 'changed_at'])
      .where('project', '=', project)
      .where('alias', '=', alias)
      // Who wrote a policy for this environment alone took it from under the general one, and the other way round.
      .where('environment', 'in', [environment, ANY_ENVIRONMENT])
      .orderBy('changed_at')
      .execute();
    return rows.map((row) => ({ person: row.changed_by, at: row.changed_at.toISOString() }));
  }
}

function versionOf(row: Selectable<GovernanceTables['approval_policies']>): PolicyVersion {
  const { project, alias, environment, version, changed_by: changedBy, changed_at: changedAt } = row;
  // Versions from before a setting existed say nothing of it: then the default holds.
  const policy = { ...DEFAULT_POLICY, ...row.policy };
  return { project, alias, environment, version, policy, changedBy, changedAt: changedAt.toISOString() };
}

@Injectable()
export class PgAccountRepository extends AccountRepository {
  constructor(private readonly database: Database<GovernanceTables>) {
    super();
  }

  async all(unit?: Unit): Promise<ReadonlyMap<string, Account>> {
    const on: On = unit?.tx ?? this.database.kysely;
    const grants = new Map<string, Grant[]>();
    for (const row of await on.selectFrom('role_grants').selectAll().execute()) {
      const held = grants.get(row.principal_id) ?? [];
      held.push({
        role: row.role,
        project: row.project,
        grantedBy: row.granted_by,
        grantedAt: row.granted_at.toISOString(),
        revokedAt: row.revoked_at?.toISOString() ?? null,
      });
      grants.set(row.principal_id, held);
    }
    const rows = await on
      .selectFrom('principals')
      .select(['id', 'kind', 'state', 'created_by', 'created_at'])
      .execute();
    return new Map(
      rows.map((row) => [
        row.id,
        {
          id: row.id,
          kind: row.kind,
          active: row.state === 'active',
          createdBy: row.created_by,
          createdAt: row.created_at.toISOString(),
          grants: grants.get(row.id) ?? [],
        },
      ]),
    );
  }
}
