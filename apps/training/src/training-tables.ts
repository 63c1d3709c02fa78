import type { DatasetContract, ModelDescriptor, RunStates } from '@steward/contracts';
import type { ColumnType, Generated, JSONColumnType } from 'kysely';
import type { PipelineDefinition } from './pipelines/pipeline-definition';
import type { RunProgress, RunResult } from './runs/run';

/** Written as ISO 8601 text; pg reads it as a Date. */
type Time = ColumnType<Date, string, string>;
type NullableTime = ColumnType<Date | null, string | null, string | null>;
type Json<T> = JSONColumnType<T & object>;
type NullableJson<T> = ColumnType<T | null, string | null, string | null>;

export type ApprovalRequestState = 'open' | 'granted' | 'rejected' | 'expired' | 'voided';
export type RetrainState = 'waiting_for_outcomes' | 'training' | 'answered' | 'failed' | 'declined';

/** The schema `training` (migrations/), as Kysely sees it. */
export interface TrainingTables {
  contracts: {
    project: string;
    dataset: string;
    version: number;
    digest: string;
    contract: Json<DatasetContract>;
    changed_by: string;
    changed_at: Time;
  };
  monitors: {
    project: string;
    monitor: string;
    version: number;
    model: string;
    digest: string;
    changed_by: string;
    changed_at: Time;
  };
  dataset_versions: {
    project: string;
    dataset: string;
    version: number;
    digest: string;
    contract_version: number;
    contract_digest: string;
    delta_path: string;
    delta_version: number;
    rows: number;
    labelled_rows: number;
    batch_number: number;
  };
  pipelines: {
    project: string;
    pipeline: string;
    version: number;
    digest: string;
    definition: Json<PipelineDefinition>;
    changed_by: string;
    changed_at: Time;
  };
  runs: {
    id: string;
    project: string;
    pipeline: string;
    pipeline_version: number;
    pipeline_digest: string;
    model: string;
    dataset: string;
    dataset_version: number;
    dataset_digest: string;
    state: (typeof RunStates)[number];
    trigger: 'person' | 'alert';
    retrain_id: string | null;
    started_by: string;
    correlation: string;
    attempt: Generated<number>;
    progress: NullableJson<RunProgress>;
    result: NullableJson<RunResult>;
    failure: string | null;
    failure_message: string | null;
    created_at: Time;
    started_at: NullableTime;
    finished_at: NullableTime;
  };
  models: { project: string; model: string; last_version: number };
  model_versions: {
    project: string;
    model: string;
    version: number;
    digest: string;
    run_id: string;
    learner: string;
    descriptor: Json<ModelDescriptor>;
    metrics: Json<Record<string, number | null>>;
    model_file: string;
    last_batch: number;
    registered_at: Time;
  };
  approval_requests: {
    request_id: string;
    project: string;
    model: string;
    version: number;
    digest: string;
    alias: string;
    replaces: string | null;
    run_id: string;
    state: ApprovalRequestState;
    void_code: string | null;
    opened_at: Time;
    decided_at: NullableTime;
  };
  aliases: {
    project: string;
    model: string;
    alias: string;
    version: number;
    digest: string;
    request_id: string;
    moved_at: Time;
  };
  alias_history: {
    id: Generated<string>;
    project: string;
    model: string;
    alias: string;
    version: number;
    digest: string;
    previous_version: number | null;
    previous_digest: string | null;
    request_id: string;
    approvers: Json<string[]>;
    moved_at: Time;
  };
  retrain_requests: {
    retrain_id: string;
    project: string;
    model: string;
    model_version: number;
    alert_id: string;
    dataset: string;
    window_id: string;
    window_rows: number;
    members_digest: string;
    minimum_rows: number;
    labelled_rows: Generated<number>;
    checked_version: number | null;
    state: RetrainState;
    reason: string | null;
    run_id: string | null;
    actor: string;
    correlation: string;
    requested_at: Time;
    changed_at: Time;
  };
}
