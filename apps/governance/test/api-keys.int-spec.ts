import { CredentialUse } from '@steward/access';
import { eventually } from '@steward/testing';
import type request from 'supertest';
import { GovernanceHouse, PROJECT } from './support/governance-house';

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
