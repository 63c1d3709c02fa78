import { eventually } from '@steward/testing';
import { newId, newPseudonym } from '@steward/kernel';
import request from 'supertest';
import { contract, NUMBERS, prediction, rows, TEXTS } from './support/lending-telemetry';
import { IngestionHouse } from './support/running-ingestion';

jest.setTimeout(60_000);

interface Item {
  readonly prediction: string;
  readonly row: number;
  readonly version: number;
  readonly score: number | null;
  readonly decided: string | null;
  readonly outcome: string | null;
  readonly subject: string | null;
  readonly inputs: { column: string; value: string | null }[] | null;
  readonly withheld: string[];
  readonly batch: string | null;
}

const DAY = Date.UTC(2026, 10, 1);
const LIST = '/datasets/applications/predictions';

describe('the predictions of a dataset', () => {
  const house = new IngestionHouse();
  const subject = newPseudonym();
  const ids: string[] = [];
  let engineer: string;

  const reader = (name: string, ...rules: { conditions?: object; inverted?: boolean }[]): string => {
    const whole = rules.map((rule) => ({ action: ['read'], subject: ['Prediction'], ...rule })) as never;
    house.policy.put({ kind: 'role', value: { name, version: 1, rules: whole } });
    return house.policy.addPrincipal(`u-${name}`, [{ role: name, project: 'lending' }]);
  };
  const page = async (query = '', credential = engineer) => {
    const { body } = await house.get(`${LIST}${query}`, credential).expect(200);
    return body as { items: Item[]; next: string | null };
  };
  const columnsOf = ({ items }: { items: Item[] }) => [
    ...new Set(items.flatMap(({ inputs }) => inputs ?? []).map(({ column }) => column)),
  ];

  beforeAll(async () => {
    await house.open({ STEWARD_INGESTION_LABELLED_ROWS: '2', STEWARD_INGESTION_LABELLED_WAIT_MS: '300' });
    engineer = house.policy.addPrincipal('u-eva', [{ role: 'ml-engineer', project: 'lending' }]);
    for (const dataset of ['applications', 'elsewhere'])
      await house
        .putContract(dataset, contract.replace('dataset: applications', `dataset: ${dataset}`))
        .expect(200);
    for (let at = 0; at < 4; at += 1)
      ids.push(
        await house.predicted({
          ...prediction(rows.slice(3 * at, 3 * at + 3)),
          model: at === 3 ? 'other' : 'approval',
          modelVersion: at + 1,
          timeMs: DAY + at * 3_600_000,
          scores: [0.1, 0.2, 0.9],
          labels: ['no', 'no', 'yes'],
          subjects: at === 0 ? [subject, '', ''] : [],
        }),
      );
    await house.predicted({ ...prediction(rows.slice(20, 21), 'elsewhere'), scores: [0.5], labels: ['no'] });
    await eventually(async () => expect((await page()).items).toHaveLength(12), { withinMs: 30_000 });
  });
  afterAll(() => house.close());

  it('are listed newest first, page by page, each once', async () => {
    const { items, next } = await page();
    expect(next).toBeNull();
    expect(items.map(({ version, row }) => `${version}/${row}`)).toEqual(
      [4, 3, 2, 1].flatMap((version) => [2, 1, 0].map((row) => `${version}/${row}`)),
    );
    expect(items.at(-1)).toMatchObject({
      prediction: ids[0],
      score: 0.1,
      decided: 'no',
      outcome: null,
      subject,
    });
    const paged: Item[] = [];
    let after: string | null = '';
    while (after !== null) {
      const some: { items: Item[]; next: string | null } = await page(
        `?limit=5${after === '' ? '' : `&after=${after}`}`,
      );
      paged.push(...some.items);
      after = some.next;
    }
    expect(paged).toEqual(items);
  });

  it('are found by model, version and time, and by nothing else', async () => {
    const versions = async (query: string) => [
      ...new Set((await page(query)).items.map(({ version }) => version)),
    ];
    expect(await versions('?model=approval')).toEqual([3, 2, 1]);
    expect(await versions('?model=approval&version=2')).toEqual([2]);
    expect(await versions('?model=nobody')).toEqual([]);
    const [from, to] = [1, 3].map((hours) => new Date(DAY + hours * 3_600_000).toISOString());
    expect(await versions(`?from=${from}&to=${to}`)).toEqual([3, 2]);
    const code = async (query: string, status = 400) =>
      ((await house.get(`${LIST}${query}`, engineer).expect(status)).body as { code: string }).code;
    expect(await code('?afam=yes')).toBe('REQUEST.QUERY_INVALID');
    expect(await code('?limit=101')).toBe('REQUEST.QUERY_INVALID');
    expect(await code('?from=yesterday')).toBe('REQUEST.QUERY_INVALID');
    expect(await code('?after=W10')).toBe('INGESTION.CURSOR_INVALID');
    expect(await code('?after=%00%27')).toBe('INGESTION.CURSOR_INVALID');
    await house.get('/datasets/nothing/predictions', engineer).expect(404);
  });

  it('are shown without identifiers and sensitive columns, whoever asks, and not at all to who may not read them', async () => {
    const administrator = house.policy.addPrincipal('u-ada', [{ role: 'administrator', project: null }]);
    for (const credential of [
      engineer,
      await eventually(async () => (await page('', administrator), administrator)),
    ]) {
      const all = await page('', credential);
      expect(columnsOf(all).sort()).toEqual([...NUMBERS, ...TEXTS].sort());
      expect(new Set(all.items.flatMap(({ withheld }) => withheld))).toEqual(new Set(['afam']));
    }
    // Those of these tests may not read predictions.
    await house.get(LIST).expect(404);
    await house.get(LIST, house.auditor).expect(404);
    await request(house.running.url)
      .get('/v1/projects/flights/datasets/applications/predictions')
      .set('authorization', engineer)
      .expect(404);
  });

  it('"may read predictions without sensitive columns": by list and by row, with what else a rule leaves out', async () => {
    const plain = reader('plain', { conditions: { dataClass: { $nin: ['sensitive', 'identifier'] } } });
    const row = `/predictions/${ids[0]}/rows/0`;
    await eventually(() => house.get(row, plain).expect(200));
    const seen = await page('', plain);
    expect(seen.items).toHaveLength(12);
    expect(JSON.stringify(seen)).not.toContain(subject);
    expect(columnsOf(seen)).not.toContain('afam');
    expect(seen.items[0]).toMatchObject({ score: 0.9, decided: 'yes', withheld: ['afam'] });
    const { body } = await house.get(row, plain).expect(200);
    expect(body.withheld).toEqual(['afam']);
    expect(JSON.stringify(body.inputs)).not.toContain('afam');
    await house.get(`${LIST}?afam=yes`, plain).expect(400);

    // A rule that names the sensitive class alone opens nothing; a prohibition wins over the permission beside it.
    const sensitive = reader('sensitive', { conditions: { dataClass: 'sensitive' } });
    const noDecisions = reader('undecided', {}, { conditions: { dataClass: 'label' }, inverted: true });
    await eventually(async () => {
      const without = await page('', noDecisions);
      expect(without.items[0]).toMatchObject({ score: null, decided: null, outcome: null });
      expect(columnsOf(without)).toContain('pirat');
    });
    expect(columnsOf(await page('', sensitive))).toEqual([]);
    expect((await house.get(row, sensitive).expect(200)).body).toMatchObject({ inputs: [] });
  });

  it('of a model that a role does not cover are in no list and in no row; pages go on behind them', async () => {
    const approvals = reader('approvals', { conditions: { model: 'approval' } });
    await eventually(async () => expect((await page('', approvals)).items).toHaveLength(9));
    const first = await page('?limit=3', approvals);
    expect(first.items).toEqual([]);
    expect((await page(`?limit=3&after=${first.next}`, approvals)).items).toHaveLength(3);
    await house.get(`/predictions/${ids[3]}/rows/0`, approvals).expect(404);
    await house.get(`/predictions/${ids[2]}/rows/0`, approvals).expect(200);
    const others = reader('elsewhere', { conditions: { dataset: 'elsewhere' } });
    await eventually(() => house.get('/datasets/elsewhere/predictions', others).expect(200));
    await house.get(LIST, others).expect(404);
  });

  it('and datasets of other tags than a role names are in no list, and not there', async () => {
    const objects = [
      { kind: 'dataset', name: 'elsewhere', tags: ['open'] },
      { kind: 'dataset', name: 'applications', tags: ['credit'] },
    ] as const;
    house.policy.put({ kind: 'project', value: { name: 'lending', active: true, tags: [], objects } });
    const subjects = ['Dataset', 'Contract', 'Quarantine', 'Prediction'];
    const rules = [{ action: ['read', 'create'], subject: subjects, conditions: { tags: 'open' } }];
    house.policy.put({ kind: 'role', value: { name: 'open', version: 1, rules } });
    const open = house.policy.addPrincipal('u-open', [{ role: 'open', project: 'lending' }]);
    const listed = await eventually(async () => (await house.get('/datasets', open).expect(200)).body);
    expect(listed.items.map(({ name }: { name: string }) => name)).toEqual(['elsewhere']);
    for (const path of ['contract', 'versions', 'batches', 'predictions']) {
      await house.get(`/datasets/elsewhere/${path}`, open).expect(200);
      await house.get(`/datasets/applications/${path}`, open).expect(404);
    }
    await house.get(`/predictions/${ids[0]}/rows/0`, open).expect(404);
    await house.upload('applications', 'a\n', 'lending', open).expect(404);
    const taken = await house.upload('elsewhere', 'a\n', 'lending', open).expect(400);
    expect((taken.body as { code: string }).code).toBe('INGESTION.HEADER_MISMATCH');
    house.policy.put({ kind: 'project', value: { name: 'lending', active: true, tags: [] } });
    await eventually(() => house.get('/datasets/elsewhere/contract', open).expect(404));
  });

  it('that were looked at stand in the audit log, by page and by subject', async () => {
    const correlation = newId();
    await house.get(`${LIST}?version=1`, engineer).set('x-correlation-id', correlation).expect(200);
    await eventually(async () => {
      const entries = (await house.events('steward.ingestion.audit.v1')).filter(
        (entry) => entry.correlation === correlation,
      );
      expect(entries).toHaveLength(2);
      expect(entries).toContainEqual(
        expect.objectContaining({
          action: 'prediction.list',
          object: { kind: 'dataset', id: 'applications' },
          details: { rows: 3, subjects: 1, columns: NUMBERS.length + TEXTS.length },
        }),
      );
      expect(entries).toContainEqual(
        expect.objectContaining({
          action: 'subject.read',
          object: { kind: 'data-subject', id: subject },
          details: { dataset: 'applications', rows: 1 },
        }),
      );
    });
    expect((await house.get(`${LIST}?version=99`, engineer).expect(200)).body.items).toEqual([]);
  });

  it('name their batch once their values are in a dataset version', async () => {
    await house.happened({ predictionId: ids[1]!, rows: [0, 1], labels: ['no', 'yes'] });
    await eventually(
      async () => {
        const { items } = await page('?version=2');
        expect(items.map(({ outcome }) => outcome)).toEqual([null, 'yes', 'no']);
        expect(items[1]).toMatchObject({ inputs: null, batch: expect.any(String) });
        expect(items[0]).toMatchObject({ inputs: expect.any(Array), batch: null });
      },
      { withinMs: 30_000 },
    );
  });
});
