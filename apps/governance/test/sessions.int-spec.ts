import { eventually } from '@steward/testing';
import request, { type Response } from 'supertest';
import { ADMIN_PASSWORD, GovernanceHouse } from './support/governance-house';

/** Many round trips, on a machine that may be busy. */
jest.setTimeout(60_000);

interface Browser {
  readonly cookie: string;
  readonly csrf: string;
}
interface Shown {
  readonly sessionId: string;
  readonly principalId: string;
  readonly kind: string;
  readonly current: boolean;
}

describe('sessions, on PostgreSQL', () => {
  let house: GovernanceHouse;
  let admin: string;

  beforeAll(async () => {
    house = await GovernanceHouse.open();
    admin = await house.asAdmin();
  });

  afterAll(() => house.close(), 30_000);

  const logIn = async (user: string, password: string): Promise<Browser & { answer: Response }> => {
    const answer = await request(house.url).post('/v1/session').send({ user, password }).expect(200);
    const [header] = answer.headers['set-cookie'] as unknown as string[];
    const cookie = header!.split(';')[0]!;
    return { answer, cookie, csrf: (answer.body as { csrfToken: string }).csrfToken };
  };
  const browser = (name: string) => logIn(name, `${name}-password-1`);
  const get = (path: string, { cookie }: Browser) => request(house.url).get(path).set('cookie', cookie);
  const sessionsOf = async (who: Browser, query = ''): Promise<Shown[]> =>
    ((await get(`/v1/sessions${query}`, who).expect(200)).body as { items: Shown[] }).items;

  it('gives a browser a cookie that no script and no other site can use', async () => {
    const { answer } = await logIn('administrator', ADMIN_PASSWORD);
    const [cookie] = answer.headers['set-cookie'] as unknown as string[];
    expect(cookie).toMatch(
      /^steward_session=ey[\w.-]+; Max-Age=3(600|599); Path=\/; .*HttpOnly; SameSite=Strict$/,
    );
    expect(cookie).not.toContain('Secure');
    expect(answer.headers['cache-control']).toBe('no-store');
    expect(Object.keys(answer.body as object).sort()).toEqual(['csrfToken', 'expiresAt']);
    const overTls = await request(house.url)
      .post('/v1/session')
      .set('x-forwarded-proto', 'https')
      .send({ user: 'administrator', password: ADMIN_PASSWORD })
      .expect(200);
    expect((overTls.headers['set-cookie'] as unknown as string[])[0]).toContain('; Secure');
  });

  it('takes no login from a form of another site', async () => {
    const form = `user=administrator&password=${encodeURIComponent(ADMIN_PASSWORD)}`;
    for (const type of ['application/x-www-form-urlencoded', 'text/plain', 'multipart/form-data; boundary=x'])
      await request(house.url).post('/v1/session').set('content-type', type).send(form).expect(400);
    await request(house.url).post('/v1/session').send({ user: 'administrator', password: 'no' }).expect(401);
  });

  it('says who calls, with the rules that the console needs', async () => {
    await house.person('sue', ['auditor']);
    const sue = await browser('sue');
    const { body } = await get('/v1/session', sue).expect(200);
    expect(body).toMatchObject({
      kind: 'person',
      user: 'sue',
      roles: [{ role: 'auditor', project: null }],
      credential: 'cookie',
      csrfToken: sue.csrf,
      rules: expect.arrayContaining([['read,verify', 'all']]),
    });
    const byToken = await house.get('/v1/session', admin).expect(200);
    expect(byToken.body).toMatchObject({ credential: 'token', csrfToken: null });
    await request(house.url).get('/v1/session').expect(401);
  });

  it('changes nothing without the CSRF token of this session', async () => {
    const [one, other] = [
      await logIn('administrator', ADMIN_PASSWORD),
      await logIn('administrator', ADMIN_PASSWORD),
    ];
    const post = (csrf?: string) => {
      const call = request(house.url).post('/v1/projects').set('cookie', one.cookie);
      return (csrf === undefined ? call : call.set('x-csrf-token', csrf)).send({ project: 'by-cookie' });
    };
    for (const csrf of [undefined, other.csrf, 'x'])
      expect((await post(csrf).expect(403)).body).toMatchObject({ code: 'ACCESS.CSRF' });
    await get('/v1/projects/by-cookie', one).expect(404);
    await post(one.csrf).expect(201);
  });

  it('ends with the logout, in the browser and here', async () => {
    const ann = await house.person('ann', []).then(() => browser('ann'));
    await request(house.url).delete('/v1/session').set('cookie', ann.cookie).expect(403);
    const gone = await request(house.url)
      .delete('/v1/session')
      .set('cookie', ann.cookie)
      .set('x-csrf-token', ann.csrf)
      .expect(204);
    expect((gone.headers['set-cookie'] as unknown as string[])[0]).toMatch(/^steward_session=; Max-Age=0;/);
    await eventually(async () => {
      const { body } = await get('/v1/session', ann).expect(401);
      expect(body).toMatchObject({ code: 'ACCESS.SESSION_REVOKED' });
    });
    const audited = await house.events('steward.governance.audit.v1');
    expect(audited.map(({ action }) => action)).toContain('session.end');
  });

  it('lists one’s own sessions, and others’ for who may read users; each can be ended', async () => {
    const bob = await house.person('bob', []);
    const [first, second] = [await browser('bob'), await browser('bob')];
    const own = await sessionsOf(first);
    expect(own.map(({ kind }) => kind).sort()).toEqual(['cookie', 'cookie', 'token']);
    expect(own.filter(({ current }) => current)).toHaveLength(1);
    await get('/v1/sessions?principalId=*', first).expect(404);
    const administrator = await logIn('administrator', ADMIN_PASSWORD);
    expect(await sessionsOf(administrator, `?principalId=${bob.id}`)).toHaveLength(3);
    expect((await sessionsOf(administrator, '?principalId=*&limit=200')).length).toBeGreaterThan(3);

    const [foreign] = await sessionsOf(administrator);
    const end = (id: string, who: Browser) =>
      request(house.url).delete(`/v1/sessions/${id}`).set('cookie', who.cookie).set('x-csrf-token', who.csrf);
    await end(foreign!.sessionId, first).expect(404);
    const current = own.find((session) => session.current)!.sessionId;
    const others = own.filter(({ sessionId }) => sessionId !== current).map(({ sessionId }) => sessionId);
    await end(others[0]!, first).expect(204);
    await end(others[1]!, administrator).expect(204);
    await end(others[1]!, administrator).expect(404);
    await eventually(async () => {
      await get('/v1/session', second).expect(401);
      await house.get('/v1/me', bob.token).expect(401);
    });
    expect((await sessionsOf(first)).map(({ sessionId }) => sessionId)).toEqual([current]);
  });

  it('ends them all with the password, and a login right after it holds at once', async () => {
    await house.person('cid', []);
    const cid = await browser('cid');
    await request(house.url)
      .put('/v1/me/password')
      .set('cookie', cid.cookie)
      .set('x-csrf-token', cid.csrf)
      .send({ current: 'cid-password-1', password: 'another password' })
      .expect(204);
    const after = await logIn('cid', 'another password');
    await eventually(() => get('/v1/session', cid).expect(401));
    await get('/v1/session', after).expect(200);
    expect(await sessionsOf(after)).toHaveLength(1);
  });

  it('tells other services which session ended', async () => {
    const ended = await house.rows<{ value: Buffer }>(
      `SELECT value FROM event_log.record WHERE headers->>'ce_type' = 'session.revoked'`,
    );
    expect(ended.length).toBeGreaterThanOrEqual(3);
    const sample = JSON.parse(ended[0]!.value.toString()) as Record<string, unknown>;
    expect(Object.keys(sample).sort()).toEqual(['expiresAt', 'principalId', 'sessionId']);
  });
});
