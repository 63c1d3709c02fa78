import type { ModelDescriptor } from '@steward/contracts';
import type { UnitOfWork } from '@steward/database';
import type { BinCountsSnapshot } from '@steward/statistics';
import type { ColumnType, Generated, Transaction } from 'kysely';
import type { MonitorDefinition } from './monitors/monitor-definition';
import type { RolloutCounts, Side } from './rollouts/rollout-counts';
import type { AlertKind, OutcomeReport, WindowReport } from './windows/judge-window';
import type { WindowVerdict } from './windows/window.repository';

/** JSON columns are written as text and read as values. */
type Json<T> = ColumnType<T, string, string>;
type Time = ColumnType<Date, Date | undefined, Date>;

export interface MonitoringTables {
  champion: {
    project: string;
    model: string;
    descriptor: Json<ModelDescriptor>;
    previous: Json<{ version: number; digest: string; referenceDigest: string } | null>;
  };
  monitor: {
    project: string;
    name: string;
    version: number;
    digest: string;
    model: string;
    definition: Json<MonitorDefinition>;
    changed_by: string;
    changed_at: Time;
  };
  observation_window: {
    id: string;
    project: string;
    monitor: string;
    model: string;
    model_version: number;
    descriptor: Json<ModelDescriptor>;
    previous_reference: string | null;
    state: 'open' | 'judged';
    rows: number;
    outcomes: number;
    counts: Json<BinCountsSnapshot>;
    previous_counts: Json<BinCountsSnapshot | null>;
    opened_at: Time;
    judged_at: ColumnType<Date | null, Date | null | undefined, Date | null>;
    verdict: WindowVerdict | null;
    report: ColumnType<WindowReport | null, string | null | undefined, string | null>;
    outcome_report: ColumnType<OutcomeReport | null, string | null | undefined, string | null>;
    members_digest: string | null;
    correlation: string;
  };
  window_row: {
    window_id: string;
    prediction_id: string;
    row: number;
    score: number;
    label: string;
    groups: Json<Record<string, string | null>>;
    outcome: string | null;
    subject: ColumnType<string | null, string | null | undefined, string | null>;
  };
  early_outcome: {
    prediction_id: string;
    row: number;
    project: string;
    label: string;
    received_at: Generated<Date>;
  };
  observed: {
    project: string;
    model: string;
    model_version: number;
    predictions: number;
  };
  rollout_count: {
    rollout_id: string;
    step: number;
    project: string;
    model: string;
    counts: Json<RolloutCounts>;
    changed_at: Time;
  };
  rollout_row: {
    digest: string;
    rollout_id: string;
    step: number;
    role: Side;
    label: string;
    counted_at: Generated<Date>;
  };
  alert: {
    id: string;
    project: string;
    monitor: string;
    kind: AlertKind;
    model: string;
    model_version: number;
    window_id: string;
    last_window_id: string;
    columns: Json<string[]>;
    state: 'open' | 'resolved';
    raised_at: Generated<Date>;
    resolved_at: Date | null;
    resolved_window_id: string | null;
    acknowledged_by: string | null;
    correlation: string;
  };
  retraining_approval: {
    request_id: string;
    retrain_id: string | null;
    ended: Generated<boolean>;
    received_at: Generated<Date>;
  };
  retrain_request: {
    id: string;
    project: string;
    model: string;
    alert_id: string;
    window_id: string;
    state: 'open' | 'answered' | 'failed';
    requested_at: Generated<Date>;
    closed_at: Date | null;
  };
}

/** The transaction of a unit of work, with this service's tables. */
export const tables = (unit: UnitOfWork): Transaction<MonitoringTables> =>
  unit.tx as Transaction<MonitoringTables>;
