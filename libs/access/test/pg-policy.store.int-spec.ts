import { PgDatabase } from '@steward/database';
import { sha256 } from '@steward/kernel';
import { createTestDatabase, type TestDatabase } from '@steward/testing';
import type { PolicyChange } from '../src';
import { PgPolicyStore } from '../src/pg-policy.store';

describe('PgPolicyStore', () => {
  let testDatabase: TestDatabase;
  let database: PgDatabase;
  let store: PgPolicyStore;

  beforeAll(async () => {
    testDatabase = await createTestDatabase({ services: ['training'] });
    database = new PgDatabase({ url: testDatabase.urlOf('training') });
    store = new PgPolicyStore(database);
  });

  afterAll(async () => {
    await database.close();
    await testDatabase.dispose();
  });

  const apply = (change: PolicyChange) => database.transaction((unit) => store.apply(unit, change));
  const expiresAt = Date.UTC(2027, 0, 1, 1, 2, 3, 456);

  it('begins empty and without a heartbeat', async () => {
    const { version, heartbeatAt, roles } = await store.load();
    expect({ version, heartbeatAt, roles: roles.size }).toEqual({ version: 0, heartbeatAt: null, roles: 0 });
  });

  it('gives back what was written, the last word of each', async () => {
    const principal = { id: 'eve', kind: 'person', active: true, roles: [], tokensNotBefore: null } as const;
    const changes: PolicyChange[] = [
      { kind: 'principal', value: { ...principal, active: false } },
      { kind: 'principal', value: { ...principal, roles: [{ role: 'auditor', project: null }] } },
      {
        kind: 'api-key',
        value: {
          id: 'k',
          secretDigest: sha256('s'),
          principalId: 'eve',
          active: true,
          expiresAt,
          project: null,
          scopes: [{ action: ['read'], subject: ['Run'] }],
          limits: { rowsPerDay: 100, concurrentRequests: 2 },
          firstKeyId: 'before',
        },
      },
      { kind: 'signing-key', value: { id: 's', publicKey: '{"kty":"OKP"}', active: true } },
      { kind: 'project', value: { name: 'lending', active: true, tags: [] } },
      {
        kind: 'project',
        value: { name: 'lending', active: false, tags: [], limits: { rowsPerSecond: 0.5 } },
      },
      { kind: 'revoked-session', value: { id: 'old', expiresAt: Date.now() - 1000 } },
      { kind: 'revoked-session', value: { id: 'ended', expiresAt: Date.now() + 60_000 } },
    ];
    const { version: before } = await store.state();
    for (const change of changes) await apply(change);
    const policy = await store.load();
    expect(policy.version).toBe(before + changes.length);
    expect(policy.principals).toEqual(
      new Map([['eve', { ...principal, roles: [{ role: 'auditor', project: null }] }]]),
    );
    expect(policy.apiKeys.get('k')).toEqual(changes[2]?.value);
    expect(policy.signingKeys.get('s')).toEqual(changes[3]?.value);
    expect(policy.revokedSessions).toEqual(new Set(['ended']));
    expect(policy.projects.get('lending')).toEqual({
      name: 'lending',
      active: false,
      tags: [],
      objects: [],
      limits: { rowsPerSecond: 0.5 },
    });
  });

  it('gives back purposes and decisions that are held, whole, the last word of each', async () => {
    const binding = { kind: 'model', name: 'approval', purposes: ['credit'], refusal: null } as const;
    const processing = { project: 'lending', purposeRequired: true, bindings: [binding] };
    const decisions = {
      project: 'lending',
      model: 'approval',
      version: 2,
      active: true,
      labels: ['deny'],
      band: { from: 0.4, to: 0.6 },
    };
    await apply({ kind: 'processing', value: { ...processing, bindings: [] } });
    await apply({ kind: 'processing', value: processing });
    await apply({ kind: 'decisions', value: { ...decisions, version: 1, band: null } });
    await apply({ kind: 'decisions', value: decisions });
    const policy = await store.load();
    expect(policy.processing).toEqual(new Map([['lending', processing]]));
    expect(policy.decisions).toEqual(new Map([['lending/approval', decisions]]));
  });

  it('keeps the newest version of a role, in whatever order they come', async () => {
    const role = (version: number): PolicyChange => ({
      kind: 'role',
      value: { name: 'reader', version, rules: [{ action: ['read'], subject: [`V${version}`] }] },
    });
    for (const version of [2, 10, 9]) await apply(role(version));
    expect((await store.load()).roles.get('reader')).toEqual(role(10).value);
  });

  it('moves the heartbeat forwards alone, and leaves the version', async () => {
    const { version } = await store.state();
    for (const at of [1_000, 3_000, 2_000]) await database.transaction((unit) => store.heartbeat(unit, at));
    expect(await store.state()).toEqual({ version, heartbeatAt: 3_000, environment: null });
  });

  it('takes the environment from heartbeats, as a change where it is another', async () => {
    const { version } = await store.state();
    const beat = (environment?: string) =>
      database.transaction((unit) => store.heartbeat(unit, 4_000, environment));
    for (const environment of ['production', 'production', undefined]) await beat(environment);
    expect(await store.state()).toMatchObject({ version: version + 1, environment: 'production' });
    await beat('staging');
    expect((await store.load()).environment).toBe('staging');
    expect((await store.state()).version).toBe(version + 2);
  });

  it('keeps which datasets, pipelines and models carry tags, the last word', async () => {
    const objects = [{ kind: 'model', name: 'approval', tags: ['credit', 'risky'] }] as const;
    const project = { name: 'tagged', active: true, tags: ['eu'], limits: null };
    for (const each of [[], objects]) await apply({ kind: 'project', value: { ...project, objects: each } });
    expect((await store.load()).projects.get('tagged')).toEqual({ ...project, objects });
    await apply({ kind: 'project', value: project });
    expect((await store.load()).projects.get('tagged')).toEqual({ ...project, objects: [] });
  });

  it('shows nothing of a transaction that fails', async () => {
    const before = await store.load();
    const failing = database.transaction(async (unit) => {
      await store.apply(unit, { kind: 'project', value: { name: 'ghost', active: true, tags: [] } });
      throw new Error('the batch fails');
    });
    await expect(failing).rejects.toThrow('the batch fails');
    expect(await store.load()).toEqual(before);
  });
});
