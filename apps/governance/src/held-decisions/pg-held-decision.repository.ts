import { Injectable } from '@nestjs/common';
import { Database, type UnitOfWork } from '@steward/database';
import { sql, type Kysely, type Selectable } from 'kysely';
import type { GovernanceTables } from '../governance-tables';
import type { DecisionState, DecisionStep, HeldDecision } from './held-decision';
import {
  HeldDecisionRepository,
  type DecisionPolicyVersion,
  type HeldDecisionPage,
} from './held-decision.repository';

type Unit = UnitOfWork<GovernanceTables>;

@Injectable()
export class PgHeldDecisionRepository extends HeldDecisionRepository {
  constructor(private readonly database: Database<GovernanceTables>) {
    super();
  }

  async lockPolicy(unit: Unit, project: string, model: string): Promise<DecisionPolicyVersion | null> {
    const name = `decisions ${project}/${model}`;
    await sql`SELECT pg_advisory_xact_lock(hashtextextended(${name}, 0))`.execute(unit.tx);
    return (await policiesOf(unit.tx, project, model))[0] ?? null;
  }

  async addPolicy(unit: Unit, added: DecisionPolicyVersion): Promise<void> {
    const { project, model, version, policy, changedBy, changedAt } = added;
    await unit.tx
      .insertInto('decision_policies')
      .values({
        project,
        model,
        version,
        policy: JSON.stringify(policy),
        changed_by: changedBy,
        changed_at: changedAt,
      })
      .execute();
  }

  policies(project: string, model: string): Promise<DecisionPolicyVersion[]> {
    return policiesOf(this.database.kysely, project, model);
  }

  async add(unit: Unit, decision: HeldDecision): Promise<void> {
    const { predictionId, policyVersion, heldAt, decidedBy, decidedAt, classes, ...rest } = decision;
    await unit.tx
      .insertInto('held_decisions')
      .values({
        ...rest,
        classes: [...classes],
        prediction_id: predictionId,
        policy_version: policyVersion,
        held_at: heldAt,
        decided_by: decidedBy,
        decided_at: decidedAt,
      })
      .onConflict((conflict) => conflict.doNothing())
      .execute();
  }

  async find(project: string, id: string): Promise<HeldDecision | null> {
    const row = await this.selected(project).where('id', '=', id).executeTakeFirst();
    return row ? toDecision(row) : null;
  }

  async findRow(project: string, predictionId: string, row: number): Promise<HeldDecision | null> {
    const found = await this.selected(project)
      .where('prediction_id', '=', predictionId)
      .where('row', '=', row)
      .executeTakeFirst();
    return found ? toDecision(found) : null;
  }

  async lock(unit: Unit, id: string): Promise<HeldDecision | null> {
    const row = await unit.tx
      .selectFrom('held_decisions')
      .selectAll()
      .where('id', '=', id)
      .forUpdate()
      .executeTakeFirst();
    return row ? toDecision(row) : null;
  }

  async list({ project, state, model, pseudonym, limit, after }: HeldDecisionPage): Promise<HeldDecision[]> {
    let query = this.selected(project);
    if (state !== null) query = query.where('state', '=', state);
    if (model !== null) query = query.where('model', '=', model);
    if (pseudonym !== null) query = query.where('pseudonym', '=', pseudonym);
    if (after !== null) query = query.where('id', '>', after);
    return (await query.orderBy('id').limit(limit).execute()).map(toDecision);
  }

  async steps(id: string, unit?: Unit): Promise<DecisionStep[]> {
    const on: Kysely<GovernanceTables> = unit?.tx ?? this.database.kysely;
    const rows = await on
      .selectFrom('held_decision_steps')
      .select(['id', 'kind', 'label', 'reason', 'answer', 'by', 'at'])
      .where('decision_id', '=', id)
      .orderBy('id')
      .execute();
    return rows.map((row) => ({ ...row, at: row.at.toISOString() }));
  }

  async step(
    unit: Unit,
    decision: HeldDecision,
    step: DecisionStep,
    after: Parameters<HeldDecisionRepository['step']>[3],
  ): Promise<void> {
    await unit.tx
      .insertInto('held_decision_steps')
      .values({ ...step, decision_id: decision.id })
      .execute();
    await unit.tx
      .updateTable('held_decisions')
      .set({
        state: after.state,
        label: after.label,
        decided_by: after.decidedBy,
        decided_at: after.decidedAt,
      })
      .where('id', '=', decision.id)
      .execute();
  }

  async countWaiting(): Promise<number> {
    const { count } = await this.database.kysely
      .selectFrom('held_decisions')
      .select(({ fn }) => fn.countAll<number>().as('count'))
      .where('state', 'in', ['pending', 'contested'])
      .executeTakeFirstOrThrow();
    return count;
  }

  async counts(project: string): Promise<{ model: string; state: DecisionState; decisions: number }[]> {
    return await this.database.kysely
      .selectFrom('held_decisions')
      .select(({ fn }) => ['model', 'state', fn.countAll<number>().as('decisions')])
      .where('project', '=', project)
      .groupBy(['model', 'state'])
      .orderBy('model')
      .orderBy('state')
      .execute();
  }

  private selected(project: string) {
    return this.database.kysely.selectFrom('held_decisions').selectAll().where('project', '=', project);
  }
}

async function policiesOf(
  on: Kysely<GovernanceTables>,
  project: string,
  model: string,
): Promise<DecisionPolicyVersion[]> {
  const rows = await on
    .selectFrom('decision_policies')
    .selectAll()
    .where('project', '=', project)
    .where('model', '=', model)
    .orderBy('version', 'desc')
    .execute();
  return rows.map(({ changed_by: changedBy, changed_at: changedAt, ...rest }) => ({
    ...rest,
    changedBy,
    changedAt: changedAt.toISOString(),
  }));
}

function toDecision(row: Selectable<GovernanceTables['held_decisions']>): HeldDecision {
  return {
    id: row.id,
    project: row.project,
    predictionId: row.prediction_id,
    row: row.row,
    model: row.model,
    version: row.version,
    digest: row.digest,
    classes: row.classes,
    policyVersion: row.policy_version,
    pseudonym: row.pseudonym,
    proposed: row.proposed,
    score: row.score,
    because: row.because,
    heldAt: row.held_at.toISOString(),
    correlation: row.correlation,
    state: row.state,
    label: row.label,
    decidedBy: row.decided_by,
    decidedAt: row.decided_at?.toISOString() ?? null,
  };
}
