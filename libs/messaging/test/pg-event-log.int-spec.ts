import { PgDatabase } from '@steward/database';
import { migrate } from '@steward/database';
import { Client } from 'pg';
import { eventLogSchema } from '../src/index';
import { registerTopics, topicRows } from '../src/event-log-schema';
import { PgEventBus } from '../src/postgres/pg-event-bus';
import { createBusDatabase, type BusDatabase } from './support/bus-database';
import { eventually } from './support/eventually';
import { rawAlert } from './support/raw-alert';
import { Recorder, TestProcess } from './support/test-process';
import { PredictionLogged, Topics } from '@steward/contracts';

const PREDICTIONS = PredictionLogged.topic.name;

describe('the event log in PostgreSQL', () => {
  let database: BusDatabase;
  let owner: Client;
  const open: { close(): Promise<void> }[] = [];

  beforeEach(async () => {
    database = await createBusDatabase();
    owner = new Client({ connectionString: database.ownerUrl });
    await owner.connect();
  });

  afterEach(async () => {
    await Promise.all(open.splice(0).map((one) => one.close()));
    await owner.end();
    await database.dispose();
  });

  const busOf = (service: 'monitoring' | 'training' | 'inference'): PgEventBus => {
    const pool = new PgDatabase({ url: database.urlOf(service) });
    const bus = new PgEventBus(service, pool);
    open.push({
      close: async () => {
        await bus.stop();
        await pool.close();
      },
    });
    return bus;
  };

  const append = (url: string, topic: string, partition = 0): Promise<unknown> => {
    const client = new Client({ connectionString: url });
    return client
      .connect()
      .then(() =>
        client.query('SELECT event_log.append($1, $2, $3, $4, $5)', [
          topic,
          partition,
          ['k'],
          ['{}'],
          [Buffer.from('x')],
        ]),
      )
      .finally(() => void client.end());
  };

  it('takes the writer from the session and refuses a topic of another, whatever role it takes on', async () => {
    const { name } = Topics.alert;
    await expect(append(database.urlOf('training'), name)).rejects.toMatchObject({ code: 'ST002' });
    await expect(append(database.ownerUrl, name)).rejects.toMatchObject({ code: 'ST002' });
    await expect(append(database.urlOf('monitoring'), name)).resolves.toBeDefined();
    await expect(append(database.urlOf('monitoring'), 'steward.monitoring.alerts.v1')).rejects.toMatchObject({
      code: 'ST001',
    });
    await expect(append(database.urlOf('monitoring'), name, 99)).rejects.toMatchObject({ code: 'ST001' });
    await expect(busOf('training').append([rawAlert('k', '{}')])).rejects.toMatchObject({
      code: 'EVENT.TOPIC_FOREIGN',
      retriable: false,
    });
  });

  describe('a batch for several partitions', () => {
    const records = () =>
      Array.from({ length: 40 }, (_, n) => rawAlert(`k${n}`, n % 7 === 0 ? 'x'.repeat(10_000 + n) : `v${n}`));
    const stored = async () =>
      (
        await owner.query<{ partition: number; offset: string; key: string; value: Buffer; headers: object }>(
          'SELECT partition, "offset", key, value, headers FROM event_log.record ORDER BY partition, "offset"',
        )
      ).rows;

    it('is appended by one statement, in its order within each of them', async () => {
      const [first, second] = [records(), records()];
      const bus = busOf('monitoring');
      await bus.append(first);
      await bus.append(second);
      const all = [...first, ...second];
      const rows = await stored();
      for (const partition of [0, 1]) {
        const of = rows.filter((row) => row.partition === partition);
        const expected = all.filter((record) => record.partition === partition);
        expect(expected.length).toBeGreaterThan(10);
        expect(of.map(({ offset }) => Number(offset))).toEqual(expected.map((_, n) => n));
        expect(of.map(({ key, value, headers }) => ({ key, value, headers }))).toEqual(
          expected.map(({ key, value, headers }) => ({ key, value, headers })),
        );
      }
    });

    it('of nothing changes nothing', async () => {
      await busOf('monitoring').append([]);
      expect(await stored()).toEqual([]);
    });

    it('is refused as a whole where a topic belongs to another service', async () => {
      const mine = rawAlert('k', '{}');
      const foreign = { ...mine, topic: Topics.alias.name };
      await expect(busOf('monitoring').append([mine, foreign])).rejects.toMatchObject({
        code: 'EVENT.TOPIC_FOREIGN',
      });
      expect(await stored()).toEqual([]);
    });

    const { name } = Topics.alert;
    const one = [['k'], ['{}'], [Buffer.from('x')]];
    it.each([
      ['counts that do not add up', [name], [0], [2], ...one],
      ['a count of nothing', [name, name], [0, 1], [1, 0], ...one],
      ['a negative count', [name, name], [0, 1], [2, -1], ...one],
      ['partitions that are not as many', [name], [0, 1], [1], ...one],
      ['no value', [name], [0], [1], ['k'], ['{}'], [null]],
      ['a value that is too large', [name], [0], [1], ['k'], ['{}'], [Buffer.alloc(262_145)]],
      ['nothing at all', [], [], [], [], [], []],
      ['arrays that are null', [name], [0], [1], null, null, null],
      ['counts that are null', [name], [0], null, ...one],
    ])('is refused with %s', async (_, ...parameters) => {
      const client = new Client({ connectionString: database.urlOf('monitoring') });
      await client.connect();
      const call =
        'SELECT event_log.append($1::text[], $2::int[], $3::int[], $4::text[], $5::text[], $6::bytea[])';
      try {
        await expect(client.query(call, parameters)).rejects.toMatchObject({ code: 'ST003' });
      } finally {
        await client.end();
      }
      expect(await stored()).toEqual([]);
    });
  });

  it('cannot be written past its function, nor another schema read', async () => {
    const training = new PgDatabase({ url: database.urlOf('training') });
    open.push(training);
    const refused = { code: '42501' };
    const run = (sql: string): Promise<unknown> =>
      training.connect(() => undefined).then((client) => client.query(sql).finally(() => void client.end()));
    for (const sql of [
      'DELETE FROM event_log.record',
      'UPDATE event_log.head SET next_offset = 0',
      `INSERT INTO event_log.topic (name, partitions) VALUES ('t', 1)`,
      'SELECT * FROM monitoring.outbox',
      'CREATE TABLE monitoring.mine (n int)',
      'CREATE TABLE event_log.mine (n int)',
      'CREATE TABLE public.mine (n int)',
      'SELECT * FROM migrations.applied',
    ]) {
      await expect(run(sql)).rejects.toMatchObject(refused);
    }
  });

  it('gives dense offsets in commit order to writers that compete', async () => {
    const buses = [busOf('monitoring'), busOf('monitoring'), busOf('monitoring')];
    await Promise.all(
      buses.flatMap((bus) =>
        Array.from({ length: 30 }, () => bus.append([rawAlert('k', '{}'), rawAlert('k', '{}')])),
      ),
    );
    const { rows } = await owner.query<{ n: string; first: string; last: string }>(
      'SELECT count(*) AS n, min("offset") AS first, max("offset") AS last FROM event_log.record',
    );
    expect(rows[0]).toEqual({ n: '180', first: '0', last: '179' });
  });

  it('prunes by retention from the front, and a reader that was too late says what it lost', async () => {
    const inference = await new TestProcess(
      { bus: 'postgres', urlOf: (service) => database.urlOf(service) },
      'inference',
    ).start();
    for (let i = 0; i < 20; i++) await inference.predict('one-key');
    await owner.query(
      `UPDATE event_log.record SET appended_at = now() - interval '31 days' WHERE "offset" < 12`,
    );
    expect(await (inference.runtime.bus as PgEventBus).prune()).toBe(12);
    const monitoring = await new TestProcess(
      { bus: 'postgres', urlOf: (service) => database.urlOf(service) },
      'monitoring',
    ).start(new Recorder(PredictionLogged));
    try {
      await eventually(async () => expect(await monitoring.effects()).toHaveLength(8));
      expect((await monitoring.effects()).map(({ offset }) => offset)).toEqual([
        12, 13, 14, 15, 16, 17, 18, 19,
      ]);
      const { register } = await import('prom-client');
      const lost = await register.getSingleMetricAsString('steward_monitoring_events_lost_total');
      expect(lost).toContain(`steward_monitoring_events_lost_total{topic="${PREDICTIONS}"} 12`);
    } finally {
      await monitoring.stop();
      await inference.stop();
    }
  });

  it('stands still, with an alarm, where the log ends before the position that the group has', async () => {
    const training = new TestProcess(
      { bus: 'postgres', urlOf: (service) => database.urlOf(service) },
      'training',
    );
    const monitoring = await new TestProcess(
      { bus: 'postgres', urlOf: (service) => database.urlOf(service) },
      'monitoring',
    ).start();
    try {
      await owner.query(
        `INSERT INTO training.consumer_position (topic, partition, next_offset)
         SELECT $1, p, 1000 FROM generate_series(0, 1) p`,
        [Topics.alert.name],
      );
      await monitoring.raise('k');
      const { AlertRaised } = await import('@steward/contracts');
      await training.start(new Recorder(AlertRaised));
      await eventually(() =>
        expect(training.runtime.report().alarms.join()).toContain('EVENT.OFFSET_OUT_OF_RANGE'),
      );
      expect(await training.effects()).toEqual([]);
    } finally {
      await training.stop();
      await monitoring.stop();
    }
  });

  it('keeps the partitions of a topic once they are there', async () => {
    const [row] = topicRows([Topics.alert]);
    const query = async <Row>(sql: string, parameters: readonly unknown[] = []): Promise<Row[]> =>
      (await owner.query(sql, [...parameters])).rows as Row[];
    await expect(registerTopics(query, [{ ...row!, partitions: 7 }])).rejects.toMatchObject({
      code: 'EVENT.PARTITIONS_CHANGED',
    });
    await expect(
      migrate({ ownerUrl: database.ownerUrl, services: [], shared: [eventLogSchema] }),
    ).resolves.toBeUndefined();
  });

  it('tells the operator at /metrics how far each consumer is', async () => {
    const monitoring = await new TestProcess(
      { bus: 'postgres', urlOf: (service) => database.urlOf(service) },
      'monitoring',
    ).start();
    const { AlertRaised } = await import('@steward/contracts');
    const training = await new TestProcess(
      { bus: 'postgres', urlOf: (service) => database.urlOf(service) },
      'training',
    ).start(new Recorder(AlertRaised));
    try {
      await monitoring.raise('k');
      await eventually(async () => expect(await training.effects()).toHaveLength(1));
      const { register } = await import('prom-client');
      const text = await register.metrics();
      for (const name of [
        'training_events_handled_total',
        'training_events_lag_events',
        'monitoring_events_appended_total',
      ]) {
        expect(text).toMatch(new RegExp(`steward_${name}\\{.*topic="steward.monitoring.alert.v1".*\\} \\d`));
      }
      expect(text).toContain('steward_monitoring_events_outbox_backlog_events');
      expect(text).toContain('steward_monitoring_events_append_duration_seconds_bucket');
    } finally {
      await training.stop();
      await monitoring.stop();
    }
  });
});
