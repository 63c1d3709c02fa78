import { CredentialUse } from '@steward/access';
import { eventually } from '@steward/testing';
import type request from 'supertest';
import { GovernanceHouse, PROJECT } from './support/governance-house';

const POLICY = 'steward.governance.policy.v1';
const AUDIT = 'steward.governance.audit.v1';

interface Key {
  readonly keyId: string;
  readonly secret: string;
}
interface Shown {
  readonly prefix: string;
  readonly scopes: object[] | null;
  readonly lastUsedAt: string | null;
  readonly expiresAt: string | null;
  readonly replacedBy: string | null;
}

describe('API keys, on PostgreSQL', () => {
  let house: GovernanceHouse;
  let admin: string;
  let machine: string;

  beforeAll(async () => {
    house = await GovernanceHouse.open();
    admin = await house.asAdmin();
    await house.project();
    const roles = [{ role: 'ml-engineer', project: PROJECT }];
    const made = await house.post('/v1/machines', admin, { name: 'robot', roles }).expect(201);
    machine = (made.body as { id: string }).id;
  });

  afterAll(() => house.close());

  const make = async (rest: object = {}): Promise<Key> => {
    const body = { principalId: machine, ...rest };
    return (await house.post('/v1/api-keys', admin, body).expect(201)).body as Key;
  };
  const shown = async (keyId: string): Promise<Shown> =>
    (await house.get(`/v1/api-keys/${keyId}`, admin).expect(200)).body as Shown;
  const project = ({ secret }: Key) => house.get(`/v1/projects/${PROJECT}`, `Bearer ${secret}`);
  const codeOf = async (call: request.Test, status: number): Promise<string> =>
    ((await call.expect(status)).body as { code: string }).code;

  it('carry their scopes and no more, and show their prefix', async () => {
    const scopes = [{ action: ['read'], subject: ['Project'] }];
    const key = await make({ scopes });
    expect(await shown(key.keyId)).toMatchObject({ prefix: `stw_${key.keyId}_`, scopes });
    expect(key.secret.startsWith(`stw_${key.keyId}_`)).toBe(true);
    await eventually(() => project(key).expect(200));
    const list = house.get(`/v1/projects/${PROJECT}/approvals`, `Bearer ${key.secret}`);
    expect(await codeOf(list, 404)).toBe('ACCESS.NOT_FOUND');
    const whole = await make();
    await eventually(() =>
      house.get(`/v1/projects/${PROJECT}/approvals`, `Bearer ${whole.secret}`).expect(200),
    );
  });

  it('are refused with scopes that name what there is not', async () => {
    const bad = { principalId: machine, scopes: [{ action: ['fly'], subject: ['Run'] }] };
    expect(await codeOf(house.post('/v1/api-keys', admin, bad), 400)).toBe('GOVERNANCE.SCOPE_UNKNOWN');
    await house.post('/v1/api-keys', admin, { ...bad, scopes: [] }).expect(400);
  });

  it('are rotated with an overlap, once', async () => {
    const old = await make({ scopes: [{ action: ['read'], subject: ['Project'] }] });
    await eventually(() => project(old).expect(200));
    const rotate = (overlapSeconds: number) =>
      house.post(`/v1/api-keys/${old.keyId}/rotate`, admin, { overlapSeconds });
    const fresh = (await rotate(3_600).expect(201)).body as Key;
    expect(await shown(fresh.keyId)).toMatchObject({ scopes: [{ action: ['read'], subject: ['Project'] }] });
    await eventually(() => project(fresh).expect(200));
    await project(old).expect(200);
    const { replacedBy, expiresAt } = await shown(old.keyId);
    expect(replacedBy).toBe(fresh.keyId);
    expect(Date.parse(expiresAt!)).toBeGreaterThan(Date.now() + 3_000_000);
    expect(await codeOf(rotate(0), 409)).toBe('GOVERNANCE.KEY_REPLACED');
    // Without an overlap the old one ends at once, and never later than it would have.
    const next = await house.post(`/v1/api-keys/${fresh.keyId}/rotate`, admin, { overlapSeconds: 0 });
    expect(next.status).toBe(201);
    await eventually(async () => expect(await codeOf(project(fresh), 401)).toBe('ACCESS.API_KEY_EXPIRED'));
    expect(await codeOf(house.post('/v1/api-keys/0000/rotate', admin, {}), 404)).toBe(
      'GOVERNANCE.KEY_NOT_FOUND',
    );
  });

  it('have limits that inference is told of, audited, and kept by the key that takes their place', async () => {
    const key = await make();
    const limits = { requestsPerSecond: 5, burst: 10, rowsPerDay: 1_000, concurrentRequests: 2 };
    const path = `/v1/api-keys/${key.keyId}/limits`;
    const set = await house.put(path, admin, limits).expect(200);
    expect(set.body).toEqual({ keyId: key.keyId, limits });
    expect(await shown(key.keyId)).toMatchObject({ limits });
    const told = async (keyId: string) =>
      (await house.events(POLICY)).filter((payload) => payload['keyId'] === keyId).at(-1);
    await eventually(async () => expect(await told(key.keyId)).toMatchObject({ state: 'active', limits }));
    const entries = (await house.events(AUDIT)).filter(({ action }) => action === 'api-key.limit');
    expect(entries).toMatchObject([{ object: { kind: 'api-key', id: key.keyId }, details: limits }]);
    const rotated = await house.post(`/v1/api-keys/${key.keyId}/rotate`, admin, {}).expect(201);
    const next = (rotated.body as Key).keyId;
    expect(await shown(next)).toMatchObject({ limits });
    // What it uses is counted with what the first one used, also after another rotation.
    const again = await house.post(`/v1/api-keys/${next}/rotate`, admin, {}).expect(201);
    const last = (again.body as Key).keyId;
    await eventually(async () =>
      expect(await told(last)).toMatchObject({ state: 'active', limits, firstKeyId: key.keyId }),
    );
    expect(await told(next)).toMatchObject({ firstKeyId: key.keyId });
    expect(await told(key.keyId)).toMatchObject({ firstKeyId: null });
    await house.delete(path, admin).expect(204);
    expect(await shown(key.keyId)).toMatchObject({ limits: null });
    await eventually(async () => expect(await told(key.keyId)).toMatchObject({ limits: null }));
  });

  it('are limited by an administrator alone, by limits that say something, while they are active', async () => {
    const key = await make();
    const path = `/v1/api-keys/${key.keyId}/limits`;
    const engineer = await house.person('limiter', ['ml-engineer']);
    await house.put(path, engineer.token, { rowsPerDay: 1 }).expect(404);
    await house.put(`/v1/projects/${PROJECT}/limits`, engineer.token, { rowsPerDay: 1 }).expect(403);
    for (const bad of [{}, { burst: 3 }, { rowsPerDay: 0.5 }, { requests: 1 }, { requestsPerSecond: -1 }])
      await house.put(path, admin, bad).expect(400);
    await house.delete(`/v1/api-keys/${key.keyId}`, admin).expect(204);
    expect(await codeOf(house.put(path, admin, { rowsPerDay: 1 }), 404)).toBe('GOVERNANCE.KEY_NOT_FOUND');
  });

  it('share what their project is limited to', async () => {
    const limits = { rowsPerSecond: 100 };
    await house.put(`/v1/projects/${PROJECT}/limits`, admin, limits).expect(200);
    const { body } = await house.get(`/v1/projects/${PROJECT}`, admin).expect(200);
    expect(body).toMatchObject({ project: PROJECT, state: 'active', limits });
    // Another change of the project leaves them.
    await house.patch(`/v1/projects/${PROJECT}`, admin, { tags: ['credit'] }).expect(200);
    const told = async () =>
      (await house.events(POLICY)).filter((payload) => payload['projectId'] === PROJECT).at(-1);
    await eventually(async () => expect(await told()).toMatchObject({ tags: ['credit'], limits }));
    await house.delete(`/v1/projects/${PROJECT}/limits`, admin).expect(204);
    await eventually(async () => expect(await told()).toMatchObject({ limits: null }));
    const nowhere = house.put('/v1/projects/nowhere/limits', admin, limits);
    expect(await codeOf(nowhere, 404)).toBe('GOVERNANCE.PROJECT_NOT_FOUND');
  });

  it('say when they were last used, told in batches', async () => {
    const key = await make();
    const { lastUsedAt: never } = await shown(key.keyId);
    expect(never).toBeNull();
    await eventually(() => project(key).expect(200));
    await house.running.app.get(CredentialUse).tell();
    await eventually(async () => {
      const { lastUsedAt } = await shown(key.keyId);
      expect(Date.now() - Date.parse(lastUsedAt!)).toBeLessThan(60_000);
    });
  });
});
