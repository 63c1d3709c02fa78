import type { RetentionClass, RetentionMode } from '@steward/contracts';
import type { RetentionTables } from '@steward/subjects';
import type { ColumnType, JSONColumnType } from 'kysely';
import type { RetentionPolicy } from './retention-policy';
import type { CountedPart, RetentionRun, RunState } from './retention-run';

type Time = ColumnType<Date, string, string>;
type NullableTime = ColumnType<Date | null, string | null, string | null>;

/** Tables of retention (migrations/0060), as Kysely sees them; and those of every service that deletes by age. */
export interface RetentionBooksTables extends RetentionTables {
  retention_policies: {
    project: string;
    version: number;
    policy: JSONColumnType<RetentionPolicy>;
    changed_by: string;
    changed_at: Time;
  };
  legal_holds: {
    id: string;
    project: string;
    dataset: string | null;
    class: RetentionClass | null;
    reason: string;
    until: NullableTime;
    placed_by: string;
    placed_at: Time;
    lifted_by: string | null;
    lifted_at: NullableTime;
    lift_reason: string | null;
  };
  retention_runs: {
    id: string;
    project: string;
    origin: RetentionRun['origin'];
    unattended: boolean;
    state: RunState;
    orders: JSONColumnType<RetentionRun['orders']>;
    held: JSONColumnType<RetentionRun['held']>;
    policy_version: number;
    policy_by: string | null;
    opened_by: string;
    opened_at: Time;
    counts: ColumnType<readonly CountedPart[] | null, string | null, string | null>;
    counted_at: NullableTime;
    confirmed_by: string | null;
    confirmed_at: NullableTime;
    deleted_items: number | null;
    evidence: string | null;
    ended_by: string | null;
    ended_at: NullableTime;
    correlation: string;
  };
  retention_steps: {
    run_id: string;
    mode: RetentionMode;
    service: string;
    report_digest: string | null;
    items: number | null;
    held: number | null;
    answered_at: NullableTime;
  };
}
