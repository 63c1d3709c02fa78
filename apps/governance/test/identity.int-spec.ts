import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { credentials, Metadata, status, type ServiceError } from '@grpc/grpc-js';
import { GovernanceServiceClient } from '@steward/contracts/generated/steward/governance/v1/governance';
import { BuiltInRoles } from '@steward/access';
import { eventually } from '@steward/testing';
import { createLocalJWKSet, jwtVerify, type JSONWebKeySet } from 'jose';
import request from 'supertest';
import { ADMIN_PASSWORD, GovernanceHouse } from './support/governance-house';

/** Many round trips, on a machine that may be busy. */
jest.setTimeout(60_000);

const POLICY = 'steward.governance.policy.v1';
const AUDIT = 'steward.governance.audit.v1';

describe('identity, on PostgreSQL', () => {
  let house: GovernanceHouse;
  let admin: string;

  beforeAll(async () => {
    house = await GovernanceHouse.open();
    admin = await house.asAdmin();
  });

  afterAll(() => house.close(), 30_000);

  const types = async () => {
    const rows = await house.rows<{ headers: Record<string, string> }>(
      `SELECT headers FROM event_log.record JOIN event_log.topic ON topic.id = topic_id WHERE name = $1`,
      [POLICY],
    );
    return rows.map(({ headers }) => headers['ce_type']);
  };

  it('publishes roles, its key, services and the first administrator, and beats', async () => {
    expect((await types()).filter((type) => type === 'role.changed')).toHaveLength(
      Object.keys(BuiltInRoles).length,
    );
    const published = await types();
    expect(published).toEqual(expect.arrayContaining(['signing-key.published', 'policy.heartbeat']));
    expect(published.filter((type) => type === 'principal.changed').length).toBeGreaterThanOrEqual(6);
  });

  it('gives a token that the published key verifies', async () => {
    const { body } = await request(house.url)
      .post('/v1/login')
      .send({ user: 'Administrator', password: ADMIN_PASSWORD })
      .expect(200);
    const { token, principalId } = body as { token: string; principalId: string };
    const keys = await request(house.url).get('/.well-known/jwks.json').expect(200);
    const verified = await jwtVerify(token, createLocalJWKSet(keys.body as JSONWebKeySet), {
      issuer: 'steward',
      audience: 'steward',
    });
    expect(verified.payload.sub).toBe(principalId);
    expect(verified.protectedHeader.alg).toBe('EdDSA');
  });

  it('says the same to a wrong password and an unknown user, and audits both', async () => {
    const wrong = await request(house.url)
      .post('/v1/login')
      .send({ user: 'administrator', password: 'no' })
      .expect(401);
    const unknown = await request(house.url)
      .post('/v1/login')
      .send({ user: 'nobody', password: 'no' })
      .expect(401);
    const { correlation: _one, ...first } = wrong.body as Record<string, unknown>;
    const { correlation: _two, ...second } = unknown.body as Record<string, unknown>;
    expect(first).toEqual(second);
    await eventually(async () => {
      const refused = (await house.events(AUDIT)).filter(({ action }) => action === 'login.refuse');
      expect(refused).toHaveLength(2);
      expect(JSON.stringify(refused)).not.toContain('nobody');
    });
  });

  it('locks a name out after failures, whether it exists or not', async () => {
    const guess = async (user: string, password: string): Promise<number> =>
      (await request(house.url).post('/v1/login').send({ user, password })).status;
    for (const user of ['administrator', 'ghost']) {
      // Each lock lasts twice as long as the one before: on a busy machine the first may be over before the next guess.
      await eventually(async () => {
        expect(await guess(user, 'guess')).toBe(429);
        // The right password does not help while it lasts.
        expect(await guess(user, ADMIN_PASSWORD)).toBe(429);
      });
    }
    // And works afterwards.
    await eventually(() =>
      request(house.url)
        .post('/v1/login')
        .send({ user: 'administrator', password: ADMIN_PASSWORD })
        .expect(200),
    );
  });

  it('keeps its keys in files that only it can read', () => {
    const folder = join(house.folder, 'keys');
    const files = readdirSync(folder);
    expect(files).toEqual(expect.arrayContaining(['audit-log.pem', 'token-signing.pem']));
    for (const file of files) expect(statSync(join(folder, file)).mode & 0o777).toBe(0o600);
    expect(statSync(folder).mode & 0o777).toBe(0o700);
  });

  it('refuses short passwords, taken names, unknown roles, projects and people', async () => {
    await house.post('/v1/users', admin, { user: 'sam', password: 'short' }).expect(400);
    await house.post('/v1/users', admin, { user: 'ADMINISTRATOR', password: 'long enough 12' }).expect(409);
    const roles = [{ role: 'king', project: null }];
    await house.post('/v1/users', admin, { user: 'sam', password: 'long enough 12', roles }).expect(400);
    const elsewhere = [{ role: 'auditor', project: 'nowhere' }];
    await house
      .post('/v1/users', admin, { user: 'sam', password: 'long enough 12', roles: elsewhere })
      .expect(404);
    await house.put('/v1/users/nobody/roles', admin, { roles: [] }).expect(404);
    await house.put('/v1/users/governance/roles', admin, { roles: [] }).expect(404);
  });

  it('makes people, whose rights and whose end reach the guard at once', async () => {
    const ann = await house.person('ann', ['auditor']);
    await house.get('/v1/users', ann.token).expect(200);
    await house.post('/v1/projects', ann.token, { project: 'mine' }).expect(403);
    await house.put(`/v1/users/${ann.id}/roles`, admin, { roles: [] }).expect(200);
    await eventually(() => house.get('/v1/users', ann.token).expect(404));
    await house.patch(`/v1/users/${ann.id}`, admin, { state: 'disabled' }).expect(200);
    await eventually(() => house.get('/v1/me', ann.token).expect(401));
    await request(house.url).post('/v1/login').send({ user: 'ann', password: 'ann-password-1' }).expect(401);
  });

  it('keeps one administrator', async () => {
    const { body } = await house.get('/v1/me', admin).expect(200);
    const { principalId } = body as { principalId: string };
    await house.put(`/v1/users/${principalId}/roles`, admin, { roles: [] }).expect(409);
    await house.patch(`/v1/users/${principalId}`, admin, { state: 'disabled' }).expect(409);
    await house.get('/v1/users', admin).expect(200);
  });

  it('gives machines keys that are shown once, bound to a project, and end', async () => {
    await house.project('keys');
    const roles = [{ role: 'service', project: null }];
    const machine = await house.post('/v1/machines', admin, { name: 'caller', roles }).expect(201);
    const { id } = machine.body as { id: string };
    const made = await house.post('/v1/api-keys', admin, { principalId: id, project: 'keys' }).expect(201);
    const { keyId, secret } = made.body as { keyId: string; secret: string };
    const credential = `Bearer ${secret}`;
    await eventually(() => house.get('/v1/projects/keys', credential).expect(200));
    const names = await house.get('/v1/projects/keys/people', credential).expect(403);
    expect(names.body).toMatchObject({ code: 'GOVERNANCE.NAMES_FOR_PEOPLE' });
    const listed = await house.get(`/v1/api-keys?principalId=${id}`, admin).expect(200);
    expect(JSON.stringify(listed.body)).not.toContain(secret.slice(`stw_${keyId}_`.length));
    expect(JSON.stringify(listed.body)).not.toContain('secretDigest');
    await request(house.url).delete(`/v1/api-keys/${keyId}`).set('authorization', admin).expect(204);
    await eventually(() => house.get('/v1/projects/keys', credential).expect(401));
    await request(house.url).delete(`/v1/api-keys/${keyId}`).set('authorization', admin).expect(404);
  });

  it('makes no key in another person’s name', async () => {
    const bob = await house.person('bob', ['approver']);
    const refused = await house.post('/v1/api-keys', admin, { principalId: bob.id }).expect(403);
    expect(refused.body).toMatchObject({ code: 'GOVERNANCE.KEY_OF_ANOTHER' });
    await house
      .post('/v1/api-keys', admin, { principalId: bob.id, expiresAt: '2020-01-01T00:00:00Z' })
      .expect(400);
  });

  it('lets a person change the own password, which ends all sessions', async () => {
    const cid = await house.person('cid', ['auditor']);
    const next = { current: 'cid-password-1', password: 'another password' };
    await house.put('/v1/me/password', cid.token, { ...next, current: 'wrong' }).expect(401);
    await eventually(async () => {
      // Tokens count in whole seconds: the one in hand must be of an earlier second than the change.
      await house.put('/v1/me/password', cid.token, next).expect(204);
    });
    await eventually(() => house.get('/v1/me', cid.token).expect(401));
    await request(house.url).post('/v1/login').send({ user: 'cid', password: next.password }).expect(200);
  });

  it('shows each the projects that he may see', async () => {
    await house.project('alpha');
    const dan = await house.person('dan', []);
    const roles = [{ role: 'data-engineer', project: 'alpha' }];
    await house.put(`/v1/users/${dan.id}/roles`, admin, { roles }).expect(200);
    await eventually(async () => {
      const { body } = await house.get('/v1/projects', dan.token).expect(200);
      expect((body as { items: { project: string }[] }).items.map(({ project }) => project)).toEqual([
        'alpha',
      ]);
    });
    await house.get('/v1/projects/keys', dan.token).expect(404);
    await house.post('/v1/projects', admin, { project: 'alpha' }).expect(409);
    await house.post('/v1/projects', admin, { project: 'Not A Name' }).expect(400);
  });

  it('names the people of a project to its members, and to nobody else', async () => {
    await house.project('crew');
    await house.project('strangers');
    const eve = await house.person('eve', []);
    const roles = [{ role: 'data-engineer', project: 'crew' }];
    await house.put(`/v1/users/${eve.id}/roles`, admin, { roles }).expect(200);
    const names = async (query: string): Promise<string[]> => {
      const { body } = await house.get(`/v1/projects/crew/people?${query}`, eve.token).expect(200);
      return (body as { items: { name: string }[] }).items.map(({ name }) => name);
    };
    await eventually(async () => expect(await names('search=EVE')).toEqual(['eve']));
    // Who holds a role everywhere works here too; who holds one elsewhere is not named.
    expect(await names('')).toContain('administrator');
    const finn = await house.person('finn', []);
    const elsewhere = [{ role: 'data-engineer', project: 'strangers' }];
    await house.put(`/v1/users/${finn.id}/roles`, admin, { roles: elsewhere }).expect(200);
    expect(await names('search=finn')).toEqual([]);
    const first = await house.get('/v1/projects/crew/people?limit=1', eve.token).expect(200);
    const { items, next } = first.body as { items: Record<string, string>[]; next: string };
    expect(Object.keys(items[0]!).sort()).toEqual(['displayName', 'id', 'name']);
    expect(await names(`after=${next}`)).not.toContain(items[0]!['name']);
    await house.get('/v1/projects/strangers/people', eve.token).expect(404);
    await eventually(() => house.get('/v1/projects/strangers/people', finn.token).expect(200));
    await house.get('/v1/projects/crew/people', finn.token).expect(404);
  });

  it('answers over gRPC: login for everybody, the rest with a token', async () => {
    const client = new GovernanceServiceClient(
      `127.0.0.1:${house.running.grpcPort}`,
      credentials.createInsecure(),
    );
    const token = await new Promise<string>((resolve, reject) =>
      client.login({ user: 'administrator', password: ADMIN_PASSWORD }, (error, answer) =>
        error ? reject(error) : resolve(answer.token),
      ),
    );
    const head = (metadata: Metadata) =>
      new Promise<number>((resolve, reject) =>
        client.getAuditHead({}, metadata, (error, answer) => (error ? reject(error) : resolve(answer.size))),
      );
    await expect(head(new Metadata())).rejects.toMatchObject({ code: status.UNAUTHENTICATED });
    const metadata = new Metadata();
    metadata.set('authorization', `Bearer ${token}`);
    expect(await head(metadata)).toBeGreaterThan(0);
    const refused = await new Promise<ServiceError>((resolve) =>
      client.login({ user: '', password: '' }, (error) => resolve(error!)),
    );
    expect(refused.code).toBe(status.INVALID_ARGUMENT);
    client.close();
  });

  it('starts again without a second administrator, new keys or a new policy', async () => {
    const before = (await types()).filter((type) => type !== 'policy.heartbeat').length;
    await house.running.close();
    await house.start('');
    await house.get('/v1/users', admin).expect(200);
    expect((await types()).filter((type) => type !== 'policy.heartbeat')).toHaveLength(before);
  });
});

describe('the first start without a password', () => {
  it('tells whoever started it, once, a password with which one can log in', async () => {
    const said: Record<string, unknown>[] = [];
    const before = process.send?.bind(process);
    process.send = (
      message: Record<string, unknown>,
      _handle?: unknown,
      _options?: unknown,
      done?: unknown,
    ) => {
      said.push(message);
      if (typeof done === 'function') (done as (error: Error | null) => void)(null);
      return true;
    };
    const house = await GovernanceHouse.open('');
    try {
      expect(said).toEqual([
        { type: 'first-administrator', user: 'administrator', password: expect.any(String) },
      ]);
      await house.login('administrator', said[0]!['password'] as string);
      const logged = JSON.stringify(await house.events(AUDIT));
      expect(logged).not.toContain(said[0]!['password']);
    } finally {
      process.send = before;
      await house.close();
    }
  });
});
