import { generateKeyPairSync, sign, type KeyObject } from 'node:crypto';
import {
  BuiltInRoles,
  newApiKey,
  PolicyStore,
  type PolicyChange,
  type PolicySnapshot,
  type PolicyState,
} from '@steward/access';
import { newId } from '@steward/kernel';

/** A policy that a test writes directly, with a signing key and people. */
export class InMemoryPolicyStore extends PolicyStore {
  version = 0;
  heartbeatAt: number | null = Date.now();
  readonly principals = new Map<
    string,
    PolicySnapshot['principals'] extends ReadonlyMap<string, infer P> ? P : never
  >();
  readonly apiKeys = new Map<
    string,
    PolicySnapshot['apiKeys'] extends ReadonlyMap<string, infer P> ? P : never
  >();
  readonly roles = new Map(
    Object.entries(BuiltInRoles).map(([name, rules]) => [name, { name, version: 1, rules }]),
  );
  readonly projects = new Map([['lending', { name: 'lending', active: true }]]);
  private readonly pair = generateKeyPairSync('ed25519');
  readonly signingKeys = new Map([
    [
      'key-1',
      { id: 'key-1', publicKey: JSON.stringify(this.pair.publicKey.export({ format: 'jwk' })), active: true },
    ],
  ]);

  state(): Promise<PolicyState> {
    return Promise.resolve({ version: this.version, heartbeatAt: this.heartbeatAt });
  }

  load(): Promise<PolicySnapshot> {
    const { version, heartbeatAt, principals, apiKeys, roles, signingKeys, projects } = this;
    return Promise.resolve({ version, heartbeatAt, principals, apiKeys, roles, signingKeys, projects });
  }

  apply(_unit: unknown, change: PolicyChange): Promise<void> {
    throw new Error(`Not needed here: ${change.kind}.`);
  }

  heartbeat(): Promise<void> {
    return Promise.resolve();
  }

  person(id: string, roles: { role: string; project: string | null }[]): string {
    this.principals.set(id, { id, kind: 'person', active: true, roles, tokensNotBefore: null });
    return `Bearer ${this.token(id)}`;
  }

  apiKey(principalId: string, project: string | null): string {
    const { keyId, key, secretDigest } = newApiKey();
    this.apiKeys.set(keyId, { id: keyId, secretDigest, principalId, active: true, expiresAt: null, project });
    return key;
  }

  token(sub: string, claims: Record<string, unknown> = {}, key: KeyObject = this.pair.privateKey): string {
    const now = Math.floor(Date.now() / 1000);
    const head = part({ alg: 'EdDSA', kid: 'key-1', typ: 'JWT' });
    const body = part({
      iss: 'steward',
      aud: 'steward',
      sub,
      jti: newId(),
      iat: now,
      nbf: now,
      exp: now + 600,
      ...claims,
    });
    return `${head}.${body}.${sign(null, Buffer.from(`${head}.${body}`), key).toString('base64url')}`;
  }
}

const part = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');
