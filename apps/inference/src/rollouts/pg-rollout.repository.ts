import { Injectable } from '@nestjs/common';
import { Database, type UnitOfWork } from '@steward/database';
import { Clock } from '@steward/kernel';
import { sql, type Selectable } from 'kysely';
import { tables, type InferenceTables } from '../deployments/inference-tables';
import type { CanaryJudgement, GateJudgement } from './canary-judgement';
import { goesOn, percentOf, type Move, type Rollout } from './rollout';
import { RolloutRepository, type RolloutLook, type RolloutMove } from './rollout.repository';

const GOING_ON = ['running', 'promotion_requested'] as const;

@Injectable()
export class PgRolloutRepository extends RolloutRepository {
  constructor(
    private readonly database: Database<InferenceTables>,
    private readonly clock: Clock,
  ) {
    super();
  }

  async goingOn(): Promise<Rollout[]> {
    const rows = await this.database.kysely
      .selectFrom('rollout')
      .selectAll()
      .where('state', 'in', GOING_ON)
      .execute();
    return rows.map(toRollout);
  }

  async latest(project: string, model: string, unit?: UnitOfWork): Promise<Rollout | null> {
    const row = await (unit ? tables(unit) : this.database.kysely)
      .selectFrom('rollout')
      .selectAll()
      .where('project', '=', project)
      .where('model', '=', model)
      .orderBy(sql`state NOT IN ('running', 'promotion_requested')`)
      .orderBy('started_at', 'desc')
      .orderBy('id', 'desc')
      .limit(1)
      .executeTakeFirst();
    return row ? toRollout(row) : null;
  }

  async lock(unit: UnitOfWork, id: string, when: 'wait' | 'skip'): Promise<Rollout | null> {
    const query = tables(unit).selectFrom('rollout').selectAll().where('id', '=', id).forUpdate();
    const row = await (when === 'skip' ? query.skipLocked() : query).executeTakeFirst();
    return row ? toRollout(row) : null;
  }

  async add(unit: UnitOfWork, rollout: Rollout): Promise<void> {
    await tables(unit)
      .insertInto('rollout')
      .values({
        id: rollout.id,
        project: rollout.project,
        model: rollout.model,
        settings: JSON.stringify(rollout.settings),
        descriptor: JSON.stringify(rollout.descriptor),
        champion_version: rollout.championVersion,
        champion_digest: rollout.championDigest,
        state: rollout.state,
        step: rollout.step,
        reason: rollout.reason,
        requested_by: rollout.requestedBy,
        correlation: rollout.correlation,
        started_at: new Date(rollout.startedAt),
        step_at: new Date(rollout.stepAt),
      })
      .execute();
    await this.remember(unit, rollout, null);
  }

  async move(
    unit: UnitOfWork,
    rollout: Rollout,
    move: Move,
    judgement: CanaryJudgement | null,
  ): Promise<Rollout> {
    const now = this.clock.iso();
    const next: Rollout = {
      ...rollout,
      ...move,
      stepAt: move.step === rollout.step ? rollout.stepAt : now,
      endedAt: goesOn(move) ? null : now,
    };
    await tables(unit)
      .updateTable('rollout')
      .set({
        state: next.state,
        step: next.step,
        reason: next.reason,
        step_at: new Date(next.stepAt),
        ended_at: next.endedAt === null ? null : new Date(next.endedAt),
      })
      .where('id', '=', rollout.id)
      .execute();
    await this.remember(unit, next, judgement);
    return next;
  }

  async moves(id: string): Promise<RolloutMove[]> {
    const rows = await this.database.kysely
      .selectFrom('rollout_move')
      .selectAll()
      .where('rollout_id', '=', id)
      .orderBy('number')
      .execute();
    return rows.map(({ state, step, percent, reason, judgement, moved_at: movedAt }) => ({
      state,
      step,
      percent,
      reason,
      judgement,
      movedAt: movedAt.toISOString(),
    }));
  }

  async look(unit: UnitOfWork, { id, step }: Rollout, gates: readonly GateJudgement[]): Promise<void> {
    await tables(unit)
      .insertInto('rollout_look')
      .values({
        rollout_id: id,
        step,
        looked_at: new Date(this.clock.now()),
        gates: JSON.stringify(gates),
      })
      .onConflict((conflict) => conflict.doNothing())
      .execute();
  }

  async lastLook(unit: UnitOfWork, { id, step }: Rollout): Promise<string | null> {
    const row = await tables(unit)
      .selectFrom('rollout_look')
      .select('looked_at')
      .where('rollout_id', '=', id)
      .where('step', '=', step)
      .orderBy('looked_at', 'desc')
      .limit(1)
      .executeTakeFirst();
    return row?.looked_at.toISOString() ?? null;
  }

  async looks(id: string, most: number): Promise<RolloutLook[]> {
    const rows = await this.database.kysely
      .selectFrom('rollout_look')
      .select(['step', 'looked_at', 'gates'])
      .where('rollout_id', '=', id)
      .orderBy('looked_at', 'desc')
      .limit(most)
      .execute();
    return rows.toReversed().map(({ step, looked_at: at, gates }) => ({ step, at: at.toISOString(), gates }));
  }

  private async remember(
    unit: UnitOfWork,
    rollout: Rollout,
    judgement: CanaryJudgement | null,
  ): Promise<void> {
    await tables(unit)
      .insertInto('rollout_move')
      .values({
        rollout_id: rollout.id,
        number: sql<number>`(SELECT count(*) + 1 FROM rollout_move WHERE rollout_id = ${rollout.id})`,
        state: rollout.state,
        step: rollout.step,
        percent: percentOf(rollout),
        reason: rollout.reason,
        judgement: judgement && JSON.stringify(judgement),
        moved_at: new Date(this.clock.now()),
      })
      .execute();
  }
}

function toRollout(row: Selectable<InferenceTables['rollout']>): Rollout {
  return {
    id: row.id,
    project: row.project,
    model: row.model,
    settings: row.settings,
    descriptor: row.descriptor,
    championVersion: row.champion_version,
    championDigest: row.champion_digest,
    state: row.state,
    step: row.step,
    reason: row.reason,
    requestedBy: row.requested_by,
    correlation: row.correlation,
    startedAt: row.started_at.toISOString(),
    stepAt: row.step_at.toISOString(),
    endedAt: row.ended_at?.toISOString() ?? null,
  };
}
