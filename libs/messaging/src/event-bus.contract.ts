import { AlertRaised, PolicyHeartbeat, PredictionLogged } from '@steward/contracts';
import { errors, newId } from '@steward/kernel';
import { eventually } from '../test/support/eventually';
import {
  Recorder,
  SecondRecorder,
  TestProcess,
  type BusPlace,
  type EffectTables,
} from '../test/support/test-process';
import { EventConsumer, handled, type HandlerResult } from './consumer';
import { deadLetterTopic } from './event-log-schema';
import { stamped, toHeaders } from './event-headers';
import { partitionOf } from './partition-of';
import type { OutgoingRecord } from './log-record';
import type { UnitOfWork } from '@steward/database';

const unique = (texts: readonly string[]): number => new Set(texts).size;

/** A raw record on the alert topic, as a producer with a fault might write it. */
export function rawAlert(key: string, value: string, headers: Record<string, string> = {}): OutgoingRecord {
  const { topic } = AlertRaised;
  const envelope = {
    id: newId(),
    type: 'alert.raised',
    source: 'monitoring' as const,
    time: new Date().toISOString(),
    subject: key,
    project: 'lending-1',
    correlation: newId(),
    actor: 'person-1',
  };
  return {
    topic: topic.name,
    partition: partitionOf(key, topic.partitions),
    key,
    headers: { ...toHeaders(envelope, 'application/json'), ...headers },
    value: Buffer.from(value),
  };
}

/** What every adapter of the event bus does. `place` gives a bus with a fresh database for each test. */
export function describeEventBus(name: string, place: () => BusPlace): void {
  describe(`${name}: the event bus`, () => {
    jest.setTimeout(90_000);
    const running: TestProcess[] = [];
    const process = (service: ConstructorParameters<typeof TestProcess>[1]): TestProcess => {
      const made = new TestProcess(place(), service);
      running.push(made);
      return made;
    };
    const stop = async (one: TestProcess): Promise<void> => {
      running.splice(running.indexOf(one), 1);
      await one.stop();
    };

    afterEach(async () => {
      await Promise.all(running.splice(0).map((one) => one.stop()));
    });

    it('delivers what a transaction published, whole, after its commit, and nothing of one that failed', async () => {
      const producer = await process('monitoring').start();
      const recorder = new Recorder(AlertRaised);
      const consumer = await process('training').start(recorder);
      await expect(
        producer.database.transaction((unit) => {
          producer.raiseIn(unit, 'rolled-back');
          throw new Error('changed my mind');
        }),
      ).rejects.toThrow('changed my mind');
      const id = await producer.raise('alert-1');
      await eventually(async () => expect(await consumer.effects()).toHaveLength(1));
      expect(recorder.seen[0]).toMatchObject({
        id,
        type: 'alert.raised',
        source: 'monitoring',
        subject: 'alert-1',
        project: 'lending-1',
        actor: 'person-1',
        topic: 'steward.monitoring.alert.v1',
        payload: { alertId: 'alert-1', columns: ['single'] },
      });
    });

    it('keeps the order of each key, and gives each event once to a service of two processes', async () => {
      const producer = await process('monitoring').start();
      const first = await process('training').start(new Recorder(AlertRaised));
      const second = await process('training').start(new Recorder(AlertRaised));
      const published: Record<string, string[]> = { a: [], b: [], c: [], d: [] };
      for (let i = 0; i < 60; i++) {
        for (const key of Object.keys(published)) published[key]!.push(await producer.raise(key));
      }
      const effects = await eventually(async () => {
        const rows = await first.effects();
        expect(rows.length).toBeGreaterThanOrEqual(240);
        return rows;
      });
      for (const [key, ids] of Object.entries(published)) {
        const of = effects.filter(({ subject }) => subject === key);
        expect(of.map(({ event_id }) => event_id)).toEqual(ids);
      }
      expect(second.runtime.report()).toMatchObject({ live: true, ready: true, alarms: [] });
    });

    it('hands partitions on when a process ends, without losing or repeating', async () => {
      const producer = await process('monitoring').start();
      const first = await process('training').start(new Recorder(AlertRaised));
      const ids = [await producer.raise('a'), await producer.raise('b')];
      await eventually(async () => expect(await first.effects()).toHaveLength(2));
      const second = await process('training').start(new Recorder(AlertRaised));
      await stop(first);
      for (let i = 0; i < 20; i++) ids.push(await producer.raise(`key-${i}`));
      await eventually(
        async () => expect((await second.effects()).length).toBeGreaterThanOrEqual(22),
        40_000,
      );
      const handledIds = (await second.effects()).map(({ event_id }) => event_id);
      expect(handledIds.sort()).toEqual(ids.sort());
    });

    it('appends telemetry durably in shared batches and delivers each event once', async () => {
      const producer = await process('inference').start();
      const consumer = await process('monitoring').start(new Recorder(PredictionLogged));
      const ids = await Promise.all(
        Array.from({ length: 500 }, (_, i) => producer.predict(`prediction-${i}`)),
      );
      await eventually(async () => expect((await consumer.effects()).length).toBeGreaterThanOrEqual(500));
      const handledIds = (await consumer.effects()).map(({ event_id }) => event_id);
      expect(handledIds.sort()).toEqual(ids.sort());
    });

    it('drops what a producer sent again, without a row per event', async () => {
      const producer = await process('monitoring').start();
      const consumer = await process('training').start(new Recorder(AlertRaised));
      const stamp = { producer: '01890000-0000-7000-8000-000000000001', sequence: 1 };
      const payload = {
        alertId: 'x',
        monitor: 'm',
        kind: 'drift',
        model: 'm',
        modelVersion: 1,
        windowId: 'w',
        columns: [],
      };
      const records = Array.from({ length: 50 }, (_, i) => {
        const record = rawAlert('x', JSON.stringify(payload));
        return { ...record, headers: stamped(record.headers, { ...stamp, sequence: i + 1 }) };
      });
      await producer.runtime.bus.append(records);
      await producer.runtime.bus.append(records.slice(20));
      await producer.runtime.bus.append(records);
      await producer.raise('x');
      await eventually(async () => {
        const last = (await consumer.effects()).at(-1);
        expect(last).toMatchObject({ offset: 130 });
      });
      expect(await consumer.effects()).toHaveLength(51);
      const { count } = await consumer.database.kysely
        .selectFrom('consumer_sequence' as never)
        .select(({ fn }) => fn.countAll<number>().as('count'))
        .executeTakeFirstOrThrow();
      expect(count).toBe(2);
    });

    it('sets aside at once what cannot be decoded, is unknown or breaks its schema, and goes on', async () => {
      const producer = await process('monitoring').start();
      const consumer = await process('training').start(new Recorder(AlertRaised));
      await producer.runtime.bus.append([
        rawAlert('k', '{not json'),
        rawAlert('k', '{"alertId":7}'),
        rawAlert('k', '{}', { ce_type: 'alert.invented' }),
        rawAlert('k', '{}', { ce_specversion: '' }),
      ]);
      const good = await producer.raise('k');
      await eventually(async () => expect(await consumer.effects()).toHaveLength(1));
      expect((await consumer.effects())[0]).toMatchObject({ event_id: good });
      const items = (await consumer.runtime.deadLetters.list()).items.toSorted((a, b) => a.offset - b.offset);
      expect(items.map(({ code }) => code)).toEqual([
        'EVENT.UNDECODABLE',
        'EVENT.INVALID',
        'EVENT.UNKNOWN',
        'EVENT.UNDECODABLE',
      ]);
      const topic = deadLetterTopic(AlertRaised.topic.name);
      await eventually(async () => {
        const announced = await consumer.runtime.bus.readKeyAfter(topic, 0, -1, 'k', 10);
        expect(announced.map(({ headers }) => headers.steward_deadletter_code)).toEqual(
          items.map(({ code }) => code),
        );
      });
    });

    it('gives up an event after 5 tries, keeps the effects of the handler beside it, and replays it', async () => {
      const producer = await process('monitoring').start();
      let broken = true;
      const good = new Recorder(AlertRaised);
      const bad = new SecondRecorder(AlertRaised, ({ subject }) => {
        if (broken && subject === 'poison') throw new Error('cannot');
        return undefined;
      });
      const consumer = await process('training').start(good, bad);
      await producer.raise('before');
      const poison = await producer.raise('poison');
      const after = await producer.raise('poison-not');
      const later = await producer.raise('poison-not');
      await eventually(async () => expect(await consumer.effects('SecondRecorder')).toHaveLength(3));
      expect(bad.seen.filter(({ id }) => id === poison).length).toBeGreaterThanOrEqual(5);
      const effects = await consumer.effects('Recorder');
      expect(effects.filter(({ event_id }) => event_id === poison)).toHaveLength(1);
      expect(unique(effects.map(({ event_id }) => event_id))).toBe(effects.length);
      expect(effects.map(({ event_id }) => event_id)).toEqual(expect.arrayContaining([after, later]));

      const { items } = await consumer.runtime.deadLetters.list({ state: 'waiting' });
      expect(items).toHaveLength(1);
      expect(items[0]).toMatchObject({
        eventId: poison,
        consumer: 'SecondRecorder',
        code: 'EVENT.HANDLER_FAILED',
      });
      const [letter] = items;
      await expect(consumer.runtime.deadLetters.replay(letter!.id)).rejects.toThrow('cannot');
      broken = false;
      expect(await consumer.runtime.deadLetters.replay(letter!.id)).toMatchObject({ state: 'replayed' });
      expect((await consumer.effects('SecondRecorder')).at(-1)).toMatchObject({ event_id: poison });
      expect(await consumer.effects('Recorder')).toHaveLength(effects.length);
      await expect(consumer.runtime.deadLetters.replay(letter!.id)).rejects.toMatchObject({
        code: 'EVENT.ALREADY_REPLAYED',
      });
    });

    it('shows the later events of the key before it replays', async () => {
      const producer = await process('monitoring').start();
      let broken = true;
      const consumer = await process('training').start(
        new Recorder(AlertRaised, () => (broken ? handled.deadLetter('not today') : undefined)),
      );
      await producer.raise('k');
      await eventually(async () => expect((await consumer.runtime.deadLetters.list()).items).toHaveLength(1));
      expect(await consumer.effects()).toHaveLength(0);
      broken = false;
      const later = await producer.raise('k');
      await producer.raise('another-key');
      await eventually(async () => expect(await consumer.effects()).toHaveLength(2));
      const [letter] = (await consumer.runtime.deadLetters.list()).items;
      expect(letter).toMatchObject({ code: 'EVENT.REFUSED', reason: 'not today' });
      const found = await consumer.runtime.deadLetters.find(letter!.id);
      expect(found.later.map(({ eventId }) => eventId)).toEqual([later]);
      const unseen = consumer.runtime.deadLetters.replay(letter!.id);
      await expect(unseen).rejects.toMatchObject({ code: 'EVENT.LATER_EVENTS_UNSEEN', kind: 'conflict' });
      const laterSeen = found.later.at(-1)!.offset;
      expect(await consumer.runtime.deadLetters.replay(letter!.id, { laterSeen })).toMatchObject({
        state: 'replayed',
      });
    });

    it('waits for what is retriable as long as it lasts: not ready, no dead letter', async () => {
      const producer = await process('monitoring').start();
      let away = true;
      let tries = 0;
      const consumer = await process('training').start(
        new Recorder(AlertRaised, () => {
          tries++;
          if (away) throw errors.unavailable('STORE.AWAY', 'The store is away.');
          return undefined;
        }),
      );
      await producer.raise('k');
      await eventually(() => expect(tries).toBeGreaterThan(6), 40_000);
      expect(consumer.runtime.report()).toMatchObject({ live: true, ready: false, alarms: [] });
      away = false;
      await eventually(async () => expect(await consumer.effects()).toHaveLength(1));
      await eventually(() => expect(consumer.runtime.report()).toMatchObject({ live: true, ready: true }));
      expect((await consumer.runtime.deadLetters.list()).items).toEqual([]);
    });

    it('comes back to an event whose handler asks for that, and keeps nothing of the first try', async () => {
      const producer = await process('monitoring').start();
      let tries = 0;
      const consumer = await process('training').start(
        new Recorder(AlertRaised, () => (++tries < 4 ? handled.retry(20) : undefined)),
      );
      await producer.raise('k');
      await producer.raise('k');
      await eventually(async () => expect(await consumer.effects()).toHaveLength(2));
      expect((await consumer.runtime.deadLetters.list()).items).toEqual([]);
    });

    it('stands still at a poison event of a topic that may not skip, raises an alarm, and goes on when mended', async () => {
      const governance = process('governance');
      let broken = true;
      const consumer = await process('training').start(
        new Recorder(PolicyHeartbeat, () => {
          if (broken) throw new Error('cannot');
          return undefined;
        }),
        new SecondRecorder(AlertRaised),
      );
      await governance.start();
      const beat = (n: number): Promise<string> =>
        governance.database.transaction((unit) =>
          Promise.resolve(
            governance.runtime.outbox.publish(unit, PolicyHeartbeat, {
              subject: 'policy',
              project: null,
              correlation: newId(),
              actor: 'governance',
              payload: { beat: n },
            }),
          ),
        );
      const ids = [await beat(1), await beat(2)];
      await eventually(() => expect(consumer.runtime.report().alarms).toHaveLength(1), 40_000);
      expect(consumer.runtime.report()).toMatchObject({ live: true, ready: true });
      const other = await (await process('monitoring').start()).raise('k');
      await eventually(async () =>
        expect((await consumer.effects()).map((e) => e.event_id)).toEqual([other]),
      );
      broken = false;
      await eventually(async () => expect(await consumer.effects('Recorder')).toHaveLength(2));
      expect((await consumer.effects('Recorder')).map(({ event_id }) => event_id)).toEqual(ids);
      await eventually(() => expect(consumer.runtime.report().alarms).toEqual([]));
      expect((await consumer.runtime.deadLetters.list()).items).toEqual([]);
    });

    it('loses, swaps and delays nothing when a transaction commits late', async () => {
      const producer = await process('monitoring').start();
      const consumer = await process('training').start(new Recorder(AlertRaised));
      await producer.raise('warm-up');
      await eventually(async () => expect(await consumer.effects()).toHaveLength(1));
      let commit: () => void = () => undefined;
      let written: () => void = () => undefined;
      const inOutbox = new Promise<void>((resolve) => (written = resolve));
      const late = producer.database.transaction((unit) => {
        const id = producer.raiseIn(unit, 'k');
        // Runs after the outbox was written: the row is there, with the lowest id, and not committed.
        unit.beforeCommit(
          () =>
            new Promise<void>((resolve) => {
              commit = resolve;
              written();
            }),
        );
        return Promise.resolve(id);
      });
      await inOutbox;
      const others: string[] = [];
      for (let i = 0; i < 10; i++) others.push(await producer.raise('k'));
      await eventually(async () => expect(await consumer.effects()).toHaveLength(11));
      commit();
      others.push(await late);
      await eventually(async () => expect(await consumer.effects()).toHaveLength(12));
      expect((await consumer.effects()).slice(1).map(({ event_id }) => event_id)).toEqual(others);
    });

    it('keeps the order in which two transactions got hold of one aggregate', async () => {
      const producer = await process('monitoring').start();
      const consumer = await process('training').start(new Recorder(AlertRaised));
      await producer.database.kysely.insertInto('aggregate').values({ id: 'k', version: 0 }).execute();
      const change = (): Promise<string> =>
        producer.database.transaction(async (unit: UnitOfWork<EffectTables>) => {
          // Published before the lock is had: the order must still be that of the locks.
          const id = producer.raiseIn(unit, 'k');
          const { version } = await unit.tx
            .selectFrom('aggregate')
            .select('version')
            .where('id', '=', 'k')
            .forUpdate()
            .executeTakeFirstOrThrow();
          order[version] = id;
          await unit.tx
            .updateTable('aggregate')
            .set({ version: version + 1 })
            .where('id', '=', 'k')
            .execute();
          return id;
        });
      const order: string[] = [];
      await Promise.all(Array.from({ length: 30 }, change));
      await eventually(async () => expect(await consumer.effects()).toHaveLength(30));
      expect((await consumer.effects()).map(({ event_id }) => event_id)).toEqual(order);
    });

    it('delays no event by more than a second while another schema writes in one transaction for 10 s', async () => {
      const producer = await process('monitoring').start();
      const consumer = await process('training').start(new Recorder(AlertRaised));
      const ingestion = process('ingestion');
      let end: () => void = () => undefined;
      let begun: () => void = () => undefined;
      const started = new Promise<void>((resolve) => (begun = resolve));
      const long = ingestion.database.transaction(async ({ tx }) => {
        await tx.insertInto('aggregate').values({ id: 'long', version: 0 }).execute();
        begun();
        await new Promise<void>((resolve) => (end = resolve));
      });
      await started;
      const sent = new Map<string, number>();
      const until = Date.now() + 10_000;
      while (Date.now() < until) {
        sent.set(await producer.raise(`key-${sent.size}`), Date.now());
        await new Promise((resolve) => setTimeout(resolve, 200));
      }
      await eventually(async () => expect(await consumer.effects()).toHaveLength(sent.size));
      end();
      await long;
      const delays = (await consumer.effects()).map(({ event_id, at }) => at.getTime() - sent.get(event_id)!);
      expect(Math.max(...delays)).toBeLessThan(1_000);
    });

    it('lets a process that lost its partition have no effect', async () => {
      const producer = await process('monitoring').start();
      let entered: () => void = () => undefined;
      const inHandler = new Promise<void>((resolve) => (entered = resolve));
      let leave: () => void = () => undefined;
      const consumer = process('training');
      const recorder = new Recorder(AlertRaised, async () => {
        entered();
        await new Promise<void>((resolve) => (leave = resolve));
        return undefined;
      });
      await consumer.start(recorder);
      await producer.raise('k');
      await inHandler;
      leave();
      await eventually(async () => expect(await consumer.effects()).toHaveLength(1));
      // Another one has read on from offset 0: a batch from there fails as a whole.
      const { processor } = consumer.runtime;
      const [event] = recorder.seen;
      const stale = await producer.runtime.bus.readKeyAfter(event!.topic, event!.partition, -1, 'k', 10);
      expect(await processor.process(0, stale)).toEqual({ kind: 'lost' });
      expect(await consumer.effects()).toHaveLength(1);
    });

    it('refuses to publish on the topic of another service', async () => {
      const training = await process('training').start();
      const wrong = training.database.transaction((unit) => Promise.resolve(training.raiseIn(unit, 'k')));
      await expect(wrong).rejects.toMatchObject({ code: 'EVENT.INVALID' });
    });

    it('drops the outgoing events of a handler that was undone', async () => {
      const producer = await process('monitoring').start();
      const training = process('training');
      class Forwarder extends EventConsumer<typeof PredictionLogged> {
        readonly event = PredictionLogged;
        tries = 0;
        handle(_: unknown, unit: UnitOfWork): Promise<HandlerResult> {
          producer.raiseIn(unit, `try-${++this.tries}`);
          if (this.tries < 3) throw new Error('cannot yet');
          return Promise.resolve(handled.ok);
        }
      }
      const inference = await process('inference').start();
      const consumer = process('monitoring');
      await consumer.start(new Forwarder());
      const recorder = new Recorder(AlertRaised);
      await training.start(recorder);
      await inference.predict('p');
      await eventually(async () => expect(await training.effects()).toHaveLength(1));
      expect((await training.effects()).map(({ subject }) => subject)).toEqual(['try-3']);
    });

    it('refuses to begin on a database whose offsets belong to the other bus', async () => {
      const training = process('training');
      const other = place().bus === 'kafka' ? 'postgres' : 'kafka';
      await training.database.kysely
        .updateTable('outbox_relay' as never)
        .set({ bus: other } as never)
        .execute();
      await expect(training.start()).rejects.toMatchObject({ code: 'EVENT.BUS_CHANGED' });
    });
  });
}
