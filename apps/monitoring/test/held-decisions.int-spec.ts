import { DecisionHeld, DecisionReviewed } from '@steward/contracts';
import { newId, sha256 } from '@steward/kernel';
import { eventually } from '@steward/testing';
import request from 'supertest';
import { MODEL, prediction, PROJECT } from './support/lending.factory';
import { MonitoringHouse } from './support/monitoring-house';

jest.setTimeout(60_000);

interface Group {
  readonly attribute: string;
  readonly value: string;
  readonly rows: number;
  readonly held: number;
  readonly confirmed: number;
  readonly overridden: number;
  readonly heldShare: number;
}

describe('held decisions by group, on PostgreSQL', () => {
  let house: MonitoringHouse;
  let url: string;
  let engineer: string;

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

  it('counts what people decide in the place of the model, and shows no small group', async () => {
    const message = prediction(0, 300);
    const { predictionId } = message;
    await house.predict(message);
    await house.counted(300);
    const version = { model: MODEL, version: 1 };
    const rows = Array.from({ length: 40 }, (_, row) => ({
      row,
      pseudonym: null,
      label: 'yes',
      score: 0.7,
      because: 'label' as const,
    }));
    const review = (row: number, state: 'confirmed' | 'overridden') =>
      house.governance.say(DecisionReviewed, {
        subject: predictionId,
        project: PROJECT,
        payload: { ...version, decisionId: newId(), predictionId, row, state, label: 'no' },
      });
    // A review may be heard of before the row that it is about.
    await review(0, 'overridden');
    await house.inference.say(DecisionHeld, {
      subject: predictionId,
      project: PROJECT,
      payload: {
        ...version,
        predictionId,
        digest: sha256('m'),
        classes: ['no', 'yes'],
        policyVersion: 1,
        rows,
      },
    });
    await review(1, 'confirmed');
    const [window] = await house.rows<{ id: string }>('SELECT id FROM observation_window');
    const path = `/v1/projects/${PROJECT}/windows/${window!.id}/held-decisions`;
    await eventually(async () => {
      const { body } = await request(url).get(path).set('authorization', engineer).expect(200);
      const { items } = body as { items: Group[] };
      const sum = (name: 'rows' | 'held' | 'confirmed' | 'overridden') =>
        items.reduce((all, group) => all + group[name], 0);
      expect([sum('rows'), sum('held'), sum('confirmed'), sum('overridden')]).toEqual([300, 40, 1, 1]);
      for (const { rows: all, held, heldShare } of items) expect(heldShare).toBeCloseTo(held / all, 12);
      expect(items.every((group) => group.attribute === 'afam' && group.rows >= 10)).toBe(true);
    });
    const other = path.replace(PROJECT, 'other');
    const elsewhere = house.policy.addPrincipal('u-other', [{ role: 'ml-engineer', project: 'other' }]);
    await eventually(async () => {
      const { body } = await request(url).get(other).set('authorization', elsewhere).expect(404);
      expect(body.code).toBe('MONITORING.WINDOW_NOT_FOUND');
    });
  });
});
