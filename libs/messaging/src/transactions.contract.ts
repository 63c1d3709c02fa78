import { AlertRaised } from '@steward/contracts';
import { type UnitOfWork } from '@steward/database';
import { eventually } from '../test/support/eventually';
import { Recorder, type BusPlace, type EffectTables } from '../test/support/test-process';
import { useProcesses } from '../test/support/use-processes';

/** Events of transactions that commit late, meet, or last long. */
export function describeTransactions(name: string, place: () => BusPlace): void {
  describe(`${name}: transactions`, () => {
    const { process } = useProcesses(place);

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
  });
}
