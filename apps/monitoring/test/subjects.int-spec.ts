import {
  ErasureRequested,
  SubjectDataGathered,
  SubjectDataRequested,
  SubjectErased,
} from '@steward/contracts';
import { newId, newPseudonym } from '@steward/kernel';
import { HeldData, newRecipient, openSealed, rowObjects } from '@steward/subjects';
import { eventually } from '@steward/testing';
import request from 'supertest';
import { MODEL, prediction, PROJECT } from './support/lending.factory';
import { MonitoringHouse } from './support/monitoring-house';

describe('rows of subjects in windows, on PostgreSQL', () => {
  let house: MonitoringHouse;
  const [ann, bob] = [newPseudonym(), newPseudonym()];
  const order = { subject: `${PROJECT}/${ann}`, project: PROJECT };

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
    await house.predict({ ...prediction(0, 3), subjects: [ann, bob, ''] });
    await house.counted(3);
  });
  afterAll(() => house.close());

  it('are shown to their subject', async () => {
    const recipient = newRecipient();
    const requestId = newId();
    await house.governance.say(SubjectDataRequested, {
      ...order,
      payload: { requestId, pseudonym: ann, recipientKey: recipient.publicKey },
    });
    const told = await eventually(async () => {
      const [answer] = await house.events(SubjectDataGathered.monitoring);
      expect(answer).toMatchObject({ requestId, items: 1 });
      return answer!;
    });
    const sealed = await house.artifacts.objects.get(told.path);
    const { tables } = HeldData.parse(JSON.parse(openSealed(recipient, sealed, told.path).toString('utf8')));
    expect(rowObjects(tables[0]!)).toMatchObject([{ monitor: 'drift', model: MODEL, modelVersion: 1 }]);
  });

  it('become figures that lead to nobody, those that come late as well; windows keep their counts', async () => {
    const requestId = newId();
    const before = await house.rows<{ prediction_id: string }>(
      'SELECT * FROM window_row WHERE subject = $1',
      [ann],
    );
    expect(before).toHaveLength(1);
    await house.governance.say(ErasureRequested, { ...order, payload: { requestId, pseudonym: ann } });
    const told = await eventually(async () => {
      const [answer] = await house.events(SubjectErased.monitoring);
      expect(answer).toMatchObject({ requestId, destroyed: 1, remaining: 1 });
      return answer!;
    });
    const report = JSON.parse((await house.artifacts.read(told.reportDigest)).toString('utf8'));
    expect(report.destroyed).toMatchObject([{ store: 'window-rows', items: 1 }]);
    await house.predict({ ...prediction(10, 2), subjects: [ann, bob] });
    await house.counted(5);
    const rows = await house.rows<{ prediction_id: string; subject: string | null; groups: object }>(
      'SELECT * FROM window_row',
    );
    expect(rows).toHaveLength(5);
    expect(rows.filter(({ subject }) => subject === ann)).toEqual([]);
    expect(rows.filter(({ subject }) => subject === bob)).toHaveLength(2);
    const anonymous = rows.filter((row) => row.prediction_id.startsWith('erased-'));
    expect(anonymous.map(({ subject, groups }) => ({ subject, groups }))).toEqual([
      { subject: null, groups: {} },
      { subject: null, groups: {} },
    ]);
    expect(await house.rows('SELECT rows FROM observation_window')).toEqual([{ rows: 5 }]);
  });
});
