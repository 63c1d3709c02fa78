import type { CallLimits, TaggedKind } from '@steward/contracts';

/** A principal as the policy topic described it last. */
export interface PolicyPrincipal {
  readonly id: string;
  readonly kind: 'person' | 'machine' | 'service';
  readonly active: boolean;
  readonly roles: readonly RoleBinding[];
  /** Milliseconds since the epoch: tokens issued before are refused. Null: no such bound. */
  readonly tokensNotBefore: number | null;
}

/** `project: null` binds the role in every project and for what belongs to none. */
export interface RoleBinding {
  readonly role: string;
  readonly project: string | null;
  /** ISO 8601; the first moment of a binding for a time (delegation, emergency access). None: since ever. */
  readonly from?: string | undefined;
  /** ISO 8601; the first moment without it. None: until it is taken back. */
  readonly until?: string | undefined;
}

/** The bindings that hold at a moment (milliseconds since the epoch), without their periods. */
export function bindingsAt(
  bindings: readonly RoleBinding[],
  now: number,
): { readonly role: string; readonly project: string | null }[] {
  return bindings
    .filter(
      ({ from, until }) =>
        (from === undefined || Date.parse(from) <= now) && (until === undefined || now < Date.parse(until)),
    )
    .map(({ role, project }) => ({ role, project }));
}

/** An API key: only the SHA-256 of its secret is known outside the machine that holds it. */
export interface PolicyApiKey {
  readonly id: string;
  readonly secretDigest: string;
  readonly principalId: string;
  readonly active: boolean;
  /** Milliseconds since the epoch; null: does not expire. */
  readonly expiresAt: number | null;
  /** Null: all that the principal may. Else only in this project. */
  readonly project: string | null;
  /** What of the principal's rights the key carries; null: all of them. */
  readonly scopes: readonly KeyScope[] | null;
  /** How much it may ask inference for, over all models; absent or null: nothing is said. */
  readonly limits?: CallLimits | null;
  /** The first of the keys that took each other's place, with whose use its own is counted; absent or null: itself. */
  readonly firstKeyId?: string | null;
}

/** Actions on subjects that an API key is for. Its holder must have the right as well. */
export interface KeyScope {
  readonly action: readonly string[];
  readonly subject: readonly string[];
}

/** A login that was ended before its time. */
export interface RevokedSession {
  readonly id: string;
  /** Milliseconds since the epoch: after that the token is refused for its age, and this may be forgotten. */
  readonly expiresAt: number;
}

/** A CASL rule as data. Conditions compare fields of the object: equality, `$eq`, `$ne`, `$in`, `$nin`. */
export interface PolicyRule {
  readonly action: readonly string[];
  readonly subject: readonly string[];
  readonly conditions?: Readonly<Record<string, unknown>>;
  readonly inverted?: boolean;
}

export interface PolicyRole {
  readonly name: string;
  readonly version: number;
  readonly rules: readonly PolicyRule[];
}

/** Public key (JWK: kty OKP, crv Ed25519, x) that signs tokens. A retired key's tokens are refused. */
export interface PolicySigningKey {
  readonly id: string;
  readonly publicKey: string;
  readonly active: boolean;
}

export interface PolicyProject {
  readonly name: string;
  readonly active: boolean;
  /** Labels by which rules tell projects apart. */
  readonly tags: readonly string[];
  /** How much all callers of its models together may ask for; absent or null: nothing is said. */
  readonly limits?: CallLimits | null;
  /** Things in it that carry tags of their own; absent: none. */
  readonly objects?: readonly TaggedObject[];
}

/** A dataset, pipeline or model with tags of its own. */
export interface TaggedObject {
  readonly kind: TaggedKind;
  readonly name: string;
  readonly tags: readonly string[];
}

/** What kinds of things are bound to purposes. */
export type ProcessingKind = 'dataset' | 'pipeline' | 'model' | 'deployment';

/** A thing with the purposes that it may be processed for. */
export interface ProcessingBinding {
  readonly kind: ProcessingKind;
  readonly name: string;
  readonly purposes: readonly string[];
  /** Why it may not be processed; null: it may. */
  readonly refusal: string | null;
}

/** What in a project may be processed for which purposes. */
export interface PolicyProcessing {
  readonly project: string;
  /** True: what is bound to no purpose is refused. */
  readonly purposeRequired: boolean;
  readonly bindings: readonly ProcessingBinding[];
}

/** Which decisions of a model are held for a person. */
export interface PolicyDecisions {
  readonly project: string;
  readonly model: string;
  readonly version: number;
  readonly active: boolean;
  readonly labels: readonly string[];
  readonly band: { readonly from: number; readonly to: number } | null;
}

/** The counter that says whether the copy changed, and the last sign of life of the policy topic. */
export interface PolicyState {
  readonly version: number;
  /** Milliseconds since the epoch; null: none was ever seen. */
  readonly heartbeatAt: number | null;
  /** Where the installation runs (`production`), as governance says it; null: not heard yet. */
  readonly environment: string | null;
}

/** The whole copy of the policy that a service holds; small (people, machines, keys, projects), so held in memory. */
export interface PolicySnapshot extends PolicyState {
  readonly principals: ReadonlyMap<string, PolicyPrincipal>;
  readonly apiKeys: ReadonlyMap<string, PolicyApiKey>;
  readonly roles: ReadonlyMap<string, PolicyRole>;
  readonly signingKeys: ReadonlyMap<string, PolicySigningKey>;
  readonly projects: ReadonlyMap<string, PolicyProject>;
  /** By project. */
  readonly processing: ReadonlyMap<string, PolicyProcessing>;
  /** By `<project>/<model>`. */
  readonly decisions: ReadonlyMap<string, PolicyDecisions>;
  /** Ids of ended logins whose tokens have not expired yet. */
  readonly revokedSessions: ReadonlySet<string>;
}

/** Nobody may do anything: what holds until the copy has been read. */
export const EMPTY_POLICY: PolicySnapshot = Object.freeze({
  version: -1,
  heartbeatAt: null,
  environment: null,
  principals: new Map(),
  apiKeys: new Map(),
  roles: new Map(),
  signingKeys: new Map(),
  projects: new Map(),
  processing: new Map(),
  decisions: new Map(),
  revokedSessions: new Set<string>(),
});
