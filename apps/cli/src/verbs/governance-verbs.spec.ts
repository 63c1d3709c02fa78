import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { FakeSteward, problem } from '../fake-steward.factory';

const BASE = '/governance/v1/projects/lending';
const ID = '01a208bf-747d-7472-9223-bd2f30d4e171';
const SUBJECT = `sub_${'0'.repeat(32)}`;

describe('the verbs of governance', () => {
  let steward: FakeSteward;
  beforeEach(async () => {
    steward = await FakeSteward.start();
  });
  afterEach(() => steward.stop());

  const file = (text: string): string => {
    const path = join(steward.folder, 'definition.yaml');
    writeFileSync(path, text);
    return path;
  };
  const last = () => steward.requests.at(-1)!;

  it.each([
    ['records', '--purpose', 'credit'],
    ['records', '--settings', '--purpose', 'x', '--file', 'x'],
    ['records', '--bind', 'planet/earth', '--to', 'credit'],
    ['records', '--bind', 'dataset/applications'],
    ['consents', '--record', 'given', '--subject', SUBJECT],
    ['consents', '--record', 'given', '--subject', SUBJECT, '--purpose', 'news'],
    ['dpia', '--file', 'x'],
    ['dpia', 'approval', '--file', 'x', '--sign', '1'],
    ['reviews', '--decide', 'no'],
    ['reviews', ID],
    ['reviews', '--inputs'],
    ['reviews', ID, '--inputs', '--contest', '--reason', 'r'],
    ['reviews', ID, '--decide', 'no', '--reason', 'r'],
    ['emergency', '--take', 'administrator'],
    ['emergency', '--sign', ID, '--reason', 'Looked at each entry.'],
    ['emergency', '--take', 'a', '--end', ID, '--reason', 'r'],
    ['emergency', '--mine', '--end', ID],
    ['approval-policies', '--environment', 'staging'],
    ['outbox', '--retry', ID, '--all'],
    ['outbox', '--state', 'lost'],
    ['breaches', ID],
    ['breaches', '--draft'],
    ['breaches', ID, '--file', 'x'],
    ['breaches', ID, '--end', 'notified'],
    ['approve', '--request-changes', '--reason', 'r'],
    ['approve', ID, '--request-changes'],
    ['approve', ID, '--answer', '--reject', '--reason', 'r'],
  ])('%s refuses wrong usage before anything is sent (%s %s)', async (...args) => {
    expect((await steward.run(args)).exitCode).toBe(2);
    expect(steward.requests).toHaveLength(0);
  });

  it('shows the inputs of a held decision, and names what is withheld', async () => {
    steward
      .on(`GET ${BASE}/held-decisions/${ID}`, { body: { predictionId: 'p-1', row: 3 } })
      .on('GET /ingestion/v1/projects/lending/predictions/p-1/rows/3', {
        body: {
          inputs: [
            { column: 'pirat', value: '0.31' },
            { column: 'unemp', value: null },
          ],
          withheld: ['afam'],
        },
      });
    const { exitCode, output } = await steward.run(['reviews', ID, '--inputs']);
    expect(exitCode).toBe(0);
    expect(output).toMatch(/pirat\s+0\.31/);
    expect(output).toMatch(/unemp\s+missing/);
    expect(output).toMatch(/Withheld: afam\./);
  });

  it('lists predictions over pages that may be short, and names what is withheld', async () => {
    const row = (at: number, column: string) => ({
      prediction: ID,
      row: at,
      model: 'approval',
      version: 2,
      predictedAt: '2026-11-23T10:00:00Z',
      score: 0.25,
      decided: 'no',
      outcome: null,
      subject: SUBJECT,
      inputs: [{ column, value: '0.31' }],
      withheld: ['afam'],
      batch: null,
    });
    const pages = [
      { items: [], next: 'abc' },
      { items: [row(1, 'pirat')], next: 'def' },
      { items: [row(0, 'hirat')], next: null },
    ];
    steward.on('GET /ingestion/v1/projects/lending/datasets/applications/predictions', () => ({
      body: pages.shift(),
    }));
    const args = ['predictions', 'applications', '--model-version', '2', '--inputs', '--limit', '2'];
    const { exitCode, output } = await steward.run(args);
    expect(exitCode).toBe(0);
    expect(output).toMatch(/PIRAT\s+HIRAT/);
    expect(output).toMatch(new RegExp(`${ID}/1 .*approval v2.*0\\.250.*no.*${SUBJECT}.*0\\.31`));
    expect(output).toMatch(/Withheld: afam\.$/m);
    const asked = steward.requests.map(({ url }) => Object.fromEntries(url.searchParams));
    expect(asked).toEqual([
      { version: '2', limit: '2' },
      { version: '2', limit: '2', after: 'abc' },
      { version: '2', limit: '1', after: 'def' },
    ]);
  });

  it('lists what waits for whom, and has a dead notification sent again', async () => {
    const told = {
      id: ID,
      kind: 'breach',
      objectId: ID,
      stage: 'overdue',
      summary: 'the 72 hours to notify the authority of a breach are over',
      roles: ['privacy-officer'],
      people: [],
      page: `/projects/lending/breaches/${ID}`,
      dueAt: '2026-11-23T10:00:00Z',
      createdAt: '2026-11-23T10:00:01Z',
      settledAt: null,
      state: 'dead',
      attempts: 12,
      nextAt: '2026-11-23T10:00:01Z',
      fault: 'WEBHOOK.STATUS_500',
      deliveredAt: null,
    };
    steward
      .on(`GET ${BASE}/notifications`, { body: { items: [told], next: null, webhook: 'hooks.example.org' } })
      .on(`POST ${BASE}/notifications/${ID}/retry`, { status: 204 });
    const listed = await steward.run(['outbox']);
    expect(listed.exitCode).toBe(0);
    expect(listed.output).toMatch(/Webhook: hooks\.example\.org/);
    expect(listed.output).toMatch(/72 hours.*privacy-officer.*dead.*12.*WEBHOOK\.STATUS_500/);
    expect(last().url.searchParams.get('open')).toBe('true');
    expect((await steward.run(['outbox', '--retry', ID])).exitCode).toBe(0);
    expect(last()).toMatchObject({ method: 'POST' });
  });

  it('shows the record with what is missing, and writes and binds purposes', async () => {
    steward
      .on(`GET ${BASE}/processing/record`, {
        body: {
          project: 'lending',
          generatedAt: '2026-11-23T10:00:00Z',
          digest: 'ab'.repeat(32),
          purposeRequired: true,
          controller: null,
          dataProtectionOfficer: null,
          purposes: [
            {
              purpose: 'credit',
              state: 'active',
              lawfulBasis: null,
              specialCategories: [{ category: 'health', condition: null }],
              bound: [{ kind: 'dataset', name: 'applications' }],
              dataCategories: ['income'],
            },
          ],
          gaps: [{ about: 'purpose credit', missing: 'a lawful basis', owedBy: 'privacy-officer' }],
        },
      })
      .on(`PUT ${BASE}/processing/purposes/credit`, { body: { version: 2, content: { lawfulBasis: null } } })
      .on(`PUT ${BASE}/processing/bindings/dataset/applications`, { body: { purposes: ['credit'] } });
    const { output } = await steward.run(['records']);
    for (const part of ['NONE', 'NO CONDITION', 'dataset/applications', 'privacy-officer', 'required'])
      expect(output).toContain(part);
    const put = await steward.run(['records', '--purpose', 'credit', '--file', file('title: Credit\n')]);
    expect(put.output).toContain('no lawful basis');
    expect([last().contentType, last().body]).toEqual(['application/yaml', 'title: Credit\n']);
    await steward.run(['records', '--bind', 'dataset/applications', '--to', 'credit, ']);
    expect(JSON.parse(last().body)).toEqual({ purposes: ['credit'] });
  });

  it('records a consent with the text that was seen', async () => {
    steward.on(`POST ${BASE}/consents`, { status: 201, body: { recorded: [] } });
    const args = ['--record', 'given', '--subject', SUBJECT, '--purpose', 'news', '--text', '3'];
    expect((await steward.run(['consents', ...args])).exitCode).toBe(0);
    expect(JSON.parse(last().body)).toEqual({
      events: [{ pseudonym: SUBJECT, purpose: 'news', state: 'given', textVersion: 3 }],
    });
  });

  it('writes and signs an impact assessment, and says why it cannot', async () => {
    const path = `${BASE}/impact-assessments/approval`;
    steward
      .on(`PUT ${path}`, { body: { version: 4 } })
      .on(`POST ${path}/sign`, problem(403, 'GOVERNANCE.OWN_ASSESSMENT', 'Who wrote it does not sign it.'));
    const written = await steward.run(['dpia', 'approval', '--file', file('necessity: much\n')]);
    expect(written.output).toContain('Version 4');
    const signed = await steward.run(['dpia', 'approval', '--sign', '4']);
    expect([signed.exitCode, signed.errors.includes('does not sign')]).toEqual([1, true]);
    expect(JSON.parse(last().body)).toEqual({ version: 4 });
  });

  it('decides what was held, with reason and answer', async () => {
    steward.on(`POST ${BASE}/held-decisions/${ID}/decide`, { body: { state: 'overridden', label: 'no' } });
    const words = ['--reason', 'Proved by letter.', '--answer', 'It is approved.'];
    const { output } = await steward.run(['reviews', ID, '--decide', 'no', ...words]);
    expect(output).toContain('Overridden: no.');
    expect(JSON.parse(last().body)).toEqual({
      label: 'no',
      reason: 'Proved by letter.',
      answer: 'It is approved.',
    });
  });

  it('takes a role in an emergency, and lists what waits for a signature', async () => {
    const access = {
      id: ID,
      person: 'u-eve',
      role: 'administrator',
      startedAt: '2026-11-23T10:00:00Z',
      until: '2026-11-23T11:00:00Z',
      endedAt: null,
      reviewedBy: null,
      justified: null,
    };
    steward
      .on(`POST ${BASE}/emergency-accesses`, { status: 201, body: access })
      .on(`GET ${BASE}/emergency-accesses`, { body: { items: [access], next: null } });
    const taken = await steward.run(['emergency', '--take', 'administrator', '--reason', 'Nobody on call.']);
    expect(taken.output).toContain('until 2026-11-23 11:00:00');
    expect(JSON.parse(last().body)).toEqual({
      role: 'administrator',
      minutes: 60,
      reason: 'Nobody on call.',
    });
    expect((await steward.run(['emergency'])).output).toContain('OPEN');
    const own = { ...access, project: 'flights' };
    steward.on('GET /governance/v1/me/emergency-accesses', { body: { items: [own], next: null } });
    expect((await steward.run(['emergency', '--mine'])).output).toMatch(/flights.*OPEN/);
    steward.on('GET /governance/v1/me/emergency-accesses', problem(401, 'ACCESS.TOKEN_EXPIRED', 'Log in.'));
    expect(await steward.run(['emergency', '--mine'])).toMatchObject({ exitCode: 1 });
  });

  it('shows by which policies approvals are decided, with who set them', async () => {
    const gates = { minimumAuc: 0.7, minimumDemographicParityRatio: null, noSensitiveInputs: true };
    const policy = { approvers: 2, roles: ['approver'], gates, expiresAfterHours: 48, delegation: false };
    const set = {
      alias: 'champion',
      environment: 'staging',
      version: 3,
      policy,
      changedBy: 'u-zoe',
      changedAt: '2026-11-23T10:00:00Z',
    };
    const path = `GET ${BASE}/approval-policies`;
    steward
      .on('GET /governance/v1/users/u-zoe', { body: { user: 'zoe' } })
      .on(path, { body: { items: [set], next: null } })
      .on(`${path}/pair`, {
        body: { ...set, alias: 'pair', environment: '*', version: 0, changedBy: null, changedAt: null },
      });
    expect((await steward.run(['approval-policies'])).output).toMatch(
      /champion\s+staging\s+3\s+2\s+approver\s+AUC 0\.700, no sensitive inputs\s+48 h\s+refused\s+zoe/,
    );
    const one = await steward.run(['approval-policies', 'pair', '--environment', 'staging']);
    expect(one.output).toMatch(/pair\s+any\s+default/);
    expect(steward.requests.at(-1)!.url.searchParams.get('environment')).toBe('staging');
    steward.on(path, { body: { items: [], next: null } });
    expect((await steward.run(['approval-policies'])).output).toContain('the default holds');
    steward.on(path, problem(404, 'ACCESS.NOT_FOUND', 'Nothing here.'));
    expect((await steward.run(['approval-policies'])).exitCode).toBe(1);
  });

  it('opens a breach from a file, shows who is concerned and the drafts, and ends it', async () => {
    const path = `${BASE}/breaches`;
    steward
      .on(`POST ${path}`, { status: 201, body: { id: ID, awareAt: '2026-11-23T10:00:00Z' } })
      .on(`GET ${path}/${ID}/subjects`, { body: { items: [SUBJECT], next: null } })
      .on(`GET ${path}/${ID}/notification`, { body: { authority: 'To whom', subjects: 'To you' } })
      .on(`POST ${path}/${ID}/end`, { status: 204, body: '' });
    const opened = await steward.run(['breaches', '--file', file('summary: stolen\n')]);
    expect(opened.output).toContain('since 2026-11-23 10:00:00');
    expect([last().contentType, last().body]).toEqual(['application/yaml', 'summary: stolen\n']);
    expect((await steward.run(['breaches', ID, '--subjects'])).output).toBe(`${SUBJECT}\n`);
    expect((await steward.run(['breaches', ID, '--draft'])).output).toContain('To whom\n\nTo you');
    const ended = await steward.run(['breaches', ID, '--end', 'notified', '--reason', 'Number 4711.']);
    expect([ended.exitCode, JSON.parse(last().body)]).toEqual([
      0,
      { outcome: 'notified', reason: 'Number 4711.' },
    ]);
  });

  it('asks for changes, answers them, and remarks', async () => {
    const path = `${BASE}/approvals/${ID}`;
    const request = { id: ID, model: 'approval', version: 3, state: 'changes_requested', gates: [] };
    steward
      .on(`GET ${path}`, { body: request })
      .on(`POST ${path}/request-changes`, { body: request })
      .on(`POST ${path}/answer`, { body: request })
      .on(`POST ${path}/comments`, { status: 201, body: {} });
    const reason = ['--reason', 'Which rows were left out?'];
    const asked = await steward.run(['approve', ID, '--request-changes', ...reason]);
    expect(asked.output).toContain('Changes of approval version 3 are requested');
    expect((await steward.run(['approve', ID, '--answer', ...reason])).output).toContain('decides anew');
    await steward.run(['approve', ID, '--comment', ...reason]);
    const remark = steward.requests.find(({ url }) => url.pathname.endsWith('/comments'))!;
    expect(JSON.parse(remark.body)).toEqual({ text: 'Which rows were left out?' });
  });
});
