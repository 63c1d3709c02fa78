import { explainDecision } from '@steward/access';
import { eventually } from '@steward/testing';
import request from 'supertest';
import { GovernanceHouse, PROJECT } from './support/governance-house';

const POLICY = 'steward.governance.policy.v1';
const STAGER = {
  description: 'Sets aliases, but not champion.',
  rules: [
    { action: ['read'], subject: ['Model', 'ModelAlias', 'Project'] },
    { action: ['update'], subject: ['ModelAlias'], conditions: { alias: { $ne: 'champion' } } },
  ],
};

interface Step {
  readonly kind: string;
  readonly role: string;
  readonly user?: string;
}

describe('roles of one’s own, on PostgreSQL', () => {
  let house: GovernanceHouse;
  let admin: string;

  beforeAll(async () => {
    house = await GovernanceHouse.open();
    admin = await house.asAdmin();
    await house.project();
  });

  afterAll(() => house.close());

  const codeOf = async (call: request.Test, status: number): Promise<string> =>
    ((await call.expect(status)).body as { code: string }).code;
  const explain = async (credential: string, question: object) =>
    (await house.post('/v1/decisions/explain', credential, question).expect(200)).body as ReturnType<
      typeof explainDecision
    >;

  it('are made, changed in versions, published, and the same again is no new version', async () => {
    const put = async (body: object) => (await house.put('/v1/roles/stager', admin, body).expect(200)).body;
    expect(await put(STAGER)).toMatchObject({ role: 'stager', version: 1, builtIn: false, ...STAGER });
    expect(await put(STAGER)).toMatchObject({ version: 1 });
    expect(await put({ ...STAGER, description: 'Other words.' })).toMatchObject({ version: 2 });
    expect(await put(STAGER)).toMatchObject({ version: 3 });
    await eventually(async () => {
      const published = (await house.events(POLICY)).filter(({ role }) => role === 'stager');
      expect(published.map(({ roleVersion }) => roleVersion)).toEqual([1, 2, 3]);
    });
    const { body } = await house.get('/v1/roles', admin).expect(200);
    const names = (body as { items: { role: string; builtIn: boolean }[] }).items;
    expect(names.find(({ role }) => role === 'approver')).toMatchObject({ builtIn: true });
  });

  it('are refused with sentences where they name what there is not, or would give administration', async () => {
    const rules = [
      { action: ['fly'], subject: ['Run'] },
      { action: ['update'], subject: ['User'] },
      { action: ['read'], subject: ['Run'], conditions: { alias: 'x' } },
    ];
    const { body } = await house.put('/v1/roles/bad', admin, { rules }).expect(400);
    expect(body).toMatchObject({ code: 'GOVERNANCE.ROLE_INVALID' });
    expect((body as { details: { faults: string[] } }).details.faults).toEqual([
      expect.stringContaining('Rule 1: there is no action fly'),
      expect.stringContaining('Rule 2: it would let people update User'),
      expect.stringContaining('Rule 3: Run has no field alias'),
    ]);
    expect(await codeOf(house.put('/v1/roles/auditor', admin, STAGER), 409)).toBe('GOVERNANCE.ROLE_BUILT_IN');
    expect(await codeOf(house.put('/v1/roles/Not%20A%20Name', admin, STAGER), 400)).toBe(
      'GOVERNANCE.ROLE_INVALID',
    );
    expect(await codeOf(house.put('/v1/roles/nothing', admin, {}), 400)).toBe('GOVERNANCE.ROLE_INVALID');
    expect(await codeOf(house.get('/v1/roles/bad', admin), 404)).toBe('GOVERNANCE.ROLE_NOT_FOUND');
  });

  it('reach their holders, cannot be deleted while they are held, and end', async () => {
    const sid = await house.person('sid', []);
    const bind = (role: string) =>
      house.put(`/v1/users/${sid.id}/roles`, admin, { roles: [{ role, project: PROJECT }] });
    await bind('nobody-made-it').expect(400);
    await bind('stager').expect(200);
    await eventually(() => house.get(`/v1/projects/${PROJECT}`, sid.token).expect(200));
    const { body } = await house.get('/v1/session', sid.token).expect(200);
    expect((body as { rules: unknown[] }).rules).toEqual([
      ['read', 'Model,ModelAlias,Project', { project: PROJECT }],
      ['update', 'ModelAlias', { alias: { $ne: 'champion' }, project: PROJECT }],
    ]);
    const gone = () => request(house.url).delete('/v1/roles/stager').set('authorization', admin);
    expect(await codeOf(gone(), 409)).toBe('GOVERNANCE.ROLE_HELD');
    await house.put(`/v1/users/${sid.id}/roles`, admin, { roles: [] }).expect(200);
    await gone().expect(204);
    expect(await codeOf(gone(), 404)).toBe('GOVERNANCE.ROLE_NOT_FOUND');
    await bind('stager').expect(400);
    await eventually(async () => {
      const last = (await house.events(POLICY)).findLast(({ role }) => role === 'stager');
      expect(last).toMatchObject({ roleVersion: 4, state: 'deleted', rules: [] });
    });
    await house.put('/v1/roles/stager', admin, STAGER).expect(200);
  });

  it('are changed by administrators alone, and each change is audited', async () => {
    const ann = await house.person('ann', ['auditor']);
    await house.get('/v1/roles', ann.token).expect(200);
    for (const call of [
      house.put('/v1/roles/mine', ann.token, STAGER),
      request(house.url).delete('/v1/roles/stager').set('authorization', ann.token),
      house.post('/v1/policy/apply', ann.token, { document: {} }),
    ])
      expect(await codeOf(call, 403)).toBe('ACCESS.FORBIDDEN');
    await eventually(async () => {
      const actions = (await house.events('steward.governance.audit.v1')).map(({ action }) => action);
      expect(actions).toEqual(expect.arrayContaining(['role.create', 'role.change', 'role.delete']));
    });
  });

  it('tell datasets, pipelines and models apart by tags that administrators set, audited and published', async () => {
    const ann = await house.person('tag-ann', ['auditor', 'ml-engineer']);
    const path = `/v1/projects/${PROJECT}/tags`;
    const tag = (rest: string, tags: unknown, credential = admin) =>
      house.put(`${path}/${rest}`, credential, { tags });
    await tag('model/approval', ['credit', 'eu', 'eu']).expect(200);
    await tag('dataset/applications', ['eu']).expect(200);
    await tag('model/approval', ['credit']).expect(200);
    await tag('dataset/applications', []).expect(200);
    const objects = [{ kind: 'model', name: 'approval', tags: ['credit'] }];
    expect((await house.get(`/v1/projects/${PROJECT}`, ann.token).expect(200)).body).toMatchObject({
      objects,
    });
    await eventually(async () => {
      const last = (await house.events(POLICY)).findLast(({ projectId }) => projectId === PROJECT);
      expect(last).toMatchObject({ objects });
      const entries = (await house.events('steward.governance.audit.v1')).filter(
        ({ action }) => action === 'project.tag',
      );
      expect(entries).toHaveLength(4);
      expect(entries.at(-2)).toMatchObject({
        object: { kind: 'model', id: 'approval' },
        details: { tags: 'credit' },
      });
    });
    expect(await codeOf(tag('model/approval', [], ann.token), 403)).toBe('ACCESS.FORBIDDEN');
    expect(await codeOf(tag('monitor/approval', []), 400)).toBe('REQUEST.PATH_INVALID');
    expect(await codeOf(tag('model/approval', ['Not A Tag']), 400)).toBe('REQUEST.BODY_INVALID');
    const nowhere = house.put('/v1/projects/nowhere/tags/model/approval', admin, { tags: [] });
    expect(await codeOf(nowhere, 404)).toBe('GOVERNANCE.PROJECT_NOT_FOUND');

    // The simulator knows them, and the environment, as each service does.
    const rules = [{ action: ['read'], subject: ['Model'], conditions: { tags: 'credit' } }];
    const asked = (subject: string, conditions: object, object: object) =>
      explain(admin, {
        principal: 'tag-ann',
        action: subject === 'Model' ? 'read' : 'update',
        subject,
        object: { project: PROJECT, ...object },
        proposed: {
          roles: {
            tried: {
              rules: subject === 'Model' ? rules : [{ action: ['update'], subject: [subject], conditions }],
            },
          },
          bindings: [{ role: 'tried', project: PROJECT }],
        },
      });
    await eventually(async () =>
      expect(await asked('Model', {}, { model: 'approval' })).toMatchObject({ allowed: true }),
    );
    expect(await asked('Model', {}, { model: 'pricing' })).toMatchObject({ allowed: false });
    const place = (environment: object | string) =>
      asked('Deployment', { environment }, { model: 'approval' });
    await eventually(async () => expect(await place('staging')).toMatchObject({ allowed: true }));
    expect(await place({ $ne: 'staging' })).toMatchObject({ allowed: false });
    await tag('model/approval', []).expect(200);
  });

  describe('decisions', () => {
    it('are explained: which rule, which condition, in words', async () => {
      const sid = await house.person('sid', []);
      const roles = [{ role: 'stager', project: PROJECT }];
      await house.put(`/v1/users/${sid.id}/roles`, admin, { roles }).expect(200);
      await eventually(async () => expect((await explain(sid.token, base('staging'))).allowed).toBe(true));
      const no = await explain(sid.token, base('champion'));
      expect(no).toMatchObject({
        allowed: false,
        rules: [{ role: 'stager', project: PROJECT, matched: false }],
      });
      expect(no.because).toContain('because alias is champion');
      expect(await explain(admin, { ...base('champion'), principal: 'sid' })).toEqual(no);
      expect(await explain(sid.token, { action: 'read', subject: 'Run' })).toMatchObject({
        because: 'No rule of the roles held (stager) speaks of read Run.',
      });
    });

    it('are tried for another person before a change, and nothing is stored', async () => {
      const question = {
        principal: 'sid',
        action: 'read',
        subject: 'Quarantine',
        object: { project: PROJECT },
      };
      const bindings = [{ role: 'data-engineer', project: PROJECT }];
      expect((await explain(admin, question)).allowed).toBe(false);
      expect((await explain(admin, { ...question, proposed: { bindings } })).allowed).toBe(true);
      const roles = { stager: { rules: [{ action: ['read'], subject: ['Quarantine'] }] } };
      expect((await explain(admin, { ...question, proposed: { roles } })).allowed).toBe(true);
      expect((await explain(admin, question)).allowed).toBe(false);
      const bad = { stager: { rules: [{ action: ['fly'], subject: ['Run'] }] } };
      await house.post('/v1/decisions/explain', admin, { ...question, proposed: { roles: bad } }).expect(400);
    });

    it('of others are explained only to who may read roles and users', async () => {
      const sid = await house.person('sid', []);
      const ask = (body: object) => house.post('/v1/decisions/explain', sid.token, body);
      expect(await codeOf(ask({ ...base('a'), principal: 'administrator' }), 404)).toBe('ACCESS.NOT_FOUND');
      expect(await codeOf(ask({ ...base('a'), proposed: { bindings: [] } }), 404)).toBe('ACCESS.NOT_FOUND');
      await house.post('/v1/decisions/explain', admin, { ...base('a'), principal: 'nobody' }).expect(404);
      await house.post('/v1/decisions/explain', admin, { ...base('a'), action: 'fly' }).expect(400);
    });

    it('of a role that is only tried stand in a matrix of its own, or it says what is wrong', async () => {
      const preview = (body: object, who = admin) => house.post('/v1/decisions/preview', who, body);
      const { body } = await preview({ role: 'tried', rules: STAGER.rules, project: PROJECT }).expect(200);
      const [row, ...others] = (
        body as { roles: { role: string; cells: { action: string; subject: string; allowed: string }[] }[] }
      ).roles;
      expect([row!.role, others]).toEqual(['tried', []]);
      const not = row!.cells.filter(({ allowed }) => allowed !== 'no');
      expect(not).toEqual(
        expect.arrayContaining([
          { action: 'update', subject: 'ModelAlias', allowed: 'conditional' },
          { action: 'read', subject: 'Model', allowed: 'yes' },
        ]),
      );
      expect(not).toHaveLength(4);
      const bad = await preview({ role: 'tried', rules: [{ action: ['fly'], subject: ['Run'] }] }).expect(
        400,
      );
      expect(bad.body).toMatchObject({
        code: 'GOVERNANCE.ROLE_INVALID',
        details: { faults: [expect.stringContaining('Rule 1: there is no action fly')] },
      });
      await house.get('/v1/roles/tried', admin).expect(404);
      const sid = await house.person('sid', []);
      await preview({ role: 'tried', rules: STAGER.rules }, sid.token).expect(404);
    });

    it('stand in a matrix', async () => {
      const { body } = await house.get(`/v1/decisions/matrix?project=${PROJECT}`, admin).expect(200);
      const { roles } = body as {
        roles: { role: string; cells: { action: string; subject: string; allowed: string }[] }[];
      };
      const cell = (role: string, action: string, subject: string) =>
        roles
          .find((each) => each.role === role)!
          .cells.find((each) => each.action === action && each.subject === subject)!.allowed;
      expect(cell('stager', 'update', 'ModelAlias')).toBe('conditional');
      expect(cell('stager', 'read', 'Model')).toBe('yes');
      expect(cell('stager', 'approve', 'ApprovalRequest')).toBe('no');
      expect(cell('approver', 'approve', 'ApprovalRequest')).toBe('yes');
    });
  });

  describe('the policy as a document', () => {
    const exported = async () =>
      (await house.get('/v1/policy', admin).expect(200)).body as {
        roles: Record<string, object>;
        requireTotp: string[];
        bindings: Record<string, object[]>;
      };
    const plan = async (document: object) =>
      (await house.post('/v1/policy/plan', admin, document).expect(200)).body as {
        steps: Step[];
        digest: string;
      };

    it('plans nothing against itself, in JSON as in YAML', async () => {
      const document = await exported();
      expect(document.roles).toHaveProperty('stager');
      expect((await plan(document)).steps).toEqual([]);
      const yaml = `roles:\n  stager:\n    description: Sets aliases, but not champion.\n    rules:\n      - {action: [read], subject: [Model, ModelAlias, Project]}\n      - action: [update]\n        subject: [ModelAlias]\n        conditions: {alias: {$ne: champion}}\n`;
      const answer = await request(house.url)
        .post('/v1/policy/plan')
        .set('authorization', admin)
        .set('content-type', 'application/yaml')
        .send(yaml)
        .expect(200);
      expect((answer.body as { steps: Step[] }).steps).toEqual([]);
    });

    it('is applied as planned, all or nothing, and again without effect', async () => {
      await house.person('tim', []);
      const before = await exported();
      const document = {
        ...before,
        roles: { tagger: { rules: [{ action: ['read'], subject: ['Run'], conditions: { tags: 'open' } }] } },
        requireTotp: ['approver'],
        bindings: { sid: [], tim: [{ role: 'tagger', project: PROJECT }] },
      };
      const planned = await plan(document);
      expect(planned.steps.map(({ kind, role, user }) => [kind, user ?? role])).toEqual([
        ['role.create', 'tagger'],
        ['totp.require', 'approver'],
        ['role.grant', 'tim'],
        ['role.revoke', 'sid'],
        ['role.delete', 'stager'],
      ]);
      expect(await exported()).toEqual(before);
      const apply = (body: object) => house.post('/v1/policy/apply', admin, body);
      expect(await codeOf(apply({ document, digest: '0'.repeat(64) }), 409)).toBe('GOVERNANCE.POLICY_MOVED');
      expect(await exported()).toEqual(before);
      const done = await apply({ document, digest: planned.digest }).expect(200);
      expect((done.body as { steps: Step[] }).steps).toHaveLength(5);
      expect((await apply({ document }).expect(200)).body).toEqual({ steps: [] });
      const after = await exported();
      expect(Object.keys(after.roles)).toEqual(['tagger']);
      expect(after.requireTotp).toEqual(['approver']);
      // People whom the document does not name keep what they have.
      expect(after.bindings['administrator']).toEqual([{ role: 'administrator', project: null }]);
      await apply({ document: before }).expect(200);
      expect(await exported()).toEqual(before);
    });

    it('is refused with everything that is wrong with it', async () => {
      const document = {
        requireTotp: ['nothing'],
        bindings: { nobody: [], administrator: [{ role: 'king' }, { role: 'auditor', project: 'nowhere' }] },
      };
      const { body } = await house.post('/v1/policy/plan', admin, document).expect(400);
      expect((body as { details: { faults: string[] } }).details.faults).toEqual([
        'bindings: there is no user or machine nobody.',
        'bindings.administrator: there is no role king.',
        'bindings.administrator: there is no project nowhere.',
        'requireTotp: there is no role nothing.',
      ]);
      // Nor can it take the last administrator away.
      const none = { ...(await exported()), bindings: { administrator: [] } };
      expect(await codeOf(house.post('/v1/policy/apply', admin, { document: none }), 409)).toBe(
        'GOVERNANCE.LAST_ADMINISTRATOR',
      );
    });
  });

  it('"may approve, but not champion": the request knows its alias where the entry does not', async () => {
    const rules = [
      { action: ['read'], subject: ['ApprovalRequest'] },
      {
        action: ['approve', 'waive'],
        subject: ['ApprovalRequest'],
        conditions: { alias: { $ne: 'champion' } },
      },
    ];
    await house.put('/v1/roles/stage-approver', admin, { rules }).expect(200);
    const uma = await house.person('uma', []);
    const roles = [{ role: 'stage-approver', project: PROJECT }];
    await house.put(`/v1/users/${uma.id}/roles`, admin, { roles }).expect(200);
    const [champion, staging] = [await house.ask(), await house.ask({ alias: 'staging' })];
    const act = (id: string, verb: string, body: object = {}) =>
      house.post(`/v1/projects/${PROJECT}/approvals/${id}/${verb}`, uma.token, body);
    await eventually(() => house.get(`/v1/projects/${PROJECT}/approvals`, uma.token).expect(200));
    const reason = { reason: 'Because of this.' };
    expect(await codeOf(act(champion.requestId, 'approve'), 403)).toBe('ACCESS.FORBIDDEN');
    expect(await codeOf(act(champion.requestId, 'reject', reason), 403)).toBe('ACCESS.FORBIDDEN');
    expect(await codeOf(act(champion.requestId, 'waive', { ...reason, gate: 'auc' }), 403)).toBe(
      'ACCESS.FORBIDDEN',
    );
    // The rule lets her; that the approval policy does not count her role is said by the policy itself.
    expect(await codeOf(act(staging.requestId, 'approve'), 403)).toMatch(/^GOVERNANCE\./);
  });

  it('projects carry tags and can be archived and opened again', async () => {
    const patch = (body: object) => house.patch('/v1/projects/tagged', admin, body);
    await house.post('/v1/projects', admin, { project: 'tagged', tags: ['risky'] }).expect(201);
    expect((await patch({ tags: ['open'], state: 'archived' }).expect(200)).body).toMatchObject({
      tags: ['open'],
      state: 'archived',
    });
    await eventually(async () => {
      const policies = house.put('/v1/projects/tagged/approval-policies/champion', admin, {});
      expect(await codeOf(policies, 409)).toBe('ACCESS.PROJECT_ARCHIVED');
    });
    await patch({ state: 'active' }).expect(200);
    await patch({}).expect(400);
    await house.patch('/v1/projects/nowhere', admin, { state: 'active' }).expect(404);
  });
});

const base = (alias: string) => ({
  action: 'update',
  subject: 'ModelAlias',
  object: { project: PROJECT, alias },
});
