import type { UnitOfWork } from '@steward/database';
import type {
  PolicyApiKey,
  PolicyDecisions,
  PolicyPrincipal,
  PolicyProcessing,
  PolicyProject,
  PolicyRole,
  PolicySigningKey,
  PolicySnapshot,
  PolicyState,
  RevokedSession,
} from './policy';

/** One thing that changed in the policy. */
export type PolicyChange =
  | { readonly kind: 'principal'; readonly value: PolicyPrincipal }
  | { readonly kind: 'api-key'; readonly value: PolicyApiKey }
  | { readonly kind: 'role'; readonly value: PolicyRole }
  | { readonly kind: 'signing-key'; readonly value: PolicySigningKey }
  | { readonly kind: 'project'; readonly value: PolicyProject }
  | { readonly kind: 'processing'; readonly value: PolicyProcessing }
  | { readonly kind: 'decisions'; readonly value: PolicyDecisions }
  | { readonly kind: 'revoked-session'; readonly value: RevokedSession };

/** The tables of the policy copy. Abstract class = injection token. */
export abstract class PolicyStore {
  /** Reads the one row that says whether the copy changed and when the policy topic was last heard. */
  abstract state(): Promise<PolicyState>;

  /** Reads the whole copy, as of one moment. */
  abstract load(): Promise<PolicySnapshot>;

  /** Writes a change and raises the version, in the caller's transaction. A role older than the copy's is ignored. */
  abstract apply(unit: UnitOfWork, change: PolicyChange): Promise<void>;

  /**
   * Notes a sign of life of the policy topic, milliseconds since the epoch. It never moves backwards. Another environment
   * than before raises the version.
   */
  abstract heartbeat(unit: UnitOfWork, at: number, environment?: string): Promise<void>;
}
