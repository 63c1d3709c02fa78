import { Injectable } from '@nestjs/common';
import type { RetentionMode } from '@steward/contracts';
import { Database, type UnitOfWork } from '@steward/database';
import { sql, type Kysely, type Selectable } from 'kysely';
import type { GovernanceTables } from '../governance-tables';
import type { RetentionRun, RetentionStep } from './retention-run';
import { RetentionRunRepository } from './retention.repository';

type Unit = UnitOfWork<GovernanceTables>;

@Injectable()
export class PgRetentionRunRepository extends RetentionRunRepository {
  constructor(private readonly database: Database<GovernanceTables>) {
    super();
  }

  async add(unit: Unit, run: RetentionRun): Promise<boolean> {
    const added = await unit.tx
      .insertInto('retention_runs')
      .values({
        id: run.id,
        project: run.project,
        origin: run.origin,
        unattended: run.unattended,
        state: run.state,
        orders: JSON.stringify(run.orders),
        held: JSON.stringify(run.held),
        policy_version: run.policyVersion,
        policy_by: run.policyBy,
        opened_by: run.openedBy,
        opened_at: run.openedAt,
        counts: null,
        counted_at: null,
        confirmed_by: null,
        confirmed_at: null,
        deleted_items: null,
        evidence: null,
        ended_by: null,
        ended_at: null,
        correlation: run.correlation,
      })
      .onConflict((conflict) => conflict.doNothing())
      .returning('id')
      .executeTakeFirst();
    return added !== undefined;
  }

  async find(project: string, id: string): Promise<RetentionRun | null> {
    const row = await this.database.kysely
      .selectFrom('retention_runs')
      .selectAll()
      .where('project', '=', project)
      .where('id', '=', id)
      .executeTakeFirst();
    return row ? toRun(row) : null;
  }

  async lock(unit: Unit, id: string): Promise<RetentionRun | null> {
    const row = await unit.tx
      .selectFrom('retention_runs')
      .selectAll()
      .where('id', '=', id)
      .forUpdate()
      .executeTakeFirst();
    return row ? toRun(row) : null;
  }

  async change(unit: Unit, id: string, to: Partial<RetentionRun>): Promise<void> {
    await unit.tx
      .updateTable('retention_runs')
      .set({
        ...(to.state && { state: to.state }),
        ...(to.held && { held: JSON.stringify(to.held) }),
        ...(to.counts && { counts: JSON.stringify(to.counts) }),
        ...(to.countedAt && { counted_at: to.countedAt }),
        ...(to.confirmedBy && { confirmed_by: to.confirmedBy }),
        ...(to.confirmedAt && { confirmed_at: to.confirmedAt }),
        ...(to.deletedItems !== undefined && { deleted_items: to.deletedItems }),
        ...(to.evidence && { evidence: to.evidence }),
        ...(to.endedBy && { ended_by: to.endedBy }),
        ...(to.endedAt && { ended_at: to.endedAt }),
      })
      .where('id', '=', id)
      .execute();
  }

  async list(project: string, page: { limit: number; after: string | null }): Promise<RetentionRun[]> {
    let query = this.database.kysely.selectFrom('retention_runs').selectAll().where('project', '=', project);
    if (page.after !== null) query = query.where('id', '<', page.after);
    return (await query.orderBy('id', 'desc').limit(page.limit).execute()).map(toRun);
  }

  async waiting(): Promise<RetentionRun[]> {
    const rows = await this.database.kysely
      .selectFrom('retention_runs')
      .selectAll()
      .where('state', '=', 'counted')
      .orderBy('id')
      .execute();
    return rows.map(toRun);
  }

  async answered(): Promise<RetentionRun[]> {
    const rows = await this.database.kysely
      .selectFrom('retention_runs')
      .selectAll()
      .where('state', 'in', ['counting', 'deleting'])
      .where(
        sql<boolean>`NOT EXISTS (SELECT 1 FROM retention_steps step WHERE step.run_id = retention_runs.id
          AND step.answered_at IS NULL)`,
      )
      .orderBy('id')
      .execute();
    return rows.map(toRun);
  }

  async lastScheduled(project: string, unattended: boolean, unit?: Unit): Promise<RetentionRun | null> {
    const on: Kysely<GovernanceTables> = unit?.tx ?? this.database.kysely;
    const row = await on
      .selectFrom('retention_runs')
      .selectAll()
      .where('project', '=', project)
      .where('origin', '=', 'schedule')
      .where('unattended', '=', unattended)
      .orderBy('id', 'desc')
      .limit(1)
      .executeTakeFirst();
    return row ? toRun(row) : null;
  }

  async addSteps(unit: Unit, id: string, mode: RetentionMode, services: readonly string[]): Promise<void> {
    await unit.tx
      .insertInto('retention_steps')
      .values(
        services.map((service) => ({
          run_id: id,
          mode,
          service,
          report_digest: null,
          items: null,
          held: null,
          answered_at: null,
        })),
      )
      .execute();
  }

  async finishStep(
    unit: Unit,
    id: string,
    step: RetentionStep & { readonly reportDigest: string },
  ): Promise<boolean> {
    const result = await unit.tx
      .updateTable('retention_steps')
      .set({
        report_digest: step.reportDigest,
        items: step.items,
        held: step.held,
        answered_at: step.answeredAt,
      })
      .where('run_id', '=', id)
      .where('mode', '=', step.mode)
      .where('service', '=', step.service)
      .where('answered_at', 'is', null)
      .executeTakeFirst();
    return result.numUpdatedRows > 0n;
  }

  async steps(id: string): Promise<RetentionStep[]> {
    const rows = await this.database.kysely
      .selectFrom('retention_steps')
      .selectAll()
      .where('run_id', '=', id)
      .orderBy('mode')
      .orderBy('service')
      .execute();
    return rows.map((row) => ({
      mode: row.mode,
      service: row.service,
      reportDigest: row.report_digest,
      items: row.items,
      held: row.held,
      answeredAt: row.answered_at?.toISOString() ?? null,
    }));
  }
}

function toRun(row: Selectable<GovernanceTables['retention_runs']>): RetentionRun {
  return {
    id: row.id,
    project: row.project,
    origin: row.origin,
    unattended: row.unattended,
    state: row.state,
    orders: row.orders,
    held: row.held,
    policyVersion: row.policy_version,
    policyBy: row.policy_by,
    openedBy: row.opened_by,
    openedAt: row.opened_at.toISOString(),
    counts: row.counts,
    countedAt: row.counted_at?.toISOString() ?? null,
    confirmedBy: row.confirmed_by,
    confirmedAt: row.confirmed_at?.toISOString() ?? null,
    deletedItems: row.deleted_items,
    evidence: row.evidence,
    endedBy: row.ended_by,
    endedAt: row.ended_at?.toISOString() ?? null,
    correlation: row.correlation,
  };
}
