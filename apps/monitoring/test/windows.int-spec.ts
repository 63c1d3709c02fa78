import { newId } from '@steward/kernel';
import { BinCounts } from '@steward/statistics';
import { WindowOutcomesJudged } from '@steward/contracts';
import { eventsInLog, eventually } from '@steward/testing';
import request from 'supertest';
import { judgeWindow } from '../src/windows/judge-window';
import { MonitorDefinition } from '../src/monitors/monitor-definition';
import { applicant, MODEL, prediction, PROJECT, referenceOf } from './support/lending.factory';
import { MonitoringHouse } from './support/monitoring-house';

interface StoredWindow {
  id: string;
  state: string;
  rows: number;
  outcomes: number;
  verdict: string | null;
  model_version: number;
  members_digest: string | null;
}

describe('windows, on PostgreSQL', () => {
  let house: MonitoringHouse;
  let url: string;
  let engineer: string;
  let sent = 0;

  beforeAll(async () => {
    house = await MonitoringHouse.open();
    engineer = house.policy.addPrincipal('u-mo', [{ role: 'ml-engineer', project: PROJECT }]);
    url = await house.start();
    await eventually(() => request(url).get('/health/ready').expect(200));
    await request(url)
      .put(`/v1/projects/${PROJECT}/monitors/drift`)
      .set('authorization', engineer)
      .send({ model: MODEL })
      .expect(200);
    await house.alias(1);
  });

  afterAll(() => house.close(), 30_000);

  const windows = (): Promise<StoredWindow[]> =>
    house.rows<StoredWindow>('SELECT * FROM observation_window ORDER BY id');
  const send = async (...messages: ReturnType<typeof prediction>[]): Promise<void> => {
    await house.predict(...messages);
    sent += messages.reduce((sum, { rows }) => sum + rows, 0);
    await house.counted(sent);
  };

  it('hold exactly 300 rows, however the events are cut and over however many partitions they come', async () => {
    const sizes = [1, 7, 250, 100, 3, 299, 1, 1, 38];
    let from = 0;
    const messages = sizes.map((size) => {
      const message = prediction(from, size);
      from += size;
      return message;
    });
    await send(...messages);
    expect((await windows()).map(({ state, rows }) => ({ state, rows }))).toEqual([
      { state: 'judged', rows: 300 },
      { state: 'judged', rows: 300 },
      { state: 'open', rows: 100 },
    ]);
    const partitions = await house.rows(
      `SELECT DISTINCT r.partition FROM event_log.record r JOIN event_log.topic t ON t.id = r.topic_id
       WHERE t.name = 'steward.inference.prediction.v1'`,
    );
    expect(partitions.length).toBeGreaterThan(1);
    const stored = await house.rows<{ window_id: string; n: number }>(
      'SELECT window_id, count(*)::int AS n FROM window_row GROUP BY 1 ORDER BY 1',
    );
    expect(stored.map(({ n }) => n)).toEqual([300, 300, 100]);
    const everyRow = messages.flatMap(({ predictionId, rows }) =>
      Array.from({ length: rows }, (_, row) => `${predictionId}/${row}`),
    );
    const kept = await house.rows<{ id: string }>(`SELECT prediction_id || '/' || row AS id FROM window_row`);
    expect(kept.map(({ id }) => id).sort()).toEqual(everyRow.sort());
  });

  it('judge calm rows calm, and the report replays from what is stored to the same bits', async () => {
    const [window] = await house.rows<StoredWindow & { counts: never; report: object; descriptor: never }>(
      `SELECT * FROM observation_window WHERE state = 'judged' ORDER BY id LIMIT 1`,
    );
    expect(window!.verdict).toBe('ok');
    const rows = await house.rows<{
      prediction_id: string;
      row: number;
      score: number;
      label: string;
      groups: Record<string, string>;
    }>('SELECT * FROM window_row WHERE window_id = $1 ORDER BY prediction_id, row', [window!.id]);
    const replayed = judgeWindow(
      BinCounts.parse(referenceOf(false), window!.counts),
      null,
      rows.map(({ prediction_id: predictionId, ...rest }) => ({ predictionId, ...rest, outcome: null })),
      window!.descriptor,
      MonitorDefinition.parse({ model: MODEL }),
    );
    expect(JSON.parse(JSON.stringify(replayed))).toEqual(window!.report);
    const members = JSON.parse((await house.artifacts.read(window!.members_digest!)).toString()) as string[];
    expect(members).toEqual(rows.map(({ prediction_id, row }) => `${prediction_id}/${row}`));
  });

  it('count an event that comes twice once', async () => {
    const before = await windows();
    const records = await eventsInLog(house.owner, 'steward.inference.prediction.v1');
    await house.inference.runtime.bus.append(records as never);
    await send(prediction(5_000, 1));
    await eventually(async () => {
      const behind = await house.rows(
        `SELECT 1 FROM consumer_position p JOIN event_log.topic t ON t.name = p.topic
         JOIN event_log.head h ON h.topic_id = t.id AND h.partition = p.partition
         WHERE t.name = 'steward.inference.prediction.v1' AND p.next_offset < h.next_offset`,
      );
      expect(behind).toEqual([]);
    });
    const after = await windows();
    expect(after.map(({ rows }) => rows)).toEqual([...before.slice(0, -1).map(({ rows }) => rows), 101]);
  });

  it('join outcomes in either order, also of a prediction that was split, and only within the project', async () => {
    const id = newId();
    const labels = (from: number, count: number) =>
      Array.from({ length: count }, (_, index) => applicant(from + index, false).label);
    // Before the prediction: rows of both parts, one row twice, and what another project says of it.
    await house.outcome(id, [0, 1, 60, 61, 60], ['yes', 'yes', 'no', 'no', 'yes']);
    await house.outcome(id, [2], ['yes'], 'other');
    await eventually(async () =>
      expect(await house.rows('SELECT 1 FROM early_outcome WHERE prediction_id = $1', [id])).toHaveLength(5),
    );
    await send(prediction(6_000, 50, { id }));
    await send(prediction(6_050, 50, { id, firstRow: 50 }));
    const known = async () =>
      house.rows<{ row: number; outcome: string }>(
        'SELECT row, outcome FROM window_row WHERE prediction_id = $1 AND outcome IS NOT NULL ORDER BY row',
        [id],
      );
    expect(await known()).toEqual([
      { row: 0, outcome: 'yes' },
      { row: 1, outcome: 'yes' },
      { row: 60, outcome: 'no' },
      { row: 61, outcome: 'no' },
    ]);
    await house.outcome(
      id,
      Array.from({ length: 100 }, (_, row) => row),
      labels(6_000, 100),
    );
    await eventually(async () => expect(await known()).toHaveLength(100));
    expect((await known())[0]).toEqual({ row: 0, outcome: 'yes' });
    expect((await windows()).at(-1)).toMatchObject({ state: 'open', rows: 201, outcomes: 100 });
  });

  it('report performance when the last outcome of a full window has come', async () => {
    const message = prediction(7_000, 99);
    await send(message);
    const [last] = (await windows()).slice(-1);
    expect(last).toMatchObject({ state: 'judged', rows: 300 });
    const open = await house.rows<{ prediction_id: string; row: number; label: string }>(
      'SELECT prediction_id, row, label FROM window_row WHERE window_id = $1 AND outcome IS NULL',
      [last!.id],
    );
    for (const { prediction_id, row, label } of open) await house.outcome(prediction_id, [row], [label]);
    const answer = await eventually(async () => {
      const { body } = await request(url)
        .get(`/v1/projects/${PROJECT}/windows/${last!.id}`)
        .set('authorization', engineer)
        .expect(200);
      expect(body.outcomeReport).not.toBeNull();
      return body as { outcomeReport: { rows: number; performance: { auc: { value: number } } } };
    });
    expect(answer.outcomeReport.rows).toBe(300);
    expect(answer.outcomeReport.performance.auc.value).toBeGreaterThan(0.9);
    await eventually(async () => {
      const told = (await house.events(WindowOutcomesJudged)).find(({ windowId }) => windowId === last!.id);
      expect(told).toMatchObject({
        rows: 300,
        figures: { auc: answer.outcomeReport.performance.auc.value },
      });
      expect(told!.groups.length).toBeGreaterThan(1);
      expect(told!.groups.every(({ group, rows }) => group.includes('=') && rows >= 10)).toBe(true);
    });
    expect(await house.rows('SELECT 1 FROM alert')).toEqual([]);
  });

  it('end as "not enough data" when the alias moves, and late answers of the old version are counted once', async () => {
    await send(prediction(8_000, 40));
    await house.alias(2);
    expect((await windows()).at(-1)).toMatchObject({
      state: 'judged',
      rows: 40,
      verdict: 'not_enough_data',
      model_version: 1,
    });
    const before = (await windows()).length;
    await send(prediction(8_040, 25, { version: 1 }), prediction(8_100, 10, { version: 2 }));
    const after = await windows();
    expect(after).toHaveLength(before + 1);
    expect(after.at(-1)).toMatchObject({ state: 'open', rows: 10, model_version: 2 });
    expect(await house.rows(`SELECT predictions::int AS n FROM observed WHERE model_version = 1`)).toEqual([
      { n: sent - 10 },
    ]);
  });

  it('wait for the alias of a version that inference serves already', async () => {
    await house.predict(prediction(9_000, 5, { version: 3 }));
    await house.alias(3);
    sent += 5;
    await house.counted(sent);
    expect((await windows()).at(-1)).toMatchObject({ state: 'open', rows: 5, model_version: 3 });
  });

  it('hold up nothing when one event cannot be stored', async () => {
    const poison = prediction(9_100, 1, { version: 3 });
    poison.sensitive[0]!.texts[0] = 'a\u0000b';
    await house.predict(poison, prediction(9_101, 2, { version: 3 }), prediction(9_103, 2, { version: 3 }));
    sent += 4;
    await house.counted(sent);
    await eventually(async () =>
      expect(await house.rows('SELECT code FROM dead_letter')).toEqual([{ code: 'DATABASE.TEXT_INVALID' }]),
    );
    expect((await windows()).at(-1)).toMatchObject({ state: 'open', rows: 9 });
  });

  it.each([
    ['monitors/drift', { model: MODEL, windowRows: 'many' }],
    ['monitors/drift', { model: MODEL, windowRows: 100 }],
    ['monitors/drift', { model: 'a\u0000b' }],
    ['monitors/Bad_Name', { model: MODEL }],
    ['monitors/drift', []],
    ['monitors/drift', { model: MODEL, unknown: 1 }],
  ])('refuse %s with %j in a sentence', async (path, body) => {
    const answer = await request(url)
      .put(`/v1/projects/${PROJECT}/${path}`)
      .set('authorization', engineer)
      .send(body as object)
      .expect(400);
    expect(answer.body.detail ?? answer.body.title).toMatch(/\w+ \w+/);
  });

  it.each([
    'windows?limit=0',
    'windows?limit=x',
    'windows/nope',
    'windows/%00',
    'alerts?state=odd',
    'windows?after=%00',
  ])('answer 4xx to %s', async (path) => {
    const { status } = await request(url)
      .get(`/v1/projects/${PROJECT}/${path}`)
      .set('authorization', engineer);
    expect([400, 404]).toContain(status);
  });
});
