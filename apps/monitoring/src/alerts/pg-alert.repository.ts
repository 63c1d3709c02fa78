import { Injectable } from '@nestjs/common';
import { Database, type UnitOfWork } from '@steward/database';
import type { Selectable } from 'kysely';
import { tables, type MonitoringTables } from '../monitoring-tables';
import type { AlertKind } from '../windows/judge-window';
import { AlertRepository, type Alert } from './alert.repository';

@Injectable()
export class PgAlertRepository extends AlertRepository {
  constructor(private readonly database: Database<MonitoringTables>) {
    super();
  }

  async openOf(unit: UnitOfWork, project: string, monitor: string, kind: AlertKind): Promise<Alert | null> {
    const row = await tables(unit)
      .selectFrom('alert')
      .selectAll()
      .where('project', '=', project)
      .where('monitor', '=', monitor)
      .where('kind', '=', kind)
      .where('state', '=', 'open')
      .forUpdate()
      .executeTakeFirst();
    return row ? alert(row) : null;
  }

  async raise(unit: UnitOfWork, raised: Parameters<AlertRepository['raise']>[1]): Promise<void> {
    await tables(unit)
      .insertInto('alert')
      .values({
        id: raised.id,
        project: raised.project,
        monitor: raised.monitor,
        kind: raised.kind,
        model: raised.model,
        model_version: raised.modelVersion,
        window_id: raised.windowId,
        last_window_id: raised.lastWindowId,
        columns: JSON.stringify(raised.columns),
        state: 'open',
        correlation: raised.correlation,
      })
      .execute();
  }

  async repeat(unit: UnitOfWork, id: string, windowId: string, columns: readonly string[]): Promise<void> {
    await tables(unit)
      .updateTable('alert')
      .set({ last_window_id: windowId, columns: JSON.stringify(columns) })
      .where('id', '=', id)
      .execute();
  }

  async resolve(unit: UnitOfWork, id: string, windowId: string): Promise<void> {
    await tables(unit)
      .updateTable('alert')
      .set({ state: 'resolved', resolved_at: new Date(), resolved_window_id: windowId })
      .where('id', '=', id)
      .execute();
  }

  async findForChange(unit: UnitOfWork, project: string, id: string): Promise<Alert | null> {
    const row = await tables(unit)
      .selectFrom('alert')
      .selectAll()
      .where('id', '=', id)
      .where('project', '=', project)
      .forUpdate()
      .executeTakeFirst();
    return row ? alert(row) : null;
  }

  async acknowledge(unit: UnitOfWork, id: string, person: string): Promise<void> {
    await tables(unit).updateTable('alert').set({ acknowledged_by: person }).where('id', '=', id).execute();
  }

  async list(
    project: string,
    page: { state?: 'open' | 'resolved'; before?: string; limit: number },
  ): Promise<Alert[]> {
    let query = this.database.kysely.selectFrom('alert').selectAll().where('project', '=', project);
    if (page.state !== undefined) query = query.where('state', '=', page.state);
    if (page.before !== undefined) query = query.where('id', '<', page.before);
    return (await query.orderBy('id', 'desc').limit(page.limit).execute()).map(alert);
  }

  async countOpen(): Promise<{ project: string; monitor: string; kind: AlertKind }[]> {
    return this.database.kysely
      .selectFrom('alert')
      .select(['project', 'monitor', 'kind'])
      .where('state', '=', 'open')
      .execute();
  }

  async lastRetrainRequest(
    unit: UnitOfWork,
    project: string,
    model: string,
  ): Promise<{ open: boolean; at: Date } | null> {
    const row = await tables(unit)
      .selectFrom('retrain_request')
      .select(['state', 'requested_at', 'closed_at'])
      .where('project', '=', project)
      .where('model', '=', model)
      .orderBy('requested_at', 'desc')
      .limit(1)
      .executeTakeFirst();
    return row ? { open: row.state === 'open', at: row.closed_at ?? row.requested_at } : null;
  }

  async requestRetraining(
    unit: UnitOfWork,
    request: Parameters<AlertRepository['requestRetraining']>[1],
  ): Promise<boolean> {
    const inserted = await tables(unit)
      .insertInto('retrain_request')
      .values({
        id: request.id,
        project: request.project,
        model: request.model,
        alert_id: request.alertId,
        window_id: request.windowId,
        state: 'open',
      })
      .onConflict((conflict) => conflict.doNothing())
      .executeTakeFirst();
    return (inserted.numInsertedOrUpdatedRows ?? 0n) > 0n;
  }

  async closeRetrainRequests(
    unit: UnitOfWork,
    project: string,
    model: string,
    state: 'answered' | 'failed',
  ): Promise<void> {
    await tables(unit)
      .updateTable('retrain_request')
      .set({ state, closed_at: new Date() })
      .where('project', '=', project)
      .where('model', '=', model)
      .where('state', '=', 'open')
      .execute();
  }

  async noteApproval(
    unit: UnitOfWork,
    requestId: string,
    known: { retrainId: string } | { ended: true },
  ): Promise<string | null> {
    const values = 'ended' in known ? { ended: true } : { retrain_id: known.retrainId };
    const row = await tables(unit)
      .insertInto('retraining_approval')
      .values({ request_id: requestId, ...values })
      .onConflict((conflict) => conflict.column('request_id').doUpdateSet(values))
      .returning(['retrain_id', 'ended'])
      .executeTakeFirstOrThrow();
    return row.ended ? row.retrain_id : null;
  }

  async pruneApprovals(before: Date): Promise<void> {
    await this.database.kysely
      .deleteFrom('retraining_approval')
      .where('received_at', '<', before)
      .where((row) => row.or([row('ended', '=', true), row('retrain_id', 'is', null)]))
      .execute();
  }

  async closeRetrainRequest(unit: UnitOfWork, id: string, state: 'answered' | 'failed'): Promise<void> {
    await tables(unit)
      .updateTable('retrain_request')
      .set({ state, closed_at: new Date() })
      .where('id', '=', id)
      .where('state', '=', 'open')
      .execute();
  }
}

function alert(row: Selectable<MonitoringTables['alert']>): Alert {
  return {
    id: row.id,
    project: row.project,
    monitor: row.monitor,
    kind: row.kind,
    model: row.model,
    modelVersion: row.model_version,
    windowId: row.window_id,
    lastWindowId: row.last_window_id,
    columns: row.columns,
    state: row.state,
    raisedAt: row.raised_at.toISOString(),
    resolvedAt: row.resolved_at?.toISOString() ?? null,
    resolvedWindowId: row.resolved_window_id,
    acknowledgedBy: row.acknowledged_by,
    correlation: row.correlation,
  };
}
