import {
  RetentionAnswered,
  RetentionHoldChanged,
  RetentionOrdered,
  type RetentionMode,
} from '@steward/contracts';
import { newId, newPseudonym } from '@steward/kernel';
import { RetentionOrders, RetentionReport } from '@steward/subjects';
import { eventually } from '@steward/testing';
import request from 'supertest';
import { WindowRepository } from '../src/windows/window.repository';
import { MODEL, prediction, PROJECT } from './support/lending.factory';
import { MonitoringHouse } from './support/monitoring-house';

const DAY_MS = 86_400_000;

describe('rows of windows that have outlived their time, on PostgreSQL', () => {
  let house: MonitoringHouse;
  const envelope = { subject: PROJECT, project: PROJECT };

  beforeAll(async () => {
    house = await MonitoringHouse.open();
    const engineer = house.policy.addPrincipal('u-mo', [{ role: 'ml-engineer', project: PROJECT }]);
    const url = await house.start();
    await eventually(() => request(url).get('/health/ready').expect(200));
    await request(url)
      .put(`/v1/projects/${PROJECT}/monitors/drift`)
      .set('authorization', engineer)
      .send({ model: MODEL })
      .expect(200);
    await house.alias(1);
    await house.predict({ ...prediction(0, 3), subjects: [newPseudonym(), '', ''] });
    await house.counted(3);
    await house.rows(
      `UPDATE observation_window SET state = 'judged', judged_at = now(), opened_at = now() - interval '20 days'`,
    );
    await house.predict(prediction(10, 2));
    await house.counted(5);
    const held = (id: string, state: string) =>
      house.rows(
        `INSERT INTO held_decision (project, prediction_id, row, model, state, held_at)
         VALUES ($1, $2, 0, $3, $4, now() - interval '20 days')`,
        [PROJECT, id, MODEL, state],
      );
    await held('decided', 'confirmed');
    await held('waits', 'pending');
  });
  afterAll(() => house.close());

  async function ask(mode: RetentionMode) {
    const runId = newId();
    const before = new Date(Date.now() - 10 * DAY_MS).toISOString();
    const orders = (['window-rows', 'held-decisions', 'consents'] as const).map((each) => ({
      class: each,
      dataset: null,
      before,
      days: 10,
    }));
    const told: RetentionOrders = { format: 'steward-retention-orders/1', runId, project: PROJECT, orders };
    const { digest: ordersDigest } = await house.artifacts.put(Buffer.from(JSON.stringify(told)));
    await house.governance.say(RetentionOrdered, {
      ...envelope,
      payload: { runId, mode, ordersDigest, orders: orders.length },
    });
    const answer = await eventually(async () => {
      const found = (await house.events(RetentionAnswered.monitoring)).find((each) => each.runId === runId);
      expect(found).toBeDefined();
      return found!;
    });
    const bytes = await house.artifacts.read(answer.reportDigest);
    return { answer, report: RetentionReport.parse(JSON.parse(bytes.toString('utf8'))) };
  }
  const rows = async () => (await house.rows('SELECT 1 FROM window_row')).length;

  it('are counted, held, and deleted; open windows and waiting decisions stay', async () => {
    const counted = await ask('count');
    expect(counted.answer).toMatchObject({ mode: 'count', items: 4, held: 0 });
    expect(counted.report.parts.map(({ store, items }) => [store, items])).toEqual([
      ['window-rows', 3],
      ['held-decisions', 1],
    ]);
    expect(await rows()).toBe(5);

    const hold = { holdId: newId(), dataset: null, class: 'window-rows', until: null } as const;
    await house.governance.say(RetentionHoldChanged, { ...envelope, payload: { ...hold, state: 'placed' } });
    const held = await ask('delete');
    expect(held.answer).toMatchObject({ items: 1, held: 1 });
    expect(await rows()).toBe(5);
    // Monitoring's own deletion after 30 days is stopped too.
    await house.app.get(WindowRepository).prune(new Date(Date.now() + DAY_MS));
    expect(await rows()).toBe(5);
    expect(await house.rows('SELECT prediction_id FROM held_decision')).toEqual([{ prediction_id: 'waits' }]);

    await house.governance.say(RetentionHoldChanged, { ...envelope, payload: { ...hold, state: 'lifted' } });
    expect((await ask('delete')).answer).toMatchObject({ items: 3, held: 0 });
    expect(await rows()).toBe(2);
    expect((await ask('count')).answer).toMatchObject({ items: 0 });
  });
});
