import { OutcomeRecorded, PredictionLogged, Topics } from '@steward/contracts';
import { newId } from '@steward/kernel';
import { Client } from 'pg';
import type { LogRecord } from '../src/log-record';
import { hashOf, partitionOf } from '../src/partition-of';
import type { PgEventBus } from '../src/postgres/pg-event-bus';
import { createBusDatabase, type BusDatabase } from './support/bus-database';
import { eventually } from './support/eventually';
import { rawAlert } from './support/raw-alert';
import { Recorder, SecondRecorder, TestProcess } from './support/test-process';

const { name: PREDICTIONS, partitions: PARTITIONS } = PredictionLogged.topic;

/** Keys that are all of one partition, the first. */
function keysOfOnePartition(count: number): string[] {
  const keys: string[] = [];
  for (let n = 0; keys.length < count; n++) if (partitionOf(`p-${n}`, PARTITIONS) === 0) keys.push(`p-${n}`);
  return keys;
}

/** Two keys of one partition with the same hash. */
function collision(): [string, string] {
  const seen = new Map<number, string>();
  for (let n = 0; ; n++) {
    const key = `key-${n}`;
    const other = seen.get(hashOf(key));
    if (other !== undefined) return [other, key];
    seen.set(hashOf(key), key);
  }
}

describe('telemetry in batches, packed in the log in PostgreSQL', () => {
  let database: BusDatabase;
  let owner: Client;
  let inference: TestProcess;
  const open: TestProcess[] = [];

  const processOf = (service: 'inference' | 'monitoring') => {
    const process = new TestProcess({ bus: 'postgres', urlOf: (one) => database.urlOf(one) }, service);
    open.push(process);
    return process;
  };
  /** Predictions that are written as one batch. */
  const predictAtOnce = (keys: readonly string[]) => Promise.all(keys.map((key) => inference.predict(key)));
  const rows = async (): Promise<{ events: number; packed: boolean }[]> =>
    (
      await owner.query(
        `SELECT events, key_hashes IS NOT NULL AS packed
           FROM event_log.record r JOIN event_log.topic t ON t.id = r.topic_id WHERE t.name = $1
          ORDER BY partition, "offset"`,
        [PREDICTIONS],
      )
    ).rows;

  beforeEach(async () => {
    database = await createBusDatabase();
    owner = new Client({ connectionString: database.ownerUrl });
    await owner.connect();
    inference = await processOf('inference').start();
  });

  afterEach(async () => {
    await Promise.all(open.splice(0).map((process) => process.stop()));
    await owner.end();
    await database.dispose();
  });

  it('takes one row a partition, and gives each event once, whole and in order, between rows of single events', async () => {
    const recorder = new Recorder(PredictionLogged);
    const monitoring = await processOf('monitoring').start(recorder);
    const keys = keysOfOnePartition(100);
    const ids = [
      await inference.predict(keys[0]!),
      ...(await predictAtOnce(keys.slice(1, 60))),
      await inference.predict(keys[60]!),
      ...(await predictAtOnce(keys.slice(61))),
    ];
    await eventually(async () => expect(await monitoring.effects()).toHaveLength(100));
    expect((await rows()).map(({ events, packed }) => [events, packed])).toEqual([
      [1, false],
      [59, true],
      [1, false],
      [39, true],
    ]);
    const effects = await monitoring.effects();
    expect(effects.map(({ event_id }) => event_id)).toEqual(ids);
    expect(effects.map(({ offset }) => offset)).toEqual(ids.map((_, n) => n));
    expect(
      recorder.seen.map(({ subject, payload }) => [subject, payload.predictionId, payload.scores]),
    ).toEqual(keys.map((key) => [key, key, [0.25]]));
    expect(monitoring.runtime.report().alarms).toEqual([]);
  });

  it('is set aside event by event: one that fails stands in the dead letters, those beside it in the row do not', async () => {
    const keys = keysOfOnePartition(40);
    const bad = new SecondRecorder(PredictionLogged, ({ subject }) => {
      if (subject === keys[17]) throw new Error('cannot');
      return undefined;
    });
    const monitoring = await processOf('monitoring').start(bad);
    const ids = await predictAtOnce(keys);
    await eventually(async () => expect(await monitoring.effects()).toHaveLength(39), 30_000);
    expect((await monitoring.effects()).map(({ event_id }) => event_id)).toEqual(ids.toSpliced(17, 1));
    const { items } = await monitoring.runtime.deadLetters.list({ state: 'waiting' });
    expect(items).toMatchObject([{ eventId: ids[17], offset: 17 }]);
  });

  it('that cannot be unpacked is set aside, and what follows goes on', async () => {
    const keys = keysOfOnePartition(40);
    await predictAtOnce(keys.slice(0, 20));
    await owner.query(`UPDATE event_log.record SET value = '\\x0142' WHERE events = 20`);
    const ids = await predictAtOnce(keys.slice(20));
    const monitoring = await processOf('monitoring').start(new Recorder(PredictionLogged));
    await eventually(async () => expect(await monitoring.effects()).toHaveLength(20));
    expect((await monitoring.effects()).map(({ event_id }) => event_id)).toEqual(ids);
    const { items } = await monitoring.runtime.deadLetters.list({ state: 'waiting' });
    expect(items.map(({ code }) => code)).toEqual(Array.from({ length: 20 }, () => 'EVENT.UNDECODABLE'));
  });

  it('is found by key, whatever stands in the row with it, and whose hash is the same', async () => {
    const [one, other] = collision();
    const others = Array.from({ length: 60 }, (_, n) => `other-${n}`);
    const [first] = await predictAtOnce([one, ...others, other]);
    const second = await inference.predict(one);
    const last = (await predictAtOnce([...others, other, one])).at(-1)!;
    const partition = partitionOf(one, PARTITIONS);
    const { bus } = inference.runtime;
    const found = await bus.readKeyAfter(PREDICTIONS, partition, -1, one, 10);
    expect(found.map(({ headers }) => headers.ce_id)).toEqual([first, second, last]);
    const [{ offset }] = found as [LogRecord];
    const after = await bus.readKeyAfter(PREDICTIONS, partition, offset, one, 1);
    expect(after.map(({ headers }) => headers.ce_id)).toEqual([second]);
    const search = { topic: PREDICTIONS, partition, key: one, fromMs: 0, mostRecords: 1_000 };
    const all = await bus.findKey({ ...search, enough: () => false });
    expect(all.records.map(({ headers }) => headers.ce_id)).toEqual([first, second, last]);
    expect(all.complete).toBe(true);
    const bounded = await bus.findKey({ ...search, mostRecords: offset + 1, enough: () => false });
    expect(bounded.records.map(({ headers }) => headers.ce_id)).toEqual([first]);
    expect(bounded.complete).toBe(false);
  });

  it('leaves by retention with all of its row, never before the last of it is old', async () => {
    const keys = keysOfOnePartition(50);
    await predictAtOnce(keys.slice(0, 20));
    await predictAtOnce(keys.slice(20));
    const bus = inference.runtime.bus as PgEventBus;
    const age = (events: number) =>
      owner.query(`UPDATE event_log.record SET appended_at = now() - interval '31 days' WHERE events = $1`, [
        events,
      ]);
    expect(await bus.prune()).toBe(0);
    await age(20);
    expect(await bus.prune()).toBe(20);
    const monitoring = await processOf('monitoring').start(new Recorder(PredictionLogged));
    await eventually(async () => expect(await monitoring.effects()).toHaveLength(30));
    expect((await monitoring.effects()).at(0)!.offset).toBe(20);
    await age(30);
    expect(await bus.prune()).toBe(30);
    expect(await rows()).toEqual([]);
  });

  it('is for telemetry alone: domain events stand as they are, for people who look into the log', async () => {
    const monitoring = await processOf('monitoring').start();
    await monitoring.runtime.bus.append(Array.from({ length: 50 }, (_, n) => rawAlert(`k${n}`, '{}')));
    const { rows: stored } = await owner.query<{ n: number }>(
      `SELECT count(*)::int AS n FROM event_log.record WHERE key_hashes IS NULL`,
    );
    expect(stored[0]!.n).toBe(50);
  });

  it('is refused by the log where a writer has no right to it, or says what is not so', async () => {
    const body = [Buffer.from('x')];
    const topic = [PREDICTIONS];
    const wrong: Readonly<Record<string, readonly [code: string, ...parameters: unknown[]]>> = {
      'a topic that is not there': ['ST001', ['steward.inference.x.v1'], [0], [1], [7], body],
      'a partition that is not there': ['ST001', topic, [99], [1], [7], body],
      'a topic of another service': ['ST002', [Topics.alert.name], [0], [1], [7], body],
      'dead letters': ['ST002', [`${PREDICTIONS}.dlq`], [0], [1], [7], body],
      'no hash': ['ST003', topic, [0], [1], [], body],
      'hashes that are more': ['ST003', topic, [0], [1], [7, 8], body],
      'a hash that is null': ['ST003', topic, [0], [1], [null], body],
      'a count of nothing': ['ST003', topic, [0], [0], [], body],
      'too many events': ['ST003', topic, [0], [1_001], Array.from({ length: 1_001 }, () => 7), body],
      'no body': ['ST003', topic, [0], [1], [7], [null]],
      'a body that is too large': ['ST003', topic, [0], [1], [7], [Buffer.alloc(1_048_577)]],
      'partitions that are not as many': ['ST003', topic, [0, 1], [1], [7], body],
      'nothing at all': ['ST003', [], [], [], [], []],
      'arrays that are null': ['ST003', topic, [0], null, [7], body],
    };
    const call = 'SELECT event_log.append_packed($1::text[], $2::int[], $3::int[], $4::int[], $5::bytea[])';
    const codes: Record<string, string> = {};
    for (const [what, [, ...parameters]] of Object.entries(wrong)) {
      const client = new Client({ connectionString: database.urlOf('inference') });
      await client.connect();
      codes[what] = await client.query(call, parameters).then(
        () => 'taken',
        (error: { code: string }) => error.code,
      );
      await client.end();
    }
    expect(codes).toEqual(Object.fromEntries(Object.entries(wrong).map(([what, [code]]) => [what, code])));
    expect(await rows()).toEqual([]);
  });

  it('cuts a place in rows that are not too large', async () => {
    const { topic } = OutcomeRecorded;
    const records = Array.from({ length: 600 }, (_, n) => ({
      topic: topic.name,
      partition: 0,
      key: newId(),
      headers: { ce_id: String(n) },
      value: Buffer.alloc(3_000, n),
    }));
    await inference.runtime.bus.append(records);
    const { rows: stored } = await owner.query<{ events: number }>('SELECT events FROM event_log.record');
    expect(stored.reduce((sum, { events }) => sum + events, 0)).toBe(600);
    expect(stored.length).toBeGreaterThan(3);
  });
});
