import { AlertRaised, PolicyHeartbeat, PredictionLogged } from '@steward/contracts';
import { type UnitOfWork } from '@steward/database';
import { errors, newId } from '@steward/kernel';
import { sql } from 'kysely';
import { eventually } from '../test/support/eventually';
import { rawAlert } from '../test/support/raw-alert';
import { Recorder, SecondRecorder, type BusPlace } from '../test/support/test-process';
import { useProcesses } from '../test/support/use-processes';
import { EventConsumer, handled, type HandlerResult } from './consumer';
import { deadLetterTopic } from './event-log-schema';

const unique = (texts: readonly string[]): number => new Set(texts).size;

/** What becomes of events that cannot be handled. */
export function describeTrouble(name: string, place: () => BusPlace): void {
  describe(`${name}: trouble`, () => {
    const { process } = useProcesses(place);

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

    it('gives up an event whose handler swallows the error of a statement, and no other', async () => {
      const producer = await process('monitoring').start();
      class Swallower extends EventConsumer<typeof AlertRaised> {
        readonly event = AlertRaised;
        async handle({ id }: { id: string }, unit: UnitOfWork): Promise<HandlerResult> {
          if (id === ids[2]) await sql`SELECT 1 / 0`.execute(unit.tx).catch(() => undefined);
          return handled.ok;
        }
      }
      const ids: string[] = [];
      for (let i = 0; i < 6; i++) ids.push(await producer.raise('k'));
      // They come in one batch, in which the error shows only at a later event.
      const consumer = await process('training').start(new Recorder(AlertRaised), new Swallower());
      await eventually(async () => expect(await consumer.effects()).toHaveLength(6), 40_000);
      expect((await consumer.effects()).map(({ event_id }) => event_id)).toEqual(ids);
      const { items } = await consumer.runtime.deadLetters.list();
      expect(items.map(({ consumer: name, eventId }) => ({ name, eventId }))).toEqual([
        { name: 'Swallower', eventId: ids[2] },
      ]);
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
      await eventually(() => expect(consumer.runtime.report()).toMatchObject({ live: true, ready: true }));
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
  });
}
