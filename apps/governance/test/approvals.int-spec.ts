import { credentials, Metadata } from '@grpc/grpc-js';
import { verifyBundle } from '@steward/audit-log';
import { AliasChanged, ApprovalRequested, ApprovalVoided, type PayloadOf } from '@steward/contracts';
import { GovernanceServiceClient } from '@steward/contracts/generated/steward/governance/v1/governance';
import { newId, sha256 } from '@steward/kernel';
import { eventually } from '@steward/testing';
import request from 'supertest';
import { approvalRequest, GovernanceHouse, PROJECT } from './support/governance-house';

/** Many round trips, on a machine that may be busy. */
jest.setTimeout(60_000);

type Asked = PayloadOf<typeof ApprovalRequested>;
type Body = Record<string, unknown>;
const APPROVALS = `/v1/projects/${PROJECT}/approvals`;
const DECIDED = 'steward.governance.approval.v1';

describe('approvals, on PostgreSQL', () => {
  let house: GovernanceHouse;
  let admin: string;
  let ann: { id: string; token: string };
  let bob: { id: string; token: string };
  let eve: { id: string; token: string };

  beforeAll(async () => {
    house = await GovernanceHouse.open();
    admin = await house.asAdmin();
    await house.project();
    ann = await house.person('ann', ['approver']);
    bob = await house.person('bob', ['approver']);
    // An engineer who also holds the approver's role, and an administrator's.
    eve = await house.person('eve', ['ml-engineer', 'approver', 'administrator']);
  });

  afterAll(() => house.close(), 30_000);

  const act = (what: string, asked: Asked, token: string, body: object = {}) =>
    house.post(`${APPROVALS}/${asked.requestId}/${what}`, token, body);
  const view = async (asked: Asked): Promise<Body> =>
    (await house.get(`${APPROVALS}/${asked.requestId}`, admin).expect(200)).body as Body;
  const decided = async (asked: Asked): Promise<Body[]> =>
    (await house.events(DECIDED)).filter(({ requestId }) => requestId === asked.requestId);
  const audited = async (action: string, asked: Asked): Promise<Body[]> =>
    (await house.events('steward.governance.audit.v1')).filter(
      (entry) => entry['action'] === action && (entry['object'] as Body)['id'] === asked.requestId,
    );
  const byEve = { excluded: [{ person: '', because: 'started_run' as const }] };

  beforeAll(() => {
    byEve.excluded[0]!.person = eve.id;
  });

  it('grants what one clean person approves, naming exactly what was asked for', async () => {
    const replaces = sha256('old champion');
    const asked = await house.ask({ ...byEve, replaces }, eve.id);
    const listed = await house.get(`${APPROVALS}?state=open`, ann.token).expect(200);
    expect((listed.body as { items: Body[] }).items.map(({ id }) => id)).toEqual([asked.requestId]);
    const { body } = await act('approve', asked, ann.token, { reason: 'Figures look fine.' }).expect(200);
    expect(body).toMatchObject({
      state: 'granted',
      decisions: [{ person: ann.id, kind: 'approve', counts: true }],
    });
    await eventually(async () =>
      expect(await decided(asked)).toEqual([
        {
          requestId: asked.requestId,
          decision: 'granted',
          model: 'approval',
          version: asked.version,
          digest: asked.digest,
          alias: 'champion',
          replaces,
          approvers: [ann.id],
          waivers: [],
        },
      ]),
    );
    await act('approve', asked, bob.token).expect(409);
    // The reason is not in the audit log, only its digest.
    await eventually(async () => expect(await audited('approval.approve', asked)).toHaveLength(2));
    expect(JSON.stringify(await audited('approval.approve', asked))).not.toContain('Figures look fine');
  });

  it('carries the correlation of the request on', async () => {
    const asked = approvalRequest();
    const correlation = newId();
    await house.training.tell(ApprovalRequested, asked, eve.id, correlation);
    await eventually(() => house.get(`${APPROVALS}/${asked.requestId}`, admin).expect(200));
    await act('approve', asked, ann.token).expect(200);
    await eventually(async () => {
      const entries = [
        ...(await audited('approval.open', asked)),
        ...(await audited('approval.grant', asked)),
      ];
      expect(entries.map((entry) => entry['correlation'])).toEqual([correlation, correlation]);
    });
  });

  describe('four eyes', () => {
    it('refuses who stands behind the request, whatever the roles, and says so in the audit log', async () => {
      const asked = await house.ask(byEve, eve.id);
      const { body } = await act('approve', asked, eve.token).expect(403);
      expect(body).toMatchObject({ code: 'GOVERNANCE.EXCLUDED', details: { because: 'started_run' } });
      await act('waive', asked, eve.token, { gate: 'minimumAuc', reason: 'I say so.' }).expect(403);
      expect(await view(asked)).toMatchObject({ state: 'open', decisions: [], waivableBy: ['approver'] });
      await eventually(async () =>
        expect(await audited('approval.approve', asked)).toMatchObject([
          { outcome: 'refused', actor: { id: eve.id }, details: { code: 'GOVERNANCE.EXCLUDED' } },
        ]),
      );
    });

    it('refuses an API key, also the excluded person’s own, and a machine', async () => {
      const asked = await house.ask(byEve, eve.id);
      for (const who of [eve, bob]) {
        // Only administrators make keys; a key for another is refused, so bob has none to abuse.
        const made = await house.post('/v1/api-keys', eve.token, { principalId: who.id });
        if (who === bob) {
          expect(made.status).toBe(403);
          continue;
        }
        const credential = `Bearer ${(made.body as { secret: string }).secret}`;
        await eventually(() => house.get('/v1/me', credential).expect(200));
        const { body } = await act('approve', asked, credential).expect(403);
        expect(body).toMatchObject({ code: 'GOVERNANCE.PERSONAL_LOGIN_NEEDED' });
      }
      const roles = [{ role: 'approver', project: null }];
      const machine = await house.post('/v1/machines', admin, { name: 'robot', roles }).expect(201);
      const key = await house
        .post('/v1/api-keys', admin, { principalId: (machine.body as Body)['id'] })
        .expect(201);
      const credential = `Bearer ${(key.body as { secret: string }).secret}`;
      await eventually(() => house.get('/v1/me', credential).expect(200));
      const { body } = await act('approve', asked, credential).expect(403);
      expect(body).toMatchObject({ code: 'GOVERNANCE.NOT_A_PERSON' });
      expect(await view(asked)).toMatchObject({ state: 'open' });
    });

    it('refuses a role that was given after the request was opened', async () => {
      const late = await house.person('late', []);
      const asked = await house.ask(byEve, eve.id);
      await house
        .put(`/v1/users/${late.id}/roles`, admin, { roles: [{ role: 'approver', project: null }] })
        .expect(200);
      await eventually(async () => {
        const { body } = await act('approve', asked, late.token).expect(403);
        expect(body).toMatchObject({ code: 'GOVERNANCE.ROLE_TOO_NEW' });
      });
      // It counts for the next request.
      const next = await house.ask(byEve, eve.id);
      await act('approve', next, late.token).expect(200);
    });

    it('refuses a role from an excluded person, and an account that such a person made', async () => {
      const friend = await house.person('friend', []);
      await house
        .put(`/v1/users/${friend.id}/roles`, eve.token, { roles: [{ role: 'approver', project: null }] })
        .expect(200);
      const sock = await house.person('sock', ['approver', 'administrator'], eve.token);
      const third = await house.person('third', ['approver'], sock.token);
      const asked = await house.ask(byEve, eve.id);
      const code = async (token: string) =>
        ((await act('approve', asked, token).expect(403)).body as { code: string }).code;
      await eventually(async () => expect(await code(friend.token)).toBe('GOVERNANCE.ROLE_FROM_EXCLUDED'));
      expect(await code(sock.token)).toBe('GOVERNANCE.ACCOUNT_FROM_EXCLUDED');
      expect(await code(third.token)).toBe('GOVERNANCE.ACCOUNT_FROM_EXCLUDED');
      // Eve takes the sock's power back: that changes nothing.
      await house.put(`/v1/users/${sock.id}/roles`, eve.token, { roles: [] }).expect(200);
      expect(await code(third.token)).toBe('GOVERNANCE.ACCOUNT_FROM_EXCLUDED');
      // Of a request that eve has nothing to do with they may decide.
      await act('approve', await house.ask({}, 'u-other'), third.token).expect(200);
    });

    it('refuses who changed the policy, and does not let that person’s later gifts count', async () => {
      const path = `/v1/projects/${PROJECT}/approval-policies/shadow`;
      const policy = { gates: { minimumAuc: 0.5 } };
      const { body } = await house.put(path, eve.token, policy).expect(200);
      expect(body).toMatchObject({
        version: 1,
        changedBy: eve.id,
        policy: { approvers: 1, roles: ['approver'] },
      });
      await house.put(path, eve.token, policy).expect(200);
      expect((await house.get(path, ann.token).expect(200)).body).toMatchObject({ version: 1 });
      const asked = await house.ask({ alias: 'shadow', model: 'other' });
      const refused = await act('approve', asked, eve.token).expect(403);
      expect(refused.body).toMatchObject({ details: { because: 'changed_policy' } });
      expect(await view(asked)).toMatchObject({ excluded: [{ person: eve.id, because: 'changed_policy' }] });
      await act('approve', asked, ann.token).expect(200);
    });

    it('lets nobody decide who may not see the project, and none whose account was disabled', async () => {
      const gone = await house.person('gone', ['approver']);
      const asked = await house.ask();
      await house.patch(`/v1/users/${gone.id}`, admin, { state: 'disabled' }).expect(200);
      const { status } = await act('approve', asked, gone.token);
      expect([401, 403]).toContain(status);
      const auditor = await house.person('aud', ['auditor']);
      await act('approve', asked, auditor.token).expect(403);
      const nobody = await house.person('nobody', []);
      await act('approve', asked, nobody.token).expect(404);
      await request(house.url).post(`${APPROVALS}/${asked.requestId}/approve`).expect(401);
    });
  });

  it('needs as many people as the policy says, counting each once, and again at the end', async () => {
    const path = `/v1/projects/${PROJECT}/approval-policies/pair`;
    await house.put(path, admin, { approvers: 2 }).expect(200);
    const asked = await house.ask({ alias: 'pair', model: 'double' });
    expect((await act('approve', asked, ann.token).expect(200)).body).toMatchObject({ state: 'open' });
    const again = await act('approve', asked, ann.token).expect(409);
    expect(again.body).toMatchObject({ code: 'GOVERNANCE.ALREADY_DECIDED' });
    // Ann loses the role: her word no longer counts.
    await house.put(`/v1/users/${ann.id}/roles`, admin, { roles: [] }).expect(200);
    expect((await act('approve', asked, bob.token).expect(200)).body).toMatchObject({ state: 'open' });
    await house
      .put(`/v1/users/${ann.id}/roles`, admin, { roles: [{ role: 'approver', project: null }] })
      .expect(200);
    expect(await view(asked)).toMatchObject({
      state: 'open',
      decisions: [{ counts: false }, { counts: true }],
    });
    await eventually(async () => {
      const { body } = await act('approve', asked, ann.token).expect(403);
      expect(body).toMatchObject({ code: 'GOVERNANCE.ROLE_TOO_NEW' });
    });
  });

  it('holds what failed a gate until somebody waives it with a reason', async () => {
    const asked = await house.ask({
      ...byEve,
      figures: { auc: 0.81, demographicParityRatio: null },
      sensitiveInputs: ['race'],
    });
    const { body } = await act('approve', asked, ann.token).expect(409);
    expect(body).toMatchObject({
      code: 'GOVERNANCE.GATE_FAILED',
      details: { gates: ['demographicParityRatio', 'noSensitiveInputs'] },
    });
    await act('waive', asked, ann.token, { gate: 'noSensitiveInputs' }).expect(400);
    await act('waive', asked, ann.token, { gate: 'noSuchGate', reason: 'Because.' }).expect(400);
    await act('waive', asked, ann.token, { gate: 'minimumAuc', reason: 'Because.' }).expect(409);
    const auditor = await house.person('aud', ['auditor']);
    await act('waive', asked, auditor.token, { gate: 'noSensitiveInputs', reason: 'Because.' }).expect(403);
    await act('waive', asked, ann.token, { gate: 'noSensitiveInputs', reason: 'Study only.' }).expect(200);
    await act('approve', asked, bob.token).expect(409);
    await act('waive', asked, ann.token, { gate: 'demographicParityRatio', reason: 'Too few rows.' }).expect(
      200,
    );
    expect((await act('approve', asked, bob.token).expect(200)).body).toMatchObject({ state: 'granted' });
    await eventually(async () =>
      expect(await decided(asked)).toMatchObject([
        {
          approvers: [bob.id],
          waivers: [
            { gate: 'noSensitiveInputs', person: ann.id },
            { gate: 'demographicParityRatio', person: ann.id },
          ],
        },
      ]),
    );
  });

  it('refuses an approval that means another model', async () => {
    const asked = await house.ask();
    const { body } = await act('approve', asked, ann.token, { digest: sha256('another') }).expect(409);
    expect(body).toMatchObject({ code: 'GOVERNANCE.DIGEST_MISMATCH' });
    await act('approve', asked, ann.token, { digest: 'not a digest' }).expect(400);
    await house.post(`/v1/projects/nowhere/approvals/${asked.requestId}/approve`, ann.token).expect(404);
    await act('approve', { ...asked, requestId: newId() }, ann.token).expect(404);
  });

  it('rejects with a reason, and then nobody grants', async () => {
    const asked = await house.ask();
    await act('reject', asked, ann.token).expect(400);
    expect((await act('reject', asked, ann.token, { reason: 'Not yet.' }).expect(200)).body).toMatchObject({
      state: 'rejected',
    });
    await act('approve', asked, bob.token).expect(409);
    await eventually(async () => expect(await decided(asked)).toMatchObject([{ decision: 'rejected' }]));
  });

  it('lets a newer request take the place of an older one, and a re-delivery change nothing', async () => {
    const older = await house.ask({ model: 'again' });
    const newer = await house.ask({ model: 'again' });
    expect(await view(older)).toMatchObject({ state: 'expired' });
    await act('approve', older, ann.token).expect(409);
    await house.training.tell(ApprovalRequested, older, 'u-nobody');
    await house.training.tell(ApprovalRequested, { ...newer, figures: { auc: 0.1 } }, 'u-nobody');
    const last = await house.ask({ model: 'unrelated' });
    expect(await view(newer)).toMatchObject({ state: 'open', figures: { auc: 0.81 } });
    expect(await view(last)).toMatchObject({ state: 'open' });
    await eventually(async () => expect(await decided(older)).toMatchObject([{ decision: 'expired' }]));
  });

  it('closes what would replace an earlier champion, and what training could not carry out', async () => {
    const asked = await house.ask({ model: 'moved', replaces: sha256('first') });
    await house.training.tell(AliasChanged, aliasChanged('moved', sha256('second')), 'u-nobody');
    await eventually(async () => expect(await view(asked)).toMatchObject({ state: 'expired' }));
    await act('approve', asked, ann.token).expect(409);
    const next = await house.ask({ model: 'moved', replaces: sha256('second') });
    await act('approve', next, ann.token).expect(200);
    const code = 'TRAINING.CHAMPION_CHANGED';
    await house.training.tell(
      ApprovalVoided,
      { requestId: next.requestId, model: 'moved', code },
      'u-nobody',
    );
    await eventually(async () => expect(await view(next)).toMatchObject({ state: 'voided', voidCode: code }));
  });

  it('decides over gRPC by the same rules', async () => {
    const asked = await house.ask(byEve, eve.id);
    const client = new GovernanceServiceClient(
      `127.0.0.1:${house.running.grpcPort}`,
      credentials.createInsecure(),
    );
    const approve = (token: string) =>
      new Promise<string>((resolve, reject) => {
        const metadata = new Metadata();
        metadata.set('authorization', token);
        const message = { project: PROJECT, id: asked.requestId, reason: '', digest: asked.digest };
        client.approve(message, metadata, (error, answer) =>
          error ? reject(error) : resolve(answer.approval!.state),
        );
      });
    await expect(approve(eve.token)).rejects.toMatchObject({ code: 7 });
    expect(await approve(ann.token)).toBe('granted');
    client.close();
  });

  it('refuses policies that nobody could meet', async () => {
    const path = `/v1/projects/${PROJECT}/approval-policies/champion`;
    for (const policy of [
      { approvers: 0 },
      { roles: [] },
      { roles: ['auditor'] },
      { gates: { minimumAuc: 7 } },
      { x: 1 },
    ])
      await house.put(path, admin, policy).expect(400);
    await house.put(path, ann.token, {}).expect(403);
    expect((await house.get(path, ann.token).expect(200)).body).toMatchObject({
      version: 0,
      changedBy: null,
    });
  });

  it('leaves an audit log of all this that verifies offline', async () => {
    const key = await request(house.url).get('/v1/audit/public-key').expect(200);
    const { publicKey } = key.body as { publicKey: string };
    await eventually(async () => {
      const { text } = await house.get('/v1/audit/export', admin).buffer(true).expect(200);
      const report = await verifyBundle([text], publicKey);
      expect(report).toMatchObject({ valid: true, faults: [] });
      for (const action of [
        'approval.open',
        'approval.grant',
        'approval.waive',
        'approval-policy.change',
        'role.grant',
      ])
        expect(text).toContain(`"action":"${action}"`);
      const cut = text.split('\n').filter((line) => !line.includes('"index":5,'));
      expect(await verifyBundle([cut.join('\n')], publicKey)).toMatchObject({ valid: false });
    });
  });
});

function aliasChanged(model: string, digest: string): PayloadOf<typeof AliasChanged> {
  return {
    alias: 'champion',
    descriptor: {
      model,
      version: 2,
      digest,
      sizeBytes: 1,
      runId: newId(),
      pipeline: 'p',
      dataset: 'd',
      datasetVersion: 1,
      datasetDigest: digest,
      contractVersion: 1,
      contractDigest: digest,
      referenceDigest: digest,
      evaluationDigest: digest,
      inputs: [],
      classes: ['no', 'yes'],
      decisionThreshold: 0.5,
      favourable: 'no',
      sensitive: [],
      groups: [],
    },
    previous: null,
    requestId: newId(),
    approvers: [],
  };
}
