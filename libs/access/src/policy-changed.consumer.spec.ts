import { Logger } from '@nestjs/common';
import {
  ApiKeyChanged,
  PolicyHeartbeat,
  PrincipalChanged,
  ProjectChanged,
  RoleChanged,
  SigningKeyPublished,
  type JsonEventDefinition,
} from '@steward/contracts';
import type { UnitOfWork } from '@steward/database';
import { FixedClock, sha256 } from '@steward/kernel';
import { EventConsumer, type IncomingEvent } from '@steward/messaging';
import { InMemoryPolicyStore } from './in-memory-policy.store';
import { PolicyCache } from './policy-cache';
import { PolicyConsumers, PolicyHeartbeatConsumer, PolicyUpdate } from './policy-changed.consumer';

beforeAll(() => Logger.overrideLogger(false));

const clock = new FixedClock();
let store: InMemoryPolicyStore;
let cache: PolicyCache;
let committed: (() => unknown)[];
const unit = { afterCommit: (hook: () => unknown) => committed.push(hook) } as unknown as UnitOfWork;

beforeEach(() => {
  store = new InMemoryPolicyStore(() => clock.now());
  cache = new PolicyCache(store, clock);
  committed = [];
});

async function deliver(
  definition: JsonEventDefinition,
  payload: unknown,
  time = clock.iso(),
): Promise<unknown> {
  const update = new PolicyUpdate(store, cache);
  const consumers = PolicyConsumers.map(
    (Type): EventConsumer<JsonEventDefinition> => new Type(update, clock),
  );
  const consumer = consumers.find(({ event }) => event === definition)!;
  const event = { time, payload: definition.schema.parse(payload) } as IncomingEvent<JsonEventDefinition>;
  const result = await consumer.handle(event, unit);
  for (const hook of committed) hook();
  await cache.refresh();
  return result;
}

describe('the policy’s events', () => {
  it('each have a consumer', () => {
    expect(PolicyConsumers).toHaveLength(9);
  });

  it('become the copy, and this process sees it after the commit', async () => {
    await deliver(PrincipalChanged, {
      principalId: 'eve',
      kind: 'person',
      state: 'active',
      roles: [{ role: 'auditor', project: null }],
      tokensNotBefore: '2026-01-01T00:00:00.000Z',
    });
    await deliver(ApiKeyChanged, {
      keyId: 'k',
      secretDigest: sha256('s'),
      principalId: 'eve',
      state: 'revoked',
      expiresAt: null,
      project: 'lending',
    });
    await deliver(RoleChanged, {
      role: 'reader',
      roleVersion: 3,
      rules: [{ action: ['read'], subject: ['Run'] }],
    });
    await deliver(SigningKeyPublished, { keyId: 's', publicKey: '{}', state: 'retired' });
    await deliver(ProjectChanged, { projectId: 'lending', state: 'archived' });
    expect(committed).toHaveLength(5);
    const { principals, apiKeys, roles, signingKeys, projects } = cache.current;
    expect(principals.get('eve')).toEqual({
      id: 'eve',
      kind: 'person',
      active: true,
      roles: [{ role: 'auditor', project: null }],
      tokensNotBefore: Date.UTC(2026, 0, 1),
    });
    expect(apiKeys.get('k')).toMatchObject({ active: false, expiresAt: null, project: 'lending' });
    expect(roles.get('reader')).toMatchObject({ version: 3 });
    expect(signingKeys.get('s')).toMatchObject({ active: false });
    expect(projects.get('lending')).toMatchObject({ active: false, tags: [], objects: [] });
  });

  it('count as a sign of life by the heartbeat’s own time, never a later one', async () => {
    store.heartbeatAt = null;
    const old = new Date(clock.now() - 120_000).toISOString();
    await deliver(PolicyHeartbeat, { beat: 1 }, old);
    expect(cache.staleForMs).toBe(120_000);
    await deliver(PolicyHeartbeat, { beat: 2 }, new Date(clock.now() + 600_000).toISOString());
    expect(cache.staleForMs).toBe(0);
    await deliver(PolicyHeartbeat, { beat: 1 }, old);
    expect(cache.staleForMs).toBe(0);
    expect(PolicyConsumers).toContain(PolicyHeartbeatConsumer);
  });

  it('stop at a rule that cannot be understood', async () => {
    const rules = [{ action: ['read'], subject: ['Run'], conditions: { name: { $regex: 'x' } } }];
    await expect(deliver(RoleChanged, { role: 'odd', roleVersion: 1, rules })).rejects.toThrow('$regex');
    expect(cache.current.roles.has('odd')).toBe(false);
  });
});

describe('PolicyCache', () => {
  it('keeps the last policy, which grows stale, while the store is away', async () => {
    store.heartbeatAt = clock.now();
    store.addProjects('lending');
    await cache.refresh();
    const before = cache.current;
    store.state = () => Promise.reject(new Error('away'));
    clock.advance(90_000);
    await cache.refresh();
    expect(cache.current).toBe(before);
    expect(cache.staleForMs).toBe(90_000);
  });

  it('gives a new object if and only if the policy changed', async () => {
    await cache.refresh();
    const before = cache.current;
    store.heartbeatAt = clock.now();
    await cache.refresh();
    expect(cache.current).toBe(before);
    store.addProjects('flights');
    await cache.refresh();
    expect(cache.current).not.toBe(before);
  });

  it('polls until it is stopped', async () => {
    await cache.onModuleInit();
    store.addProjects('seen');
    while (!cache.current.projects.has('seen')) await new Promise((resolve) => setTimeout(resolve, 10));
    await cache.onModuleDestroy();
  });
});
