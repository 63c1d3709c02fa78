import { eventually } from '@steward/testing';
import { GovernanceHouse, PROJECT } from './support/governance-house';

jest.setTimeout(60_000);

type Body = Record<string, unknown>;
type Person = { id: string; token: string };
const PATH = `/v1/projects/${PROJECT}/emergency-accesses`;
const REASON = 'The nightly upload is broken and nobody is on call.';

describe('emergency access, on PostgreSQL', () => {
  let house: GovernanceHouse;
  let admin: string;
  let eve: Person;
  let zoe: Person;

  beforeAll(async () => {
    house = await GovernanceHouse.open();
    admin = await house.asAdmin();
    await house.project();
    eve = await house.person('eve', ['ml-engineer']);
    zoe = await house.person('zoe', ['privacy-officer']);
  });

  afterAll(() => house.close(), 30_000);

  const take = (who: Person, body: object = {}) =>
    house.post(PATH, who.token, { role: 'administrator', reason: REASON, ...body });
  const audited = async (action: string): Promise<Body[]> =>
    (await house.events('steward.governance.audit.v1')).filter((entry) => entry['action'] === action);
  const rolesOf = async ({ token }: Person): Promise<unknown> =>
    ((await house.get('/v1/me', token).expect(200)).body as Body)['roles'];

  const concerning = async ({ token }: Person): Promise<unknown> =>
    ((await house.get('/v1/me/emergency-accesses', token).expect(200)).body as Body)['items'];

  it('names the roles that can be taken to who may take one', async () => {
    const { body } = await house.get(`${PATH}/roles`, eve.token).expect(200);
    const names = (body as { items: { role: string }[] }).items.map(({ role }) => role);
    expect(names).toEqual(expect.arrayContaining(['administrator', 'data-engineer', 'privacy-officer']));
    expect(names).not.toContain('approver');
    const uli = await house.person('uli', ['service']);
    await house.get(`${PATH}/roles`, uli.token).expect(404);
  });

  it('gives the rights at once, tells others, ends by itself, and waits for another’s signature', async () => {
    const policies = `/v1/projects/${PROJECT}/approval-policies/shadow`;
    await house.put(policies, eve.token, { approvers: 1 }).expect(404);
    const { body } = await take(eve).expect(201);
    const { id, informed, until, startedAt } = body as {
      id: string;
      informed: string[];
      until: string;
      startedAt: string;
    };
    expect(informed).toContain(zoe.id);
    expect(informed).not.toContain(eve.id);
    expect(Date.parse(until) - Date.parse(startedAt)).toBe(3_600_000);
    await eventually(() => house.put(policies, eve.token, { approvers: 2 }).expect(200));
    // Only in this project: nothing of the installation.
    await house.post('/v1/projects', eve.token, { project: 'mine' }).expect(403);
    await take(eve).expect(409);
    const open = await house.get(`${PATH}?review=open`, zoe.token).expect(200);
    expect((open.body as { items: Body[] }).items).toMatchObject([{ id, person: eve.id, endedAt: null }]);
    await house.post(`${PATH}/${id}/sign`, zoe.token, { justified: true, reason: REASON }).expect(409);
    // Who took it and who was told see it without any right to read emergencies; nobody else does.
    const uma = await house.person('uma', ['ml-engineer']);
    expect(await concerning(eve)).toMatchObject([{ id, role: 'administrator' }]);
    expect(await concerning(zoe)).toMatchObject([{ id, reason: REASON }]);
    expect(await concerning(uma)).toEqual([]);

    // The hour passes.
    await house.rows(
      `UPDATE governance.emergency_accesses SET started_at = now() - interval '2 hours', until_at = now() WHERE id = $1`,
      [id],
    );
    await eventually(async () =>
      expect((await house.get(`${PATH}/${id}`, zoe.token).expect(200)).body).toMatchObject({
        endedAt: expect.any(String) as string,
      }),
    );
    await eventually(async () =>
      expect(await rolesOf(eve)).toEqual([{ role: 'ml-engineer', project: null }]),
    );
    await house.put(policies, eve.token, { approvers: 3 }).expect(404);
    expect(await concerning(eve)).toEqual([]);
    expect(await concerning(zoe)).toMatchObject([{ id }]);

    const seen = await house.get(`${PATH}/${id}`, zoe.token).expect(200);
    expect((seen.body as { actions: Body[] }).actions).toContainEqual({
      action: 'approval-policy.change',
      times: 1,
    });
    await house.post(`${PATH}/${id}/sign`, eve.token, { justified: true, reason: REASON }).expect(404);
    await house.post(`${PATH}/${id}/sign`, zoe.token, { justified: true }).expect(400);
    await house.post(`${PATH}/${id}/sign`, zoe.token, { justified: true, reason: REASON }).expect(204);
    await house.post(`${PATH}/${id}/sign`, admin, { justified: true, reason: REASON }).expect(409);
    expect((await house.get(`${PATH}?review=open`, zoe.token).expect(200)).body).toMatchObject({ items: [] });
    expect(await concerning(zoe)).toEqual([]);
    for (const action of ['open', 'end', 'review'])
      await eventually(async () => expect(await audited(`emergency-access.${action}`)).toHaveLength(1));
    await eventually(async () =>
      expect(
        (await house.events('steward.governance.emergency-access.v1')).map(({ state }) => state),
      ).toEqual(['active', 'ended', 'reviewed']),
    );
    expect(JSON.stringify(await audited('emergency-access.open'))).not.toContain('nightly upload');
  });

  it('cannot be signed by an account that the person made under it', async () => {
    const mia = await house.person('mia', ['administrator']);
    const { body } = await take(mia, { role: 'data-engineer' }).expect(201);
    const { id } = body as { id: string };
    const sock = await house.person('sock', ['administrator'], mia.token);
    await house.post(`${PATH}/${id}/end`, zoe.token).expect(204);
    await house.post(`${PATH}/${id}/end`, mia.token).expect(204);
    await eventually(async () => expect(await rolesOf(mia)).toHaveLength(1));
    const refused = await house
      .post(`${PATH}/${id}/sign`, sock.token, { justified: true, reason: REASON })
      .expect(403);
    expect(refused.body).toMatchObject({ code: 'GOVERNANCE.ACCOUNT_FROM_EXCLUDED' });
    await house.post(`${PATH}/${id}/sign`, mia.token, { justified: true, reason: REASON }).expect(403);
    await house.post(`${PATH}/${id}/sign`, zoe.token, { justified: false, reason: REASON }).expect(204);
  });

  it('refuses what an emergency does not need', async () => {
    for (const role of ['approver']) {
      const { body } = await take(eve, { role }).expect(403);
      expect(body).toMatchObject({ code: 'GOVERNANCE.EMERGENCY_CANNOT_APPROVE' });
    }
    await take(eve, { role: 'emperor' }).expect(400);
    await take(eve, { minutes: 241 }).expect(400);
    await take(eve, { reason: 'short' }).expect(400);
    const approver = await house.person('ann', ['approver']);
    await take(approver).expect(404);
    await house.get(PATH, eve.token).expect(404);
  });

  it('counts for nothing in approvals', async () => {
    await take(eve, { role: 'administrator' }).expect(201);
    const { requestId } = await house.ask({ model: 'emergency' });
    await house.post(`/v1/projects/${PROJECT}/approvals/${requestId}/approve`, eve.token).expect(403);
  });
});
