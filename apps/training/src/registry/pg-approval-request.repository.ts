import { Injectable } from '@nestjs/common';
import type { UnitOfWork } from '@steward/database';
import type { TrainingTables } from '../training-tables';
import type { ApprovalRequestCopy } from './model-version';
import { ApprovalRequestRepository } from './model.repository';

type Unit = UnitOfWork<TrainingTables>;

@Injectable()
export class PgApprovalRequestRepository extends ApprovalRequestRepository {
  async add(unit: Unit, request: ApprovalRequestCopy): Promise<void> {
    await unit.tx
      .insertInto('approval_requests')
      .values({
        request_id: request.requestId,
        project: request.project,
        model: request.model,
        version: request.version,
        digest: request.digest,
        alias: request.alias,
        replaces: request.replaces,
        run_id: request.runId,
        state: request.state,
        opened_at: request.openedAt,
      })
      .execute();
  }

  async lock(unit: Unit, requestId: string): Promise<ApprovalRequestCopy | null> {
    const row = await unit.tx
      .selectFrom('approval_requests')
      .selectAll()
      .where('request_id', '=', requestId)
      .forUpdate()
      .executeTakeFirst();
    if (!row) return null;
    return {
      requestId: row.request_id,
      project: row.project,
      model: row.model,
      version: row.version,
      digest: row.digest,
      alias: row.alias,
      replaces: row.replaces,
      runId: row.run_id,
      state: row.state,
      voidCode: row.void_code,
      openedAt: row.opened_at.toISOString(),
      decidedAt: row.decided_at?.toISOString() ?? null,
    };
  }

  async lockOpen(
    unit: Unit,
    of: { project: string; model: string; version: number; alias: string },
  ): Promise<ApprovalRequestCopy | null> {
    const row = await unit.tx
      .selectFrom('approval_requests')
      .select('request_id')
      .where('project', '=', of.project)
      .where('model', '=', of.model)
      .where('version', '=', of.version)
      .where('alias', '=', of.alias)
      .where('state', '=', 'open')
      .orderBy('opened_at', 'desc')
      .limit(1)
      .executeTakeFirst();
    return row ? await this.lock(unit, row.request_id) : null;
  }

  async close(
    unit: Unit,
    requestId: string,
    to: Pick<ApprovalRequestCopy, 'state' | 'voidCode' | 'decidedAt'>,
  ): Promise<void> {
    await unit.tx
      .updateTable('approval_requests')
      .set({ state: to.state, void_code: to.voidCode, decided_at: to.decidedAt })
      .where('request_id', '=', requestId)
      .execute();
  }
}
