import { DeltaTables } from '@steward/delta';
import { eventually } from '@steward/testing';
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import request from 'supertest';
import { LENDING } from '../src/batches/lending-contract.factory';
import { IngestionHouse } from './support/running-ingestion';

const contract = readFileSync(join(LENDING, 'contract.yaml'), 'utf8');
const initial = readFileSync(join(LENDING, 'data/initial.csv'));
const lines = initial.toString().split('\n');
const header = lines[0]!;

jest.setTimeout(60_000);
const house = new IngestionHouse();
beforeAll(() => house.open());
afterAll(() => house.close());

const other = (dataset: string) =>
  house.putContract(dataset, contract.replace('dataset: applications', `dataset: ${dataset}`));
const filesBelow = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((each) => each.isFile())
    .map((each) => join(each.parentPath, each.name));

describe('contracts', () => {
  it('are registered once for the same content, from YAML and JSON', async () => {
    const first = await house.putContract('applications', contract).expect(200);
    expect(first.body).toMatchObject({
      dataset: 'applications',
      version: 1,
      created: true,
      changedBy: 'u-dan',
    });
    const again = await house
      .putContract('applications', JSON.stringify(first.body.contract), 'application/json')
      .expect(200);
    expect(again.body).toMatchObject({ version: 1, created: false, digest: first.body.digest });
    await house.get('/datasets/applications/contract').expect(200);
    await eventually(async () => {
      const events = await house.events('steward.ingestion.contract.v1');
      expect(events).toMatchObject([{ dataset: 'applications', contractVersion: 1, changedBy: 'u-dan' }]);
    });
  });

  it('are refused with sentences, and to whom may not', async () => {
    const wrong = await house
      .putContract('applications', contract.replace('column: deny', 'column: denied'))
      .expect(400);
    expect(wrong.body).toMatchObject({ code: 'INGESTION.CONTRACT_INVALID' });
    expect(wrong.body.detail).toContain('The label column "denied" is not among the columns.');
    await house.putContract('other', contract).expect(400);
    await house.putContract('applications', '{').expect(400);
    await house.putContract('applications', contract, 'application/yaml', house.auditor).expect(403);
  });
});

describe('the first upload of the example', () => {
  let batch: Record<string, never> & { batch: string };

  it('quarantines the twelve broken records and accepts all others', async () => {
    const { body } = await house.upload('applications', initial).expect(200);
    batch = body;
    expect(body).toMatchObject({
      digest: createHash('sha256').update(initial).digest('hex'),
      read: 1212,
      accepted: 1200,
      quarantined: 12,
      byRule: { type: 2, nullability: 1, range: 2, allowed: 1, key: 1, fields: 2, maxLength: 1, quote: 2 },
      version: 1,
      duplicate: false,
    });
  });

  it('lists them with row, line, column, rule and value, identifiers masked', async () => {
    const { body } = await house
      .get(`/datasets/applications/batches/${batch.batch}/quarantine?limit=11`)
      .expect(200);
    expect(body.next).toBe(11);
    expect(
      body.items.map((row: Record<string, unknown>) => [row.row, row.line, row.column, row.rule, row.value]),
    ).toEqual([
      [1201, 1202, 'pirat', 'type', 'lots'],
      [1202, 1203, 'hirat', 'nullability', ''],
      [1203, 1204, 'lvrat', 'range', '-0.8'],
      [1204, 1205, 'unemp', 'range', '390'],
      [1205, 1206, 'deny', 'allowed', 'perhaps'],
      [1206, 1207, 'chist', 'type', '2.5'],
      [1207, 1208, 'applicant', 'key', '***'],
      [1208, 1209, null, 'fields', '11 fields instead of 15'],
      [1209, 1210, null, 'fields', '16 fields instead of 15'],
      [1210, 1211, 'applicant', 'maxLength', '***'],
      [1211, 1212, null, 'quote', '54 bytes'],
    ]);
    const rest = await house
      .get(`/datasets/applications/batches/${batch.batch}/quarantine?after=11`)
      .expect(200);
    expect(rest.body).toMatchObject({ items: [{ row: 1212, line: 1213, rule: 'quote' }], next: null });
    const csv = await house.get(`/datasets/applications/batches/${batch.batch}/quarantine.csv`).expect(200);
    expect(csv.text.split('\n')).toHaveLength(14);
    expect(csv.text).not.toMatch(/[AB]-0/);
    await house.get(`/datasets/applications/batches/${batch.batch}/quarantine`, house.auditor).expect(404);
  });

  it('is a version whose table holds pseudonyms and ciphertext, and no identifier', async () => {
    const { body } = await house.get('/datasets/applications/versions/1').expect(200);
    expect(body).toMatchObject({
      version: 1,
      rows: 1200,
      labelledRows: 0,
      deltaVersion: 0,
      contractVersion: 1,
    });
    const table = await house.running.app
      .get(DeltaTables)
      .read(body.deltaPath, { version: body.deltaVersion });
    expect(table.rows).toBe(1200);
    expect(table.columns._steward_row?.slice(0, 2)).toEqual([1, 2]);
    expect(table.columns.chist?.slice(0, 3)).toEqual([2, 5, 1]);
    expect(new Set(table.columns._steward_subject).size).toBe(1200);
    expect(table.columns._steward_subject?.every((value) => /^sub_[0-9a-f]{32}$/.test(String(value)))).toBe(
      true,
    );
    await eventually(async () => {
      const events = await house.events('steward.ingestion.dataset-version.v1');
      expect(events[0]).toMatchObject({
        dataset: 'applications',
        version: 1,
        digest: body.digest,
        rows: 1200,
        deltaPath: body.deltaPath,
      });
      const audit = await house.events('steward.ingestion.audit.v1');
      expect(audit).toContainEqual(
        expect.objectContaining({ action: 'dataset-version.create', actor: { id: 'u-dan', kind: 'person' } }),
      );
      expect(JSON.stringify([events, audit])).not.toMatch(/A-000328/);
    });
    const leaks = filesBelow(house.folder).filter((file) => readFileSync(file).includes('A-000328'));
    expect(leaks).toEqual([]);
  });

  it('is one version when it comes again, and nothing is left of the second', async () => {
    const files = filesBelow(house.folder).length;
    const { body } = await house.upload('applications', initial).expect(200);
    expect(body).toMatchObject({ batch: batch.batch, version: 1, duplicate: true });
    expect(filesBelow(house.folder)).toHaveLength(files);
    const listed = await house.get('/datasets/applications/batches').expect(200);
    expect(listed.body.items).toHaveLength(1);
  });
});

describe('uploads', () => {
  it('of the same bytes at the same time make one version', async () => {
    await other('twice').expect(200);
    const both = await Promise.all([house.upload('twice', initial), house.upload('twice', initial)]);
    expect(both.map(({ status }) => status)).toEqual([200, 200]);
    expect(both.filter(({ body }) => body.duplicate === true)).toHaveLength(1);
    expect(both[0].body.batch).toBe(both[1].body.batch);
    const { body } = await house.get('/datasets/twice/versions').expect(200);
    expect(body.items).toHaveLength(1);
  });

  it('of other bytes at the same time make one version each, and each holds all before it', async () => {
    await other('many').expect(200);
    const parts = Array.from({ length: 4 }, (_, at) =>
      [header, ...lines.slice(1 + at * 10, 11 + at * 10)].join('\n'),
    );
    const answers = await Promise.all(parts.map((part) => house.upload('many', part)));
    expect(answers.map(({ body }) => body.version).sort((a, b) => a - b)).toEqual([1, 2, 3, 4]);
    const { body } = await house.get('/datasets/many/versions').expect(200);
    expect(body.items.map((item: { rows: number }) => item.rows)).toEqual([40, 30, 20, 10]);
  });

  it('give a person the same pseudonym in every dataset of the project, and another in another project', async () => {
    const resolve = (project: string, dataset: string, credential = house.engineer) =>
      request(house.running.url)
        .post(`/v1/projects/${project}/subjects/resolve`)
        .set('authorization', credential)
        .send({ dataset, identifiers: [' a-000328', 'A-NEW', 'A-000328'] });
    const here = (await resolve('lending', 'applications', house.machine).expect(200)).body.pseudonyms;
    expect(here[0]).toBe(here[2]);
    expect(here[0]).not.toBe(here[1]);
    expect((await resolve('lending', 'twice').expect(200)).body.pseudonyms).toEqual(here);
    const [found] = await house.rows(
      `SELECT count(*)::int AS n FROM ingestion.subjects WHERE pseudonym = $1`,
      [here[0]],
    );
    expect(found).toEqual({ n: 1 });
    await resolve('lending', 'none').expect(404);
    await resolve('lending', 'applications', house.auditor).expect(404);
  });

  it.each([
    ['an empty file', '', 'INGESTION.NO_HEADER'],
    ['a header alone', `${header}\n`, 'INGESTION.NO_RECORDS'],
    [
      'a header with a column missing',
      lines.slice(0, 3).join('\n').replace('pirat,', ''),
      'INGESTION.HEADER_MISMATCH',
    ],
    ['a header with an unknown column', `${header},more\n1,2\n`, 'INGESTION.HEADER_MISMATCH'],
    ['a header that names a column twice', `${header},deny\n1,2\n`, 'INGESTION.HEADER_MISMATCH'],
    ['no header', lines.slice(1, 4).join('\n'), 'INGESTION.HEADER_MISMATCH'],
    ['a header with a broken quote', `"${header}\n`, 'INGESTION.HEADER_BROKEN'],
    ['UTF-16', Buffer.from(`\uFEFF${header}\nx\n`, 'utf16le'), 'INGESTION.NOT_UTF8'],
    ['a picture', Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex'), 'INGESTION.HEADER_BROKEN'],
    ['NULs', Buffer.alloc(5000), 'INGESTION.HEADER_BROKEN'],
    ['a line without end', 'x'.repeat(3_000_000), 'INGESTION.HEADER_BROKEN'],
  ])('of %s are refused and leave nothing', async (_name, content, code) => {
    const files = filesBelow(house.folder).length;
    const { body, status } = await house.upload('applications', content);
    expect([status, body.code]).toEqual([400, code]);
    expect(filesBelow(house.folder)).toHaveLength(files);
  });

  it('of no CSV, of an unknown dataset, from whom may not, are refused', async () => {
    await request(house.running.url)
      .post('/v1/projects/lending/datasets/applications/batches')
      .set('authorization', house.engineer)
      .send({ a: 1 })
      .expect(400);
    await house.upload('none', initial).expect(404);
    await house.upload('applications', initial, 'nowhere').expect(404);
    await house.upload('applications', initial, 'lending', house.auditor).expect(403);
  });

  it('of which no row is good are known and make no version', async () => {
    await other('bad').expect(200);
    const { body } = await house.upload('bad', `${header}\nx,y\n`).expect(200);
    expect(body).toMatchObject({ read: 1, accepted: 0, quarantined: 1, version: null, duplicate: false });
    expect((await house.upload('bad', `${header}\nx,y\n`)).body).toMatchObject({
      duplicate: true,
      version: null,
    });
    expect((await house.get('/datasets/bad/versions')).body.items).toEqual([]);
  });

  it('keep their sum on anything that is thrown at them', async () => {
    await other('fuzz').expect(200);
    const good = lines.slice(1, 40);
    const seeds = [3, 17, 91, 257, 1031];
    for (const seed of seeds) {
      const mixed = good.map((line, at) => {
        const dice = (seed * (at + 7)) % 11;
        if (dice === 0) return Buffer.from(line.replace(',', ',"'));
        if (dice === 1) return Buffer.concat([Buffer.from(line.slice(0, 20)), Buffer.from([0xc3, 0x28, 0])]);
        if (dice === 2) return Buffer.from(`${line}\r`);
        if (dice === 3) return Buffer.from('');
        if (dice === 4) return Buffer.from(line.replace('no', `"no${'z'.repeat(100_000)}"`));
        return Buffer.from(line);
      });
      const bytes = Buffer.concat([
        Buffer.from(`\uFEFF${header}\r\n`),
        ...mixed.flatMap((line) => [line, Buffer.from('\n')]),
      ]);
      const { body, status } = await house.upload('fuzz', bytes);
      expect(status).toBe(200);
      expect(body.read).toBe(body.accepted + body.quarantined);
      const rules = Object.values(body.byRule as Record<string, number>);
      expect(rules.reduce((sum, count) => sum + count, 0)).toBe(body.quarantined);
      expect(body.quarantined).toBeGreaterThan(0);
    }
  });
});
