import { Injectable } from '@nestjs/common';
import { Database, type UnitOfWork } from '@steward/database';
import { sql, type Kysely, type Selectable } from 'kysely';
import type { GovernanceTables } from '../governance-tables';
import { NO_POLICY, type RetentionPolicyVersion } from './retention-policy';
import { RetentionPolicyRepository, type LegalHold } from './retention.repository';

type Unit = UnitOfWork<GovernanceTables>;

@Injectable()
export class PgRetentionPolicyRepository extends RetentionPolicyRepository {
  constructor(private readonly database: Database<GovernanceTables>) {
    super();
  }

  async lock(unit: Unit, project: string): Promise<void> {
    await sql`SELECT pg_advisory_xact_lock(hashtextextended(${`retention ${project}`}, 0))`.execute(unit.tx);
  }

  async policy(project: string, unit?: Unit): Promise<RetentionPolicyVersion> {
    const row = await this.on(unit)
      .selectFrom('retention_policies')
      .selectAll()
      .where('project', '=', project)
      .orderBy('version', 'desc')
      .limit(1)
      .executeTakeFirst();
    if (!row) return { project, version: 0, policy: NO_POLICY, changedBy: null, changedAt: null };
    const { version, policy, changed_by: changedBy, changed_at: changedAt } = row;
    return { project, version, policy, changedBy, changedAt: changedAt.toISOString() };
  }

  async addPolicy(unit: Unit, added: Parameters<RetentionPolicyRepository['addPolicy']>[1]): Promise<void> {
    const { project, version, policy, changedBy, changedAt } = added;
    await unit.tx
      .insertInto('retention_policies')
      .values({
        project,
        version,
        policy: JSON.stringify(policy),
        changed_by: changedBy,
        changed_at: changedAt,
      })
      .execute();
  }

  async addHold(unit: Unit, hold: LegalHold): Promise<void> {
    await unit.tx
      .insertInto('legal_holds')
      .values({
        id: hold.id,
        project: hold.project,
        dataset: hold.dataset,
        class: hold.class,
        reason: hold.reason,
        until: hold.until,
        placed_by: hold.placedBy,
        placed_at: hold.placedAt,
        lifted_by: null,
        lifted_at: null,
        lift_reason: null,
      })
      .execute();
  }

  async hold(unit: Unit, project: string, id: string): Promise<LegalHold | null> {
    const row = await unit.tx
      .selectFrom('legal_holds')
      .selectAll()
      .where('project', '=', project)
      .where('id', '=', id)
      .forUpdate()
      .executeTakeFirst();
    return row ? toHold(row) : null;
  }

  async liftHold(
    unit: Unit,
    id: string,
    { by, at, reason }: { by: string; at: string; reason: string },
  ): Promise<void> {
    await unit.tx
      .updateTable('legal_holds')
      .set({ lifted_by: by, lifted_at: at, lift_reason: reason })
      .where('id', '=', id)
      .execute();
  }

  async holds(project: string, at: string | null, unit?: Unit): Promise<LegalHold[]> {
    let query = this.on(unit).selectFrom('legal_holds').selectAll().where('project', '=', project);
    if (at !== null)
      query = query
        .where('lifted_at', 'is', null)
        .where((where) => where.or([where('until', 'is', null), where('until', '>', new Date(at))]));
    return (await query.orderBy('id', 'desc').limit(1_000).execute()).map(toHold);
  }

  async projects(): Promise<string[]> {
    const { rows } = await sql<{ project: string }>`
      SELECT project FROM retention_policies
      UNION SELECT project FROM processing_entries WHERE kind = 'purpose' ORDER BY project`.execute(
      this.database.kysely,
    );
    return rows.map(({ project }) => project);
  }

  private on(unit: Unit | undefined): Kysely<GovernanceTables> {
    return unit?.tx ?? this.database.kysely;
  }
}

function toHold(row: Selectable<GovernanceTables['legal_holds']>): LegalHold {
  return {
    id: row.id,
    project: row.project,
    dataset: row.dataset,
    class: row.class,
    reason: row.reason,
    until: row.until?.toISOString() ?? null,
    placedBy: row.placed_by,
    placedAt: row.placed_at.toISOString(),
    liftedBy: row.lifted_by,
    liftedAt: row.lifted_at?.toISOString() ?? null,
    liftReason: row.lift_reason,
  };
}
