import type { ColumnType, JSONColumnType } from 'kysely';
import type { ApprovalPolicy } from './approvals/approval-policy';
import type { ApprovalState, DecisionKind, RequestFacts } from './approvals/approval-request';
import type { JudgedGate } from './approvals/judge-gates';

/** Written as ISO 8601 text; pg reads it as a Date. */
type Time = ColumnType<Date, string, string>;
type NullableTime = ColumnType<Date | null, string | null, string | null>;
type Json<T> = JSONColumnType<T & object>;

/** The schema `governance` (migrations/), as Kysely sees it. */
export interface GovernanceTables {
  principals: {
    id: string;
    kind: 'person' | 'machine' | 'service';
    name: string;
    display_name: string;
    password_hash: string | null;
    state: 'active' | 'disabled';
    tokens_not_before: NullableTime;
    created_by: string;
    created_at: Time;
  };
  role_grants: {
    id: string;
    principal_id: string;
    role: string;
    project: string | null;
    granted_by: string;
    granted_at: Time;
    revoked_by: string | null;
    revoked_at: NullableTime;
  };
  login_failures: { name_digest: string; failures: number; locked_until: NullableTime; changed_at: Time };
  api_keys: {
    id: string;
    secret_digest: string;
    principal_id: string;
    project: string | null;
    state: 'active' | 'revoked';
    expires_at: NullableTime;
    created_by: string;
    created_at: Time;
  };
  projects: { name: string; state: 'active' | 'archived'; created_by: string; created_at: Time };
  published_policy: { kind: string; name: string; version: number; digest: string };
  heartbeat: { only_row: boolean; beat: number; at: Time };
  approval_policies: {
    project: string;
    alias: string;
    version: number;
    policy: Json<ApprovalPolicy>;
    changed_by: string;
    changed_at: Time;
  };
  approval_requests: {
    id: string;
    project: string;
    model: string;
    version: number;
    digest: string;
    alias: string;
    request: Json<RequestFacts>;
    policy_version: number;
    policy: Json<ApprovalPolicy>;
    gates: Json<JudgedGate[]>;
    correlation: string;
    state: ApprovalState;
    void_code: string | null;
    opened_at: Time;
    decided_at: NullableTime;
  };
  approval_decisions: {
    id: string;
    request_id: string;
    person: string;
    kind: DecisionKind;
    gate: string | null;
    reason: string | null;
    decided_at: Time;
  };
  audit_entries: {
    index: number;
    entry_id: string;
    content: Buffer;
    leaf: Buffer;
    service: string;
    project: string | null;
    action: string;
    actor: string;
    object_kind: string;
    object_id: string;
    correlation: string;
    time: Time;
  };
  audit_nodes: { level: number; index: number; hash: Buffer };
  audit_checkpoints: { size: number; root: Buffer; time: Time; note: string };
  audit_tree: { only_row: boolean; size: number; peaks: Buffer[] };
  audit_notes: { entry_id: string; salt: string; reason: string | null; address: string | null };
}
