import { generateKeyPairSync, sign, type KeyObject } from 'node:crypto';
import { newId } from '@steward/kernel';
import { newApiKey } from './api-key';
import { BuiltInRoles } from './built-in-roles';
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
  RoleBinding,
  TaggedObject,
} from './policy';
import { PolicyStore, type PolicyChange } from './policy.store';

/**
 * A policy in memory, for tests: it has the built-in roles and a signing key of its own, and makes people, API keys and
 * tokens. It always looks fresh unless `heartbeatAt` is set.
 */
export class InMemoryPolicyStore extends PolicyStore {
  /** Milliseconds since the epoch, null for never, `now` for always fresh. */
  heartbeatAt: number | null | 'now' = 'now';
  private environment: string | null = 'production';
  private version = 0;
  private readonly principals = new Map<string, PolicyPrincipal>();
  private readonly apiKeys = new Map<string, PolicyApiKey>();
  private readonly roles = new Map<string, PolicyRole>(
    Object.entries(BuiltInRoles).map(([name, rules]) => [name, { name, version: 1, rules }]),
  );
  private readonly projects = new Map<string, PolicyProject>();
  private readonly processing = new Map<string, PolicyProcessing>();
  private readonly decisions = new Map<string, PolicyDecisions>();
  private readonly revokedSessions = new Set<string>();
  private readonly signingKeys = new Map<string, PolicySigningKey>();
  private readonly pair = generateKeyPairSync('ed25519');

  constructor(private readonly now: () => number = Date.now) {
    super();
    const publicKey = JSON.stringify(this.pair.publicKey.export({ format: 'jwk' }));
    this.signingKeys.set('key-1', { id: 'key-1', publicKey, active: true });
  }

  state(): Promise<PolicyState> {
    const heartbeatAt = this.heartbeatAt === 'now' ? this.now() : this.heartbeatAt;
    return Promise.resolve({ version: this.version, heartbeatAt, environment: this.environment });
  }

  async load(): Promise<PolicySnapshot> {
    return {
      ...(await this.state()),
      principals: new Map(this.principals),
      apiKeys: new Map(this.apiKeys),
      roles: new Map(this.roles),
      signingKeys: new Map(this.signingKeys),
      projects: new Map(this.projects),
      processing: new Map(this.processing),
      decisions: new Map(this.decisions),
      revokedSessions: new Set(this.revokedSessions),
    };
  }

  apply(_unit: unknown, change: PolicyChange): Promise<void> {
    this.put(change);
    return Promise.resolve();
  }

  heartbeat(_unit: unknown, at: number, environment?: string): Promise<void> {
    if (environment !== undefined) this.moveTo(environment);
    const before = typeof this.heartbeatAt === 'number' ? this.heartbeatAt : 0;
    this.heartbeatAt = Math.max(before, at);
    return Promise.resolve();
  }

  /** Writes a change; a process sees it at its next look. */
  put(change: PolicyChange): void {
    this.version += 1;
    switch (change.kind) {
      case 'principal':
        this.principals.set(change.value.id, change.value);
        return;
      case 'api-key':
        this.apiKeys.set(change.value.id, change.value);
        return;
      case 'role':
        if ((this.roles.get(change.value.name)?.version ?? 0) <= change.value.version)
          this.roles.set(change.value.name, change.value);
        return;
      case 'signing-key':
        this.signingKeys.set(change.value.id, change.value);
        return;
      case 'processing':
        this.processing.set(change.value.project, change.value);
        return;
      case 'decisions':
        this.decisions.set(`${change.value.project}/${change.value.model}`, change.value);
        return;
      case 'project':
        this.projects.set(change.value.name, change.value);
        return;
      case 'revoked-session':
        this.revokedSessions.add(change.value.id);
        return;
    }
  }

  /** Says where the installation runs. */
  moveTo(environment: string | null): void {
    this.environment = environment;
    this.version += 1;
  }

  /** Makes projects known. */
  addProjects(...names: string[]): void {
    for (const name of names) this.put({ kind: 'project', value: { name, active: true, tags: [] } });
  }

  /** Gives things of a project tags of their own. */
  tagObjects(project: string, ...objects: readonly TaggedObject[]): void {
    this.put({ kind: 'project', value: { name: project, active: true, tags: [], objects } });
  }

  /** Makes a principal and returns a token of his, for an `authorization` header. */
  addPrincipal(
    id: string,
    roles: readonly RoleBinding[],
    rest: Partial<Omit<PolicyPrincipal, 'id' | 'roles'>> = {},
  ): string {
    const value = { id, roles, kind: 'person', active: true, tokensNotBefore: null, ...rest } as const;
    this.put({ kind: 'principal', value });
    return `Bearer ${this.token(id)}`;
  }

  /** Makes an API key of a principal and returns it whole. */
  addApiKey(principalId: string, rest: Partial<Omit<PolicyApiKey, 'id' | 'principalId'>> = {}): string {
    const { keyId, key, secretDigest } = newApiKey();
    const value = {
      id: keyId,
      principalId,
      secretDigest,
      active: true,
      expiresAt: null,
      project: null,
      scopes: null,
      ...rest,
    };
    this.put({ kind: 'api-key', value });
    return key;
  }

  /** A signed token. Claims and header fields that are given replace the right ones. */
  token(
    subject: string,
    claims: Readonly<Record<string, unknown>> = {},
    header: Readonly<Record<string, unknown>> = {},
    key: KeyObject = this.pair.privateKey,
  ): string {
    const seconds = Math.floor(this.now() / 1000);
    const head = part({ alg: 'EdDSA', kid: 'key-1', typ: 'JWT', ...header });
    const right = { iss: 'steward', aud: 'steward', sub: subject, jti: newId() };
    const body = part({ ...right, iat: seconds, nbf: seconds, exp: seconds + 600, ...claims });
    return `${head}.${body}.${sign(null, Buffer.from(`${head}.${body}`), key).toString('base64url')}`;
  }
}

const part = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');
