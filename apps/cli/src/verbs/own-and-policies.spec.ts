import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { FakeSteward } from '../fake-steward.factory';

const BASE = '/governance/v1/projects/lending';
const ID = '01a208bf-747d-7472-9223-bd2f30d4e171';
const DIGEST = 'ab'.repeat(32);
const POLICY = {
  alias: 'champion',
  environment: '*',
  version: 0,
  policy: {
    approvers: 2,
    roles: ['approver'],
    gates: { minimumAuc: 0.7, minimumDemographicParityRatio: null, noSensitiveInputs: true },
    expiresAfterHours: 72,
    delegation: true,
  },
  changedBy: null,
  changedAt: null,
};

describe('policies, delegations, evidence and one’s own account', () => {
  let steward: FakeSteward;
  beforeEach(async () => {
    steward = await FakeSteward.start();
  });
  afterEach(() => steward.stop());

  const file = (text: string): string => {
    const path = join(steward.folder, 'input.yaml');
    writeFileSync(path, text);
    return path;
  };
  const last = () => steward.requests.at(-1)!;

  it.each([
    ['approval-policies', '--file', 'x'],
    ['delegations', 'give', '--to', 'ben'],
    ['approve', '--attach', 'x', '--title', 'y'],
    ['approve', ID, '--attach', 'x'],
    ['approve', ID, '--attach', 'x', '--title', 'y', '--reject', '--reason', 'z'],
    ['approve', ID, '--evidence', DIGEST],
    ['reviews', ID, '--counts'],
    ['emergency', '--mine', '--end', ID],
    ['models', '--flags'],
  ])('%s refuses wrong usage before anything is sent (%s %s)', async (...args) => {
    expect((await steward.run(args)).exitCode).toBe(2);
    expect(steward.requests).toHaveLength(0);
  });

  it('sets the policy of an alias for an environment', async () => {
    steward.on(`PUT ${BASE}/approval-policies/champion`, { body: POLICY });
    const text = 'approvers: 2\n';
    const args = ['approval-policies', 'champion', '--environment', 'test', '-f', file(text)];
    expect((await steward.run(args)).exitCode).toBe(0);
    expect(last().url.searchParams.get('environment')).toBe('test');
    expect(last()).toMatchObject({ method: 'PUT', body: text, contentType: 'application/yaml' });
  });

  it('shows which decisions of a model people make', async () => {
    steward.on(`GET ${BASE}/decision-policies/approval`, {
      body: {
        version: 3,
        policy: { active: true, labels: ['yes'], band: { from: 0.4, to: 0.6 } },
        changedBy: 'ada',
        changedAt: '2026-01-01T00:00:00Z',
      },
    });
    const { output } = await steward.run(['decision-policies', 'approval']);
    expect(output).toMatch(/version 3/);
    expect(output).toMatch(/from 0\.4 to 0\.6/);
  });

  it('delegates to somebody by name, and says so where there is nobody of that name', async () => {
    steward.on(`GET ${BASE}/approval-delegations/delegates`, {
      body: {
        items: [
          { id: 'u-2', name: 'benedict' },
          { id: 'u-1', name: 'ben' },
        ],
        next: null,
      },
    });
    steward.on(`POST ${BASE}/approval-delegations`, { body: { endsAt: '2026-02-01T00:00:00Z' } });
    const terms = ['--until', '2026-02-01T00:00:00Z', '--reason', 'Away for two weeks.'];
    const given = await steward.run(['delegations', 'give', '--to', 'Ben', ...terms]);
    expect(given.exitCode).toBe(0);
    expect(JSON.parse(last().body)).toMatchObject({ to: 'u-1', endsAt: '2026-02-01T00:00:00Z' });
    const nobody = await steward.run(['delegations', 'give', '--to', 'be', ...terms]);
    expect(nobody.exitCode).toBe(1);
    expect(nobody.errors).toMatch(/CLI\.ACCOUNT_UNKNOWN/);
  });

  it('attaches a file or a known digest as evidence, and downloads it', async () => {
    steward.on(`POST ${BASE}/approvals/${ID}/evidence-files`, { body: { digest: DIGEST } });
    const sent = await steward.run(['approve', ID, '--attach', file('the tests'), '--title', 'Tests & more']);
    expect(sent.exitCode).toBe(0);
    expect(last()).toMatchObject({ body: 'the tests', contentType: 'application/octet-stream' });
    expect(last().url.searchParams.get('title')).toBe('Tests & more');
    steward.on(`POST ${BASE}/approvals/${ID}/evidence`, { body: { digest: DIGEST } });
    await steward.run(['approve', ID, '--attach', DIGEST, '--title', 'Card']);
    expect(JSON.parse(last().body)).toEqual({ digest: DIGEST, title: 'Card' });
    steward.on(`GET ${BASE}/approvals/${ID}/evidence/${DIGEST}`, { body: 'the tests' });
    const output = join(steward.folder, 'evidence');
    expect((await steward.run(['approve', ID, '--evidence', DIGEST, '-o', output])).exitCode).toBe(0);
    expect(readFileSync(output, 'utf8')).toBe('the tests');
    const missing = await steward.run(['approve', ID, '--attach', '/nowhere', '--title', 'x']);
    expect(missing.errors).toMatch(/CLI\.FILE_UNREADABLE/);
  });

  it('changes the own password without showing it', async () => {
    steward.on('PUT /governance/v1/me/password', { body: null });
    const environment = { STEWARD_PASSWORD: 'the old password', STEWARD_NEW_PASSWORD: 'another password' };
    const { output, errors, exitCode } = await steward.run(['account', 'password'], { environment });
    expect(exitCode).toBe(0);
    expect(JSON.parse(last().body)).toEqual({ current: 'the old password', password: 'another password' });
    expect(output + errors).not.toMatch(/old password|another password/);
  });

  it('sets up a second factor by its first code, and takes it away by the password', async () => {
    steward
      .on('POST /governance/v1/me/totp', { body: { secret: 'ABCDEF', otpauthUri: 'otpauth://totp/x' } })
      .on('POST /governance/v1/me/totp/confirm', { body: { recoveryCodes: ['one-two'] } })
      .on('DELETE /governance/v1/me/totp', { body: null });
    const made = await steward.run(['account', 'totp'], { environment: { STEWARD_TOTP: '123456' } });
    expect(made.errors).toContain('ABCDEF');
    expect(made.output).toContain('one-two');
    expect(JSON.parse(last().body)).toEqual({ totp: '123456' });
    const gone = await steward.run(['account', 'totp', '--remove'], { input: 'my password\n' });
    expect(gone.exitCode).toBe(0);
    expect(last()).toMatchObject({ method: 'DELETE', body: JSON.stringify({ password: 'my password' }) });
  });

  it('shows what roles may, what rules may name, and who comes from which group', async () => {
    steward
      .on('GET /governance/v1/decisions/matrix', {
        body: {
          subjects: ['Run', 'Model'],
          roles: [
            {
              role: 'auditor',
              cells: [
                { action: 'read', subject: 'Run', allowed: 'yes' },
                { action: 'cancel', subject: 'Run', allowed: 'conditional' },
                { action: 'read', subject: 'Model', allowed: 'no' },
              ],
            },
          ],
        },
      })
      .on('GET /governance/v1/roles/vocabulary', {
        body: {
          actions: ['read'],
          subjects: ['Run'],
          conditionFields: { Run: ['project'] },
          operators: ['$in'],
          self: '$self',
        },
      })
      .on('GET /governance/v1/oidc/corp/groups', {
        body: { groups: [{ group: 'ml', role: 'ml-engineer', project: 'lending' }] },
      });
    const matrix = await steward.run(['roles', 'matrix']);
    expect(matrix.output).toMatch(/auditor\s+Run\s+read, cancel\*/);
    expect(matrix.output).not.toContain('Model');
    expect((await steward.run(['roles', 'vocabulary'])).output).toMatch(/Run\s+project/);
    expect((await steward.run(['users', 'groups', 'corp'])).output).toMatch(/ml\s+ml-engineer@lending/);
  });

  it('lists flagged versions, counts of held decisions, looks at a canary, and emergencies one was told of', async () => {
    steward
      .on('GET /training/v1/projects/lending/models/approval/flags', {
        body: {
          items: [{ version: 1, requestId: ID, because: 'erased', flaggedAt: '2026-01-01T00:00:00Z' }],
        },
      })
      .on(`GET ${BASE}/held-decisions/counts`, {
        body: { items: [{ model: 'approval', state: 'pending', decisions: 7 }] },
      })
      .on('GET /inference/v1/projects/lending/deployments/approval/rollout-looks', {
        body: {
          items: [
            {
              step: 0,
              at: '2026-01-01T00:00:00Z',
              gates: [
                {
                  gate: 'errors',
                  verdict: 'pass',
                  difference: { value: 0.01, lower: -0.01, upper: 0.02 },
                  observed: 500,
                },
              ],
            },
          ],
        },
      })
      .on('GET /governance/v1/me/emergency-accesses', { body: { items: [], next: null } });
    expect((await steward.run(['models', 'approval', '--flags'])).output).toMatch(/1\s+erased/);
    expect((await steward.run(['reviews', '--counts'])).output).toMatch(/approval\s+pending\s+7/);
    expect((await steward.run(['deployments', 'looks', 'approval'])).output).toMatch(/errors\s+pass/);
    expect((await steward.run(['emergency', '--mine'])).output).toContain('no emergency');
  });
});
