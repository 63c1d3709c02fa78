import { Injectable } from '@nestjs/common';
import { Database, type UnitOfWork } from '@steward/database';
import { sql, type Selectable } from 'kysely';
import type { TrainingTables } from '../training-tables';
import type { RetrainRequest } from './retrain-request';
import { RetrainRepository } from './retrain.repository';

type Unit = UnitOfWork<TrainingTables>;

@Injectable()
export class PgRetrainRepository extends RetrainRepository {
  constructor(private readonly database: Database<TrainingTables>) {
    super();
  }

  async add(unit: Unit, request: RetrainRequest): Promise<RetrainRequest | null> {
    await advisoryLock(unit, `retrain of ${request.project}/${request.model}`);
    const open = await unit.tx
      .selectFrom('retrain_requests')
      .select('retrain_id')
      .where('project', '=', request.project)
      .where('model', '=', request.model)
      .where('state', 'in', ['waiting_for_outcomes', 'training'])
      .executeTakeFirst();
    const kept: RetrainRequest =
      open && open.retrain_id !== request.retrainId
        ? { ...request, state: 'declined', reason: 'TRAINING.RETRAIN_ALREADY_OPEN' }
        : request;
    const inserted = await unit.tx
      .insertInto('retrain_requests')
      .values(toRow(kept))
      .onConflict((conflict) => conflict.column('retrain_id').doNothing())
      .returning('retrain_id')
      .executeTakeFirst();
    return inserted ? kept : null;
  }

  async lockDataset(unit: Unit, project: string, dataset: string): Promise<void> {
    await advisoryLock(unit, `labelled rows of ${project}/${dataset}`);
  }

  async find(retrainId: string): Promise<RetrainRequest | null> {
    const row = await this.database.kysely
      .selectFrom('retrain_requests')
      .selectAll()
      .where('retrain_id', '=', retrainId)
      .executeTakeFirst();
    return row ? toRequest(row) : null;
  }

  async lock(unit: Unit, retrainId: string): Promise<RetrainRequest | null> {
    const row = await unit.tx
      .selectFrom('retrain_requests')
      .selectAll()
      .where('retrain_id', '=', retrainId)
      .forUpdate()
      .executeTakeFirst();
    return row ? toRequest(row) : null;
  }

  async declineWaiting(
    unit: Unit,
    of: { project: string; model: string },
    because: { reason: string; at: string },
  ): Promise<string | null> {
    const declined = await unit.tx
      .updateTable('retrain_requests')
      .set({ state: 'declined', reason: because.reason, changed_at: because.at })
      .where('project', '=', of.project)
      .where('model', '=', of.model)
      .where('state', '=', 'waiting_for_outcomes')
      .returning('retrain_id')
      .executeTakeFirst();
    return declined?.retrain_id ?? null;
  }

  async waitingIds(unit: Unit, project: string, dataset: string): Promise<string[]> {
    const rows = await unit.tx
      .selectFrom('retrain_requests')
      .select('retrain_id')
      .where('project', '=', project)
      .where('dataset', '=', dataset)
      .where('state', '=', 'waiting_for_outcomes')
      .execute();
    return rows.map((row) => row.retrain_id);
  }

  async list(project: string, page: { limit: number; after: string | null }): Promise<RetrainRequest[]> {
    let query = this.database.kysely
      .selectFrom('retrain_requests')
      .selectAll()
      .where('project', '=', project)
      .orderBy('retrain_id', 'desc')
      .limit(page.limit);
    if (page.after !== null) query = query.where('retrain_id', '<', page.after);
    return (await query.execute()).map(toRequest);
  }

  async change(unit: Unit, retrainId: string, change: Partial<RetrainRequest>): Promise<void> {
    await unit.tx
      .updateTable('retrain_requests')
      .set({
        ...(change.state !== undefined && { state: change.state }),
        ...(change.reason !== undefined && { reason: change.reason }),
        ...(change.runId !== undefined && { run_id: change.runId }),
        ...(change.labelledRows !== undefined && { labelled_rows: change.labelledRows }),
        ...(change.checkedVersion !== undefined && { checked_version: change.checkedVersion }),
        ...(change.changedAt !== undefined && { changed_at: change.changedAt }),
      })
      .where('retrain_id', '=', retrainId)
      .execute();
  }
}

async function advisoryLock(unit: Unit, name: string): Promise<void> {
  await sql`SELECT pg_advisory_xact_lock(hashtextextended(${name}, 0))`.execute(unit.tx);
}

function toRow(request: RetrainRequest) {
  return {
    retrain_id: request.retrainId,
    project: request.project,
    model: request.model,
    model_version: request.modelVersion,
    alert_id: request.alertId,
    dataset: request.dataset,
    window_id: request.windowId,
    window_rows: request.windowRows,
    members_digest: request.membersDigest,
    minimum_rows: request.minimumRows,
    state: request.state,
    reason: request.reason,
    actor: request.actor,
    correlation: request.correlation,
    requested_at: request.requestedAt,
    changed_at: request.changedAt,
  };
}

function toRequest(row: Selectable<TrainingTables['retrain_requests']>): RetrainRequest {
  return {
    retrainId: row.retrain_id,
    project: row.project,
    model: row.model,
    modelVersion: row.model_version,
    alertId: row.alert_id,
    dataset: row.dataset,
    windowId: row.window_id,
    windowRows: row.window_rows,
    membersDigest: row.members_digest,
    minimumRows: row.minimum_rows,
    labelledRows: row.labelled_rows,
    checkedVersion: row.checked_version,
    state: row.state,
    reason: row.reason,
    runId: row.run_id,
    actor: row.actor,
    correlation: row.correlation,
    requestedAt: row.requested_at.toISOString(),
    changedAt: row.changed_at.toISOString(),
  };
}
