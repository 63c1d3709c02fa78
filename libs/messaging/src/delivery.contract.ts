import { AlertRaised, PredictionLogged, type PredictionLoggedMessage } from '@steward/contracts';
import { eventually } from '../test/support/eventually';
import { rawAlert } from '../test/support/raw-alert';
import { Recorder, type BusPlace } from '../test/support/test-process';
import { useProcesses } from '../test/support/use-processes';
import { stamped } from './event-headers';
import { LogTelemetryHistory } from './publish/log-telemetry-history';

/** What every adapter of the event bus delivers, once and in order. */
export function describeDelivery(name: string, place: () => BusPlace): void {
  describe(`${name}: delivery`, () => {
    const { process, stop } = useProcesses(place);

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
      // A process that still joins its group says so; it must get over it, without an alarm.
      await eventually(() =>
        expect(second.runtime.report()).toMatchObject({ live: true, ready: true, alarms: [] }),
      );
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

    it('finds one event of a key from its time on, within its bound, in its own topics alone', async () => {
      const producer = await process('inference').start();
      const began = Date.now();
      for (let i = 0; i < 60; i++) await producer.predict(`prediction-${i % 30}`);
      const { history, bus } = producer.runtime;
      const anyRow = ({ firstRow }: PredictionLoggedMessage): boolean => firstRow >= 0;
      const of = (subject: string, fromMs: number, wanted = anyRow) =>
        history.find(PredictionLogged, { subject, fromMs, wanted });

      const found = await of('prediction-7', began);
      expect(found).toMatchObject({
        state: 'found',
        payload: { predictionId: 'prediction-7', scores: [0.25] },
      });
      expect(await of('prediction-none', began)).toEqual({ state: 'absent' });
      expect(await of('prediction-7', began, ({ firstRow }) => firstRow > 0)).toEqual({ state: 'absent' });
      // A minute is left for clocks that differ.
      expect(await of('prediction-7', Date.now() + 120_000)).toEqual({ state: 'absent' });

      // The second of a key's two events lies beyond this bound.
      let seen = 0;
      const bounded = new LogTelemetryHistory('inference', bus, 2);
      const second = () => ++seen > 1;
      const search = { subject: 'prediction-7', fromMs: began, wanted: second };
      expect(await bounded.find(PredictionLogged, search)).toEqual({ state: 'unknown' });

      const foreign = new LogTelemetryHistory('monitoring', bus);
      await expect(foreign.find(PredictionLogged, search)).rejects.toMatchObject({ code: 'EVENT.INVALID' });
      const busy = await Promise.allSettled([1, 2, 3].map(() => of('prediction-none', began)));
      expect(busy.filter(({ status }) => status === 'rejected')).toMatchObject([
        { reason: { code: 'EVENT.SEARCHES_BUSY', retriable: true } },
      ]);
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
