import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { LogKey, signDocument } from '@steward/audit-log';
import { FakeSteward } from '../fake-steward.factory';

const ID = '01a208bf-747d-7472-9223-bd2f30d4e171';
const PSEUDONYM = `sub_${'ab'.repeat(16)}`;
const base = '/governance/v1/projects/lending/subject-requests';
const answer = {
  id: ID,
  pseudonym: PSEUDONYM,
  kind: 'erasure',
  state: 'in_progress',
  receivedAt: '2026-01-01T00:00:00.000Z',
  dueAt: '2026-02-01T00:00:00.000Z',
  overdue: true,
  responsible: null,
  ground: null,
  result: { models: 2 },
  steps: [{ service: 'ingestion', state: 'done' }],
};

describe('steward subjects', () => {
  let steward: FakeSteward;
  beforeEach(async () => {
    steward = await FakeSteward.start();
  });
  afterEach(() => steward.stop());

  it('takes an identifier from the input alone, and sends it to ingestion alone', async () => {
    steward.on('POST /ingestion/v1/projects/lending/subjects/find', { body: { pseudonym: PSEUDONYM } });
    const found = await steward.run(['subjects', 'find', '-d', 'people'], { input: 'Ann Example\nmore' });
    expect(found).toMatchObject({ exitCode: 0, output: `${PSEUDONYM}\n` });
    expect(JSON.parse(steward.requests[0]!.body)).toEqual({ dataset: 'people', identifier: 'Ann Example' });
    const refused = await steward.run(['subjects', 'request', 'Ann Example', '--kind', 'access']);
    expect(refused.exitCode).toBe(2);
    expect(refused.errors).not.toContain('Ann Example');
    expect(steward.requests).toHaveLength(1);
  });

  it('opens, runs and shows requests', async () => {
    steward
      .on(`POST ${base}`, { body: answer })
      .on(`POST ${base}/${ID}/run`, { body: answer })
      .on(`POST ${base}/${ID}/refuse`, { body: answer })
      .on(`GET ${base}`, { body: { items: [answer], next: null } })
      .on(`GET ${base}/${ID}`, { body: answer });
    expect((await steward.run(['subjects', 'request', PSEUDONYM, '--kind', 'erasure'])).exitCode).toBe(0);
    expect((await steward.run(['subjects', 'run', ID])).output).toContain('in progress');
    expect((await steward.run(['subjects', 'status'])).output).toContain('overdue');
    expect((await steward.run(['subjects', 'status', ID])).output).toContain('ingestion');
    expect(
      (await steward.run(['subjects', 'refuse', ID, '--ground', 'whim', '--reason', 'x'])).exitCode,
    ).toBe(2);
    const refused = ['subjects', 'refuse', ID, '--ground', 'excessive', '--reason', 'The fourth this week.'];
    expect((await steward.run(refused)).exitCode).toBe(0);
    expect(JSON.parse(steward.requests.at(-1)!.body)).toEqual({
      ground: 'excessive',
      reason: 'The fourth this week.',
    });
  });

  it('sends corrections for the subject of the request', async () => {
    const file = join(steward.folder, 'corrections.json');
    writeFileSync(file, '[{"column":"income","value":"7"}]');
    steward
      .on(`GET ${base}/${ID}`, { body: answer })
      .on(`POST /ingestion/v1/projects/lending/subjects/${PSEUDONYM}/rectifications`, {
        body: { dataset: 'people', version: 4 },
      });
    const done = await steward.run(['subjects', 'rectify', ID, '-d', 'people', '--corrections', file]);
    expect(done).toMatchObject({ exitCode: 0, output: 'Version 4 of people holds the corrected rows.\n' });
    expect(JSON.parse(steward.requests.at(-1)!.body)).toMatchObject({ request: ID, dataset: 'people' });
  });

  it('verifies a certificate before it shows it, and fails on one that was changed', async () => {
    const key = LogKey.generate('steward/audit');
    const document = {
      requestId: ID,
      pseudonym: PSEUDONYM,
      completedAt: '2026-01-02T00:00:00.000Z',
      services: [
        {
          service: 'ingestion',
          destroyed: [{ store: 'subject-key', items: 1 }],
          remaining: [{ name: 'a topic', until: null }],
        },
      ],
      models: [{ model: 'approval', version: 2 }],
    };
    const signed = signDocument('steward-erasure-certificate/1', document, key);
    steward
      .on(`GET ${base}/${ID}/certificate`, { body: signed })
      .on('GET /governance/v1/audit/public-key', { body: { publicKey: key.verifier.text } });
    const shown = await steward.run(['subjects', 'certificate', ID]);
    expect(shown.exitCode).toBe(0);
    for (const part of ['subject-key', 'a topic', 'approval v2', 'The signature holds'])
      expect(shown.output).toContain(part);
    const changed = { ...signed, document: { ...document, models: [] } };
    steward.on(`GET ${base}/${ID}/certificate`, { body: changed });
    const forged = await steward.run(['subjects', 'certificate', ID]);
    expect(forged).toMatchObject({ exitCode: 1, output: '' });
  });

  it('writes an archive that others cannot read', async () => {
    steward.on(`GET ${base}/${ID}/archive`, { body: 'PK-zip-bytes' });
    const file = join(steward.folder, 'data.zip');
    expect((await steward.run(['subjects', 'archive', ID, '--out', file])).exitCode).toBe(0);
    expect(readFileSync(file, 'utf8')).toBe('PK-zip-bytes');
    expect(statSync(file).mode & 0o777).toBe(0o600);
  });
});
