import { sha256 } from '@steward/kernel';
import { eventually } from '@steward/testing';
import request from 'supertest';
import { GovernanceHouse, PROJECT } from './support/governance-house';

jest.setTimeout(60_000);

type Body = Record<string, unknown>;
type Person = { id: string; token: string };
const BASE = `/v1/projects/${PROJECT}`;
const HOUR_MS = 3_600_000;

describe('rounds, evidence, environments and delegation of approvals, on PostgreSQL', () => {
  let house: GovernanceHouse;
  let admin: string;
  let ann: Person;
  let bob: Person;
  let eve: Person;
  let dan: Person;

  beforeAll(async () => {
    house = await GovernanceHouse.open();
    admin = await house.asAdmin();
    await house.project();
    // The second administrator writes policies, so that what the first one gave stays clean.
    ann = await house.person('ann', ['approver']);
    bob = await house.person('bob', ['approver']);
    eve = await house.person('eve', ['ml-engineer']);
    dan = await house.person('dan', ['ml-engineer']);
    const zoe = await house.person('zoe', ['administrator']);
    await house
      .put(`${BASE}/approval-policies/pair`, zoe.token, { approvers: 2, delegation: true })
      .expect(200);
    await house
      .put(`${BASE}/approval-policies/strict?environment=staging`, zoe.token, { approvers: 2 })
      .expect(200);
    await house
      .put(`${BASE}/approval-policies/strict?environment=production`, zoe.token, { approvers: 7 })
      .expect(200);
    await house.put(`${BASE}/approval-policies/strict`, zoe.token, { approvers: 1 }).expect(200);
    await house
      .put(`${BASE}/approval-policies/brief`, zoe.token, { expiresAfterHours: 1, approvers: 1 })
      .expect(200);
  });

  afterAll(() => house.close(), 30_000);

  const act = (what: string, id: string, { token }: Person, body: object = {}) =>
    house.post(`${BASE}/approvals/${id}/${what}`, token, body);
  const view = async (id: string): Promise<Body> =>
    (await house.get(`${BASE}/approvals/${id}`, admin).expect(200)).body as Body;
  const actions = async (id: string): Promise<unknown[]> =>
    (await house.events('steward.governance.audit.v1'))
      .filter((entry) => (entry['object'] as Body)['id'] === id)
      .map(({ action }) => action);
  const in_ = (hours: number): string => new Date(Date.now() + hours * HOUR_MS).toISOString();

  it('takes the policy of this environment before the one of any environment', async () => {
    const { requestId: id } = await house.ask({ alias: 'strict', model: 'strict' });
    expect(await view(id)).toMatchObject({
      environment: 'staging',
      policyEnvironment: 'staging',
      policy: { approvers: 2 },
    });
    const other = await house.ask({ alias: 'pair', model: 'general' });
    expect(await view(other.requestId)).toMatchObject({ policyEnvironment: '*', policy: { approvers: 2 } });
    await house.get(`${BASE}/approval-policies/strict?environment=NO`, admin).expect(400);
    const policies = `${BASE}/approval-policies`;
    for (const approvers of [2, 3]) await house.put(`${policies}/listed`, admin, { approvers }).expect(200);
    const { items } = (await house.get(policies, admin).expect(200)).body as { items: Body[] };
    // Each once, in its newest version, and only what somebody set.
    expect(items.filter(({ alias }) => alias === 'listed')).toMatchObject([
      { environment: '*', version: 2, policy: { approvers: 3, delegation: false } },
    ]);
    expect(items).toContainEqual(expect.objectContaining({ alias: 'strict', environment: 'staging' }));
    expect(items.some((each) => each['version'] === 0)).toBe(false);
  });

  it('waits for an answer to requested changes, and then everybody decides anew', async () => {
    const { requestId: id } = await house.ask({ alias: 'pair', model: 'rounds' });
    await act('approve', id, ann).expect(200);
    await act('request-changes', id, bob).expect(400);
    await act('request-changes', id, eve, { reason: 'Which rows?' }).expect(403);
    const asked = await act('request-changes', id, bob, { reason: 'Which rows?' }).expect(200);
    expect(asked.body).toMatchObject({ state: 'changes_requested', round: 1 });
    const blocked = await act('approve', id, bob).expect(409);
    expect(blocked.body).toMatchObject({ code: 'GOVERNANCE.CHANGES_REQUESTED' });
    await act('answer', id, ann, { reason: 'An approver does not answer.' }).expect(403);
    const answered = await act('answer', id, eve, { reason: 'All of May.' }).expect(200);
    expect(answered.body).toMatchObject({ state: 'open', round: 2 });
    await act('answer', id, eve, { reason: 'Once more.' }).expect(409);
    // Ann's word of the first round no longer counts.
    expect((await act('approve', id, bob).expect(200)).body).toMatchObject({ state: 'open' });
    expect((await act('approve', id, ann).expect(200)).body).toMatchObject({ state: 'granted' });
    await eventually(async () =>
      expect(await actions(id)).toEqual(
        expect.arrayContaining(['approval.request_changes', 'approval.answer', 'approval.grant']),
      ),
    );
    expect(JSON.stringify(await house.events('steward.governance.audit.v1'))).not.toContain('All of May');
  });

  it('has who answers stand behind the request', async () => {
    const both = await house.person('both', ['ml-engineer', 'approver']);
    const { requestId: id } = await house.ask({ alias: 'pair', model: 'answered' });
    await act('request-changes', id, bob, { reason: 'Why so few?' }).expect(200);
    await act('answer', id, both, { reason: 'No more came.' }).expect(200);
    const { body } = await act('approve', id, both).expect(403);
    expect(body).toMatchObject({ code: 'GOVERNANCE.EXCLUDED', details: { because: 'answered_changes' } });
    // Who asked for changes does not answer them, whatever other roles there are.
    await act('request-changes', id, ann, { reason: 'Still too few.' }).expect(200);
    await act('reject', id, bob, { reason: 'Enough.' }).expect(200);
    expect(await view(id)).toMatchObject({ state: 'rejected' });
  });

  it('keeps remarks, and evidence by its digest', async () => {
    const { requestId: id } = await house.ask({ model: 'talk' });
    await act('comments', id, eve, { text: '<b>Looks fine</b>' }).expect(201);
    await act('comments', id, eve, { text: ' ' }).expect(400);
    const report = Buffer.from('validation report, second edition');
    const upload = (title: string, bytes: Buffer, type = 'application/octet-stream') =>
      request(house.url)
        .post(`${BASE}/approvals/${id}/evidence-files?title=${encodeURIComponent(title)}`)
        .set('authorization', ann.token)
        .set('content-type', type)
        .send(bytes);
    expect((await upload('Validation', report).expect(201)).body).toMatchObject({ digest: sha256(report) });
    expect((await upload('Again', report).expect(409)).body).toMatchObject({
      code: 'GOVERNANCE.ATTACHED_ALREADY',
    });
    await upload('Wrong type', report, 'text/csv').expect(400);
    const absent = { digest: sha256('nowhere'), title: 'Absent' };
    await act('evidence', id, ann, absent).expect(404);
    const other = await house.ask({ model: 'talk-too' });
    const same = { digest: sha256(report), title: 'Same bytes' };
    await act('evidence', other.requestId, ann, same).expect(201);
    expect(await view(id)).toMatchObject({
      comments: [{ person: eve.id, text: '<b>Looks fine</b>' }],
      evidence: [{ digest: sha256(report), title: 'Validation', size: report.length, attachedBy: ann.id }],
    });
    const download = await house
      .get(`${BASE}/approvals/${id}/evidence/${sha256(report)}`, eve.token)
      .buffer(true)
      .expect(200);
    expect((download.body as Buffer).equals(report)).toBe(true);
    expect(download.headers['content-disposition']).toContain('attachment');
    await house.get(`${BASE}/approvals/${id}/evidence/${sha256('nowhere')}`, eve.token).expect(404);
    await act('comments', id, await house.person('aud', ['auditor']), { text: 'May I?' }).expect(403);
  });

  it('expires what nobody decided in time', async () => {
    const { requestId: id } = await house.ask({ alias: 'brief', model: 'brief' });
    const { expiresAt, openedAt } = await view(id);
    expect(Date.parse(String(expiresAt)) - Date.parse(String(openedAt))).toBe(HOUR_MS);
    await house.rows('UPDATE governance.approval_requests SET expires_at = now() WHERE id = $1', [id]);
    const { body } = await act('approve', id, ann).expect(409);
    expect(['GOVERNANCE.APPROVAL_EXPIRED', 'GOVERNANCE.APPROVAL_CLOSED']).toContain((body as Body)['code']);
    await eventually(async () => expect(await view(id)).toMatchObject({ state: 'expired' }));
    await eventually(async () => expect(await actions(id)).toContain('approval.expire'));
  });

  describe('delegation', () => {
    const delegate = (from: Person, to: Person, hours: [number, number], reason = 'On leave.') =>
      house.post(`${BASE}/approval-delegations`, from.token, {
        to: to.id,
        startsAt: in_(hours[0]),
        endsAt: in_(hours[1]),
        reason,
      });

    it('finds people by name for who may delegate: active ones with a role here, but oneself', async () => {
      const people = async (query: string): Promise<{ items: { displayName: string }[]; next: unknown }> =>
        (await house.get(`${BASE}/approval-delegations/delegates?${query}`, ann.token).expect(200)).body;
      const names = async (query: string) => (await people(query)).items.map((each) => each.displayName);
      const all = await names('');
      expect(all).toEqual(expect.arrayContaining(['bob', 'dan']));
      expect(all).not.toContain('ann');
      expect(await names('search=BOB')).toEqual(['bob']);
      expect(await names('search=%25')).toEqual([]);
      const first = await people('limit=2');
      expect(first.next).not.toBeNull();
      expect(all).toEqual(
        expect.arrayContaining(await names(`limit=200&after=${encodeURIComponent(String(first.next))}`)),
      );
      await house.get(`${BASE}/approval-delegations/delegates`, dan.token).expect(403);
    });

    it('lets the delegate decide for requests that are opened after it, and stand for one authority', async () => {
      const before = await house.ask({ alias: 'pair', model: 'before' });
      await act('approve', before.requestId, dan).expect(403);
      await delegate(ann, dan, [-1, 8]).expect(201);
      await eventually(async () => {
        const { body } = await act('approve', before.requestId, dan).expect(403);
        expect(body).toMatchObject({ code: 'GOVERNANCE.DELEGATION_VOID' });
      });
      const { requestId: id } = await house.ask({ alias: 'pair', model: 'after' });
      await act('approve', id, dan).expect(200);
      // Ann and who decides in her place are one.
      expect((await act('approve', id, ann).expect(200)).body).toMatchObject({ state: 'open' });
      expect((await act('approve', id, bob).expect(200)).body).toMatchObject({ state: 'granted' });
    });

    it('is no way round four eyes', async () => {
      const excluded = [{ person: dan.id, because: 'started_run' as const }];
      const { requestId: id } = await house.ask({ alias: 'pair', model: 'own', excluded });
      expect((await act('approve', id, dan).expect(403)).body).toMatchObject({ code: 'GOVERNANCE.EXCLUDED' });
      const hers = [{ person: ann.id, because: 'changed_pipeline' as const }];
      const asked = await house.ask({ alias: 'pair', model: 'hers', excluded: hers });
      expect((await act('approve', asked.requestId, dan).expect(403)).body).toMatchObject({
        code: 'GOVERNANCE.DELEGATION_VOID',
      });
      // Where the policy does not allow delegation it gives nothing.
      const plain = await house.ask({ model: 'plain' });
      expect((await act('approve', plain.requestId, dan).expect(403)).body).toMatchObject({
        code: 'GOVERNANCE.NO_ROLE',
      });
      expect((await delegate(dan, eve, [0, 8]).expect(403)).body).toMatchObject({
        code: 'GOVERNANCE.NOTHING_TO_DELEGATE',
      });
    });

    it('refuses what makes no sense, and ends when it is taken back', async () => {
      await delegate(bob, bob, [0, 8]).expect(409);
      await delegate(bob, eve, [8, 1]).expect(400);
      await delegate(bob, eve, [-9, -1]).expect(400);
      await delegate(bob, eve, [0, 24 * 91]).expect(400);
      await delegate(eve, dan, [0, 8]).expect(403);
      const { body } = await delegate(bob, eve, [-1, 8]).expect(201);
      const path = `${BASE}/approval-delegations/${(body as { id: string }).id}`;
      const { requestId: id } = await house.ask({ alias: 'pair', model: 'back' });
      await eventually(() => act('approve', id, eve).expect(200));
      expect(await view(id)).toMatchObject({ decisions: [{ person: eve.id, counts: true }] });
      await request(house.url).delete(path).set('authorization', ann.token).expect(403);
      await request(house.url).delete(path).set('authorization', bob.token).expect(204);
      expect(await view(id)).toMatchObject({ decisions: [{ person: eve.id, counts: false }] });
      await eventually(() => act('reject', id, eve, { reason: 'No longer.' }).expect(403));
      const listed = await house.get(`${BASE}/approval-delegations`, admin).expect(200);
      expect((listed.body as { items: Body[] }).items.at(-1)).toMatchObject({
        from: bob.id,
        to: eve.id,
        revokedAt: expect.any(String) as string,
      });
    });
  });
});
