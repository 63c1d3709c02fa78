import type { ColumnType, JSONColumnType } from 'kysely';
import type { ApprovalPolicy } from './approval-policy';
import type { ApprovalState, DecisionKind, RequestFacts } from './approval-request';
import type { JudgedGate } from './judge-gates';

type Time = ColumnType<Date, string, string>;
type NullableTime = ColumnType<Date | null, string | null, string | null>;
type Json<T> = JSONColumnType<T & object>;

/** Tables of approvals and of roles for a time (migrations/0001 and 0020), as Kysely sees them. */
export interface ApprovalTables {
  approval_policies: {
    project: string;
    alias: string;
    environment: string;
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
    environment: string;
    request: Json<RequestFacts>;
    policy_version: number;
    policy_environment: string;
    policy: Json<ApprovalPolicy>;
    gates: Json<JudgedGate[]>;
    correlation: string;
    state: ApprovalState;
    round: number;
    void_code: string | null;
    opened_at: Time;
    expires_at: NullableTime;
    decided_at: NullableTime;
  };
  approval_decisions: {
    id: string;
    request_id: string;
    round: number;
    person: string;
    kind: DecisionKind;
    gate: string | null;
    reason: string | null;
    decided_at: Time;
  };
  approval_comments: { id: string; request_id: string; person: string; text: string | null; at: Time };
  approval_evidence: {
    request_id: string;
    digest: string;
    title: string;
    size: number;
    attached_by: string;
    attached_at: Time;
  };
  approval_delegations: {
    id: string;
    project: string;
    from_person: string;
    to_person: string;
    starts_at: Time;
    ends_at: Time;
    created_at: Time;
    revoked_by: string | null;
    revoked_at: NullableTime;
  };
  temporary_roles: {
    id: string;
    principal_id: string;
    role: string;
    project: string | null;
    from_at: Time;
    until_at: Time;
    cause: string;
  };
}
