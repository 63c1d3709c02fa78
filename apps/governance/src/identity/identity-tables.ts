import type { KeyScope, PolicyRule, TaggedObject } from '@steward/access';
import type { CallLimits } from '@steward/contracts';
import type { ColumnType, JSONColumnType } from 'kysely';

/** Written as ISO 8601 text; pg reads it as a Date. */
type Time = ColumnType<Date, string, string>;
type NullableTime = ColumnType<Date | null, string | null, string | null>;

/** Tables of identity, sessions and roles, as Kysely sees them. */
export interface IdentityTables {
  principals: {
    id: string;
    kind: 'person' | 'machine' | 'service';
    name: string;
    display_name: string;
    password_hash: string | null;
    state: 'active' | 'disabled';
    tokens_not_before: NullableTime;
    must_change_password: boolean;
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
  sessions: {
    id: string;
    principal_id: string;
    kind: 'cookie' | 'token';
    created_at: Time;
    expires_at: Time;
    ended_at: NullableTime;
    ended_by: string | null;
    address: string | null;
    user_agent: string | null;
  };
  login_failures: { name_digest: string; failures: number; locked_until: NullableTime; changed_at: Time };
  api_keys: {
    id: string;
    secret_digest: string;
    principal_id: string;
    project: string | null;
    state: 'active' | 'revoked';
    expires_at: NullableTime;
    scopes: JSONColumnType<KeyScope[]> | null;
    last_used_at: NullableTime;
    replaced_by: string | null;
    first_key_id: string | null;
    limits: JSONColumnType<CallLimits> | null;
    created_by: string;
    created_at: Time;
  };
  projects: {
    name: string;
    state: 'active' | 'archived';
    tags: string[];
    objects: JSONColumnType<TaggedObject[]>;
    limits: JSONColumnType<CallLimits> | null;
    created_by: string;
    created_at: Time;
  };
  roles: {
    name: string;
    version: number;
    state: 'active' | 'deleted';
    description: string;
    rules: JSONColumnType<PolicyRule[]>;
    changed_by: string;
    changed_at: Time;
  };
  second_factors: {
    principal_id: string;
    secret: string;
    confirmed_at: NullableTime;
    last_step: ColumnType<string | number, number, number>;
    created_at: Time;
  };
  recovery_codes: { principal_id: string; digest: string; used_at: NullableTime };
  oidc_logins: {
    state_digest: string;
    provider: string;
    nonce: string;
    code_verifier: string;
    browser_digest: string;
    return_to: string;
    expires_at: Time;
  };
  oidc_identities: { provider: string; subject: string; principal_id: string };
  oidc_group_roles: {
    provider: string;
    group_name: string;
    role: string;
    project: string | null;
    changed_by: string;
    changed_at: Time;
  };
  role_logins: { role: string; requires_totp: boolean; changed_by: string; changed_at: Time };
  published_policy: { kind: string; name: string; version: number; digest: string };
  heartbeat: { only_row: boolean; beat: number; at: Time };
}
