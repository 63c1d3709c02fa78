import type { ModelDescriptor } from '@steward/contracts';
import type { UnitOfWork } from '@steward/database';
import type { ColumnType, Transaction } from 'kysely';
import type { CanaryJudgement, GateJudgement } from '../rollouts/canary-judgement';
import type { RolloutState } from '../rollouts/rollout';
import type { Canary, DeploymentPlan } from './deployment-plan';
import type { DeploymentState } from './deployment.repository';

/** JSON columns are written as text and read as values. */
type Json<T> = ColumnType<T, string, string>;
type Time = ColumnType<Date, Date | undefined, Date>;

/** The tables of deployments and rollouts. */
export interface InferenceTables {
  deployment: {
    project: string;
    model: string;
    alias: string;
    descriptor: Json<ModelDescriptor>;
    state: DeploymentState;
    failure: string | null;
    last_served: ColumnType<ModelDescriptor | null, string | null | undefined, string>;
    actor: string;
    correlation: string;
    changed_at: ColumnType<Date, never, Date>;
  };
  approved_version: {
    project: string;
    model: string;
    version: number;
    digest: string;
    descriptor: Json<ModelDescriptor>;
    may_answer: boolean;
  };
  deployment_plan: {
    project: string;
    model: string;
    version: number;
    digest: string;
    plan: Json<DeploymentPlan>;
    changed_by: string;
    correlation: string;
    changed_at: Time;
  };
  rollout: {
    id: string;
    project: string;
    model: string;
    settings: Json<Canary>;
    descriptor: Json<ModelDescriptor>;
    champion_version: number;
    champion_digest: string;
    state: RolloutState;
    step: number;
    reason: string;
    requested_by: string;
    correlation: string;
    started_at: Time;
    step_at: Time;
    ended_at: ColumnType<Date | null, Date | null | undefined, Date | null>;
  };
  rollout_move: {
    rollout_id: string;
    number: number;
    state: RolloutState;
    step: number;
    percent: number;
    reason: string;
    judgement: ColumnType<CanaryJudgement | null, string | null, never>;
    moved_at: Time;
  };
  rollout_look: {
    rollout_id: string;
    step: number;
    looked_at: Time;
    gates: Json<readonly GateJudgement[]>;
  };
  row_quota: {
    scope: string;
    hour: number;
    rows: string;
    changed_at: Time;
  };
  comparison_count: {
    key: string;
    source: string;
    counts: Json<unknown>;
    counted_at: Time;
  };
}

/** The transaction of a unit of work, with these tables. */
export const tables = (unit: UnitOfWork): Transaction<InferenceTables> =>
  unit.tx as Transaction<InferenceTables>;
