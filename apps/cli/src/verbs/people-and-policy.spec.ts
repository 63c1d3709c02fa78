import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { FakeSteward, problem } from '../fake-steward.factory';

const ADA = {
  id: 'u-1',
  kind: 'person',
  user: 'ada',
  displayName: 'Ada',
  state: 'active',
  roles: [{ role: 'approver', project: 'lending' }],
  mustChangePassword: false,
  createdAt: '2026-01-01T00:00:00.000Z',
};

describe('users, roles, keys, sessions, projects and policy', () => {
  let steward: FakeSteward;

  beforeEach(async () => {
    steward = await FakeSteward.start();
    steward.on('GET /governance/v1/users', { body: { items: [ADA], next: null } });
    steward.on('GET /governance/v1/machines', { body: { items: [], next: null } });
  });
  afterEach(() => steward.stop());

  const sent = (method: string, path: string): unknown => {
    const found = steward.requests.find((each) => each.method === method && each.url.pathname === path);
    return found && JSON.parse(found.body);
  };

  it('lists people with their roles, and sets the roles of one by name', async () => {
    const listed = await steward.run(['users', 'list']);
    expect(listed.output).toContain('approver@lending');
    steward.on('PUT /governance/v1/users/u-1/roles', { body: { ...ADA, roles: [] } });
    const set = await steward.run(['users', 'roles', 'ADA', 'auditor', 'approver@lending']);
    expect(set.exitCode).toBe(0);
    expect(sent('PUT', '/governance/v1/users/u-1/roles')).toEqual({
      roles: [
        { role: 'auditor', project: null },
        { role: 'approver', project: 'lending' },
      ],
    });
    expect((await steward.run(['users', 'roles', 'nobody'])).errors).toContain('CLI.ACCOUNT_UNKNOWN');
    expect((await steward.run(['users', 'roles', 'ada', 'no role!'])).exitCode).toBe(2);
    expect((await steward.run(['users', 'change', 'ada'])).exitCode).toBe(2);
  });

  it('makes a user without showing or passing the password on the command line', async () => {
    steward.on('POST /governance/v1/users', { body: ADA });
    const made = await steward.run(
      ['users', 'add', 'ada', '--role', 'approver@lending', '--must-change-password'],
      {
        input: 'a long password\n',
      },
    );
    expect(made.output + made.errors).not.toContain('a long password');
    expect(sent('POST', '/governance/v1/users')).toMatchObject({
      user: 'ada',
      password: 'a long password',
      mustChangePassword: true,
    });
  });

  it('answers whether somebody may, with the reason, and by its exit status', async () => {
    const because = 'Role stager, held everywhere, permits update ModelAlias where alias is not champion.';
    steward.on('POST /governance/v1/decisions/explain', {
      body: { allowed: false, because, rules: [{ sentence: because, matched: false }] },
    });
    const asked = await steward.run([
      'roles',
      'can',
      'update',
      'ModelAlias',
      '--field',
      'alias=champion',
      '--as',
      'ada',
    ]);
    expect(asked).toMatchObject({ exitCode: 1 });
    expect(asked.output).toContain(because);
    expect(sent('POST', '/governance/v1/decisions/explain')).toEqual({
      principal: 'ada',
      action: 'update',
      subject: 'ModelAlias',
      object: { project: 'lending', alias: 'champion' },
    });
  });

  it('previews the rules of a file, and says what is wrong with them', async () => {
    const cell = (action: string, subject: string, allowed: string) => ({ action, subject, allowed });
    const cells = [
      cell('read', 'Run', 'yes'),
      cell('update', 'Run', 'conditional'),
      cell('read', 'Model', 'no'),
    ];
    steward.on('POST /governance/v1/decisions/preview', {
      body: { subjects: ['Run', 'Model'], roles: [{ role: 'preview', cells }] },
    });
    const file = join(steward.folder, 'rules.yaml');
    writeFileSync(file, '- {action: [read], subject: [Run]}\n');
    const seen = await steward.run(['roles', 'preview', file]);
    expect(seen).toMatchObject({ exitCode: 0 });
    expect(seen.output).toMatch(/Run\s+read\s+update/);
    expect(seen.output).not.toContain('Model');
    expect(sent('POST', '/governance/v1/decisions/preview')).toEqual({
      role: 'preview',
      rules: [{ action: ['read'], subject: ['Run'] }],
      project: 'lending',
    });
    writeFileSync(file, '- {action: [read');
    expect((await steward.run(['roles', 'preview', file])).errors).toContain('CLI.RULES_UNREADABLE');
  });

  it('makes a key with scopes, and shows it once on the output alone', async () => {
    steward.on('POST /governance/v1/api-keys', { body: { keyId: 'k1', secret: 'stw_k1_secret' } });
    const made = await steward.run([
      'keys',
      'make',
      'ada',
      '--scope',
      'predict,read:Deployment',
      '--only',
      'lending',
    ]);
    expect(made.output).toContain('stw_k1_secret');
    expect(made.errors).not.toContain('stw_k1_secret');
    expect(sent('POST', '/governance/v1/api-keys')).toEqual({
      principalId: 'u-1',
      project: 'lending',
      scopes: [{ action: ['predict', 'read'], subject: ['Deployment'] }],
    });
    expect((await steward.run(['keys', 'make', 'ada', '--scope', 'everything'])).exitCode).toBe(2);
  });

  it('exports, plans and applies the policy', async () => {
    const file = join(steward.folder, 'policy.yaml');
    const document = { roles: {}, requireTotp: ['approver'], bindings: {} };
    steward.on('GET /governance/v1/policy', { body: document });
    await steward.run(['policy', 'export', file]);
    expect(readFileSync(file, 'utf8')).toContain('requireTotp:\n  - approver');
    const steps = [
      { kind: 'role.create', role: 'stager' },
      { kind: 'role.grant', role: 'stager', user: 'ada', project: 'lending' },
    ];
    steward.on('POST /governance/v1/policy/plan', { body: { steps, digest: 'd'.repeat(64) } });
    const planned = await steward.run(['policy', 'plan', file]);
    expect(planned.output).toContain('+ role stager\n+ ada: stager@lending\nPlan dddd');
    expect(sent('POST', '/governance/v1/policy/plan')).toEqual(document);
    steward.on('POST /governance/v1/policy/apply', problem(409, 'GOVERNANCE.POLICY_MOVED', 'Plan again.'));
    const applied = await steward.run(['policy', 'apply', file, '--plan', 'd'.repeat(64)]);
    expect(applied).toMatchObject({ exitCode: 1 });
    expect(applied.errors).toContain('GOVERNANCE.POLICY_MOVED');
    writeFileSync(file, 'roles: [unclosed');
    expect((await steward.run(['policy', 'plan', file])).errors).toContain('CLI.POLICY_UNREADABLE');
  });

  it('changes projects, and ends sessions', async () => {
    steward.on('PATCH /governance/v1/projects/lending', {
      body: { project: 'lending', state: 'active', tags: ['risky'] },
    });
    expect((await steward.run(['projects', 'change', 'lending', '--tag', 'risky'])).output).toContain(
      'tags: risky',
    );
    expect((await steward.run(['projects', 'change', 'lending'])).exitCode).toBe(2);
    const objects = [{ kind: 'model', name: 'approval', tags: ['credit'] }];
    const tagged = { body: { project: 'lending', state: 'active', tags: [], objects } };
    steward.on('PUT /governance/v1/projects/lending/tags/model/approval', tagged);
    steward.on('GET /governance/v1/projects/lending', tagged);
    const tag = (...args: string[]) => steward.run(['projects', 'tag', ...args]);
    expect((await tag('model/approval', '--tag', 'credit')).output).toMatch(/model\/approval\s+credit/);
    expect(sent('PUT', '/governance/v1/projects/lending/tags/model/approval')).toEqual({ tags: ['credit'] });
    expect((await tag()).output).toMatch(/model\/approval\s+credit/);
    for (const wrong of [['model/approval'], ['monitor/x', '--untag'], ['model', '--untag'], ['--untag']])
      expect((await tag(...wrong)).exitCode).toBe(2);
    steward.on('GET /governance/v1/projects/lending/people', {
      body: { items: [{ id: 'u-1', name: 'ada', displayName: 'Ada L.' }], next: null },
    });
    expect((await steward.run(['projects', 'people'])).output).toMatch(/ada\s+Ada L\.\s+u-1/);
    steward.on('DELETE /governance/v1/sessions/s-1', { status: 200, body: {} });
    expect((await steward.run(['sessions', 'end', 's-1'])).exitCode).toBe(0);
    steward.on('GET /governance/v1/sessions', { body: { items: [], next: null } });
    await steward.run(['sessions', 'list', '--all']);
    expect(steward.requests.at(-1)!.url.searchParams.get('principalId')).toBe('*');
  });

  it('logs in with what governance asks for: a code, and another password', async () => {
    steward.on('POST /governance/v1/login', ({ body }) => {
      const { totp, newPassword } = JSON.parse(body) as { totp?: string; newPassword?: string };
      if (!newPassword) return problem(403, 'GOVERNANCE.PASSWORD_CHANGE_REQUIRED', 'Change it.');
      if (!totp) return problem(401, 'GOVERNANCE.TOTP_REQUIRED', 'Send the code.');
      return { body: { token: 't', expiresAt: '2099-01-01T00:00:00.000Z', principalId: 'u-1' } };
    });
    steward.on('GET /governance/v1/projects', { body: { items: [] } });
    const environment = {
      STEWARD_PASSWORD: 'old',
      STEWARD_NEW_PASSWORD: 'a new password',
      STEWARD_TOTP: '123456',
    };
    const done = await steward.run(['login', 'ada'], { environment });
    expect(done.errors).toBe('');
    expect(done.exitCode).toBe(0);
    expect(JSON.parse(steward.requests.findLast(({ method }) => method === 'POST')!.body)).toEqual({
      user: 'ada',
      password: 'old',
      newPassword: 'a new password',
      totp: '123456',
    });
  });

  it('sets, shows and lifts the limits of keys and projects', async () => {
    steward.on('PUT /governance/v1/api-keys/k-1/limits', { body: { keyId: 'k-1', limits: {} } });
    const args = [
      'limits',
      'set',
      'key',
      'k-1',
      '--requests',
      '2.5',
      '--rows-per-day',
      '9000',
      '--concurrent',
      '4',
    ];
    const set = await steward.run(args);
    expect(set.output).toContain('The limits of key k-1 are set.');
    expect(sent('PUT', '/governance/v1/api-keys/k-1/limits')).toEqual({
      requestsPerSecond: 2.5,
      rowsPerDay: 9_000,
      concurrentRequests: 4,
    });
    steward.on('GET /governance/v1/api-keys', {
      body: {
        items: [
          { keyId: 'k-1', limits: { rowsPerDay: 9_000 } },
          { keyId: 'k-2', limits: null },
        ],
        next: null,
      },
    });
    steward.on('GET /governance/v1/projects', {
      body: { items: [{ project: 'risk', limits: { requestsPerSecond: 2.5 } }], next: null },
    });
    const shown = await steward.run(['limits', 'show']);
    expect(shown.output).toMatch(/key +k-1 .*9,000/);
    expect(shown.output).toMatch(/project +risk +2\.5/);
    expect(shown.output).not.toContain('k-2');
    steward.on('DELETE /governance/v1/projects/risk/limits', { status: 204 });
    const lifted = await steward.run(['limits', 'lift', 'project', 'risk']);
    expect(lifted.output).toContain('Governance does not limit project risk any more.');
    for (const bad of [
      ['key', 'k-1'],
      ['key', 'k-1', '--requests', '0'],
      ['person', 'k-1', '--requests', '1'],
    ])
      expect((await steward.run(['limits', 'set', ...bad])).exitCode).toBe(2);
  });
});
