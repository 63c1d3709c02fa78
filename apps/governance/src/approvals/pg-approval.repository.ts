import { Injectable } from '@nestjs/common';
import { Database, type UnitOfWork } from '@steward/database';
import type { Kysely, Selectable } from 'kysely';
import type { GovernanceTables } from '../governance-tables';
import { ApprovalRepository, type RequestPage } from './approval.repository';
import { DEFAULT_POLICY } from './approval-policy';
import { PENDING_STATES, type ApprovalRequest, type ApprovalState, type Decision } from './approval-request';

type Unit = UnitOfWork<GovernanceTables>;
type On = Kysely<GovernanceTables>;

@Injectable()
export class PgApprovalRepository extends ApprovalRepository {
  constructor(private readonly database: Database<GovernanceTables>) {
    super();
  }

  async add(unit: Unit, request: ApprovalRequest): Promise<boolean> {
    const { id, project, model, version, digest, alias, environment, correlation, state, round } = request;
    const { replaces, runId, evaluationDigest, trigger, retrainId } = request;
    const { figures, sensitiveInputs, comparison, excluded } = request;
    const facts = {
      replaces,
      runId,
      evaluationDigest,
      trigger,
      retrainId,
      figures,
      sensitiveInputs,
      comparison,
      excluded,
    };
    const added = await unit.tx
      .insertInto('approval_requests')
      .values({
        id,
        project,
        model,
        version,
        digest,
        alias,
        environment,
        correlation,
        state,
        round,
        request: JSON.stringify(facts),
        policy_version: request.policyVersion,
        policy_environment: request.policyEnvironment,
        policy: JSON.stringify(request.policy),
        gates: JSON.stringify(request.gates),
        void_code: null,
        opened_at: request.openedAt,
        expires_at: request.expiresAt,
        decided_at: null,
      })
      .onConflict((conflict) => conflict.doNothing())
      .returning('id')
      .executeTakeFirst();
    return added !== undefined;
  }

  async find(project: string, id: string): Promise<ApprovalRequest | null> {
    const row = await this.database.kysely
      .selectFrom('approval_requests')
      .selectAll()
      .where('project', '=', project)
      .where('id', '=', id)
      .executeTakeFirst();
    return row ? toRequest(row) : null;
  }

  async lock(unit: Unit, id: string): Promise<ApprovalRequest | null> {
    const row = await unit.tx
      .selectFrom('approval_requests')
      .selectAll()
      .where('id', '=', id)
      .forUpdate()
      .executeTakeFirst();
    return row ? toRequest(row) : null;
  }

  async lockPending(unit: Unit, project: string, model: string, alias: string): Promise<ApprovalRequest[]> {
    const rows = await unit.tx
      .selectFrom('approval_requests')
      .selectAll()
      .where('project', '=', project)
      .where('model', '=', model)
      .where('alias', '=', alias)
      .where('state', 'in', PENDING_STATES)
      .orderBy('id')
      .forUpdate()
      .execute();
    return rows.map(toRequest);
  }

  async list({ project, state, limit, after }: RequestPage): Promise<ApprovalRequest[]> {
    let query = this.database.kysely
      .selectFrom('approval_requests')
      .selectAll()
      .where('project', '=', project);
    if (state) query = query.where('state', '=', state);
    // Ids are made in the order of time.
    if (after) query = query.where('id', '<', after);
    return (await query.orderBy('id', 'desc').limit(limit).execute()).map(toRequest);
  }

  async close(unit: Unit, id: string, state: ApprovalState, at: string, voidCode?: string): Promise<void> {
    await unit.tx
      .updateTable('approval_requests')
      .set({ state, decided_at: at, void_code: voidCode ?? null })
      .where('id', '=', id)
      .execute();
  }

  async pend(unit: Unit, id: string, state: 'open' | 'changes_requested', round: number): Promise<void> {
    await unit.tx.updateTable('approval_requests').set({ state, round }).where('id', '=', id).execute();
  }

  async overdue(now: string): Promise<string[]> {
    const rows = await this.database.kysely
      .selectFrom('approval_requests')
      .select('id')
      .where('state', 'in', PENDING_STATES)
      .where('expires_at', '<=', new Date(now))
      .limit(100)
      .execute();
    return rows.map(({ id }) => id);
  }

  async decisions(id: string, unit?: Unit): Promise<Decision[]> {
    const on: On = unit?.tx ?? this.database.kysely;
    const rows = await on
      .selectFrom('approval_decisions')
      .selectAll()
      .where('request_id', '=', id)
      .orderBy('decided_at')
      .orderBy('id')
      .execute();
    return rows.map((row) => ({
      id: row.id,
      round: row.round,
      person: row.person,
      kind: row.kind,
      gate: row.gate,
      reason: row.reason,
      decidedAt: row.decided_at.toISOString(),
    }));
  }

  async decide(unit: Unit, requestId: string, decision: Decision): Promise<boolean> {
    const { id, round, person, kind, gate, reason, decidedAt } = decision;
    const added = await unit.tx
      .insertInto('approval_decisions')
      .values({ id, request_id: requestId, round, person, kind, gate, reason, decided_at: decidedAt })
      .onConflict((conflict) => conflict.doNothing())
      .returning('id')
      .executeTakeFirst();
    return added !== undefined;
  }

  async lastApproval(request: ApprovalRequest, unit?: Unit): Promise<string | null> {
    const on: On = unit?.tx ?? this.database.kysely;
    const row = await on
      .selectFrom('approval_requests')
      .select('decided_at')
      .where('project', '=', request.project)
      .where('model', '=', request.model)
      .where('alias', '=', request.alias)
      .where('state', '=', 'granted')
      .where('id', '<>', request.id)
      .orderBy('decided_at', 'desc')
      .limit(1)
      .executeTakeFirst();
    return row?.decided_at?.toISOString() ?? null;
  }

  async countOpen(): Promise<number> {
    const { count } = await this.database.kysely
      .selectFrom('approval_requests')
      .select(({ fn }) => fn.countAll<number>().as('count'))
      .where('state', 'in', PENDING_STATES)
      .executeTakeFirstOrThrow();
    return count;
  }
}

function toRequest(row: Selectable<GovernanceTables['approval_requests']>): ApprovalRequest {
  return {
    ...row.request,
    id: row.id,
    project: row.project,
    model: row.model,
    version: row.version,
    digest: row.digest,
    alias: row.alias,
    environment: row.environment,
    policyVersion: row.policy_version,
    policyEnvironment: row.policy_environment,
    policy: { ...DEFAULT_POLICY, ...row.policy },
    gates: row.gates,
    correlation: row.correlation,
    state: row.state,
    round: row.round,
    voidCode: row.void_code,
    openedAt: row.opened_at.toISOString(),
    expiresAt: row.expires_at?.toISOString() ?? null,
    decidedAt: row.decided_at?.toISOString() ?? null,
  };
}
