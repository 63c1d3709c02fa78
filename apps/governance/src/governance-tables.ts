import type { ColumnType, JSONColumnType } from 'kysely';
import type { ApprovalPolicy } from './approvals/approval-policy';
import type { ApprovalState, DecisionKind, RequestFacts } from './approvals/approval-request';
import type { JudgedGate } from './approvals/judge-gates';
import type { IdentityTables } from './identity/identity-tables';

/** Written as ISO 8601 text; pg reads it as a Date. */
type Time = ColumnType<Date, string, string>;
type NullableTime = ColumnType<Date | null, string | null, string | null>;
type Json<T> = JSONColumnType<T & object>;

/** The schema `governance` (migrations/), as Kysely sees it. */
export interface GovernanceTables extends IdentityTables {
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
