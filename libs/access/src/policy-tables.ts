import type { CallLimits } from '@steward/contracts';
import type { ColumnType, JSONColumnType } from 'kysely';
import type {
  KeyScope,
  PolicyDecisions,
  PolicyProcessing,
  PolicyRule,
  RoleBinding,
  TaggedObject,
} from './policy';

type BigCount = ColumnType<string, number, number>;
type Moment = ColumnType<Date | null, Date | null, Date | null>;

/** The tables of libs/access/migrations, as Kysely sees them. */
export interface PolicyTables {
  access_principal: {
    id: string;
    kind: 'person' | 'machine' | 'service';
    active: boolean;
    roles: JSONColumnType<RoleBinding[]>;
    tokens_not_before: Moment;
  };
  access_api_key: {
    id: string;
    secret_digest: string;
    principal_id: string;
    active: boolean;
    expires_at: Moment;
    project: string | null;
    scopes: JSONColumnType<KeyScope[]> | null;
    limits: JSONColumnType<CallLimits> | null;
    first_key_id: string | null;
  };
  access_role: { name: string; version: BigCount; rules: JSONColumnType<PolicyRule[]> };
  access_signing_key: { id: string; public_key: string; active: boolean };
  access_revoked_session: { id: string; expires_at: Date };
  access_project: {
    name: string;
    active: boolean;
    tags: string[];
    objects: JSONColumnType<TaggedObject[]>;
    limits: JSONColumnType<CallLimits> | null;
  };
  access_processing: { project: string; state: JSONColumnType<PolicyProcessing> };
  access_decisions: { project: string; model: string; policy: JSONColumnType<PolicyDecisions> };
  access_state: {
    only_row: ColumnType<boolean, never, never>;
    version: BigCount;
    heartbeat_at: Moment;
    environment: string | null;
  };
}
