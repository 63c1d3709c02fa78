import { ErasureRequested, SubjectErased, SubjectProcessingChanged } from '@steward/contracts';
import { newId, newPseudonym } from '@steward/kernel';
import { eventually, Neighbour } from '@steward/testing';
import request from 'supertest';
import { InferenceHouse, PROJECT } from './support/inference-house';
import { descriptorOf, smallModel } from './support/small-model.factory';

const NAME = `${PROJECT}.approval`;

describe('subjects who do not allow everything, on PostgreSQL', () => {
  let house: InferenceHouse;
  let governance: Neighbour;
  let url: string;
  let machine: string;
  const subject = newPseudonym();

  beforeAll(async () => {
    house = await InferenceHouse.open();
    governance = new Neighbour('governance', house.database.urlOf('governance'));
    await governance.start();
    house.policy.addPrincipal('m-app', [{ role: 'service', project: PROJECT }], { kind: 'machine' });
    machine = `Bearer ${house.policy.addApiKey('m-app')}`;
    await house.artifacts.put(smallModel(1));
    url = await house.start();
    await eventually(() => request(url).get('/health/ready').expect(200));
    await house.alias(descriptorOf(1, smallModel(1)));
    await eventually(() =>
      request(url).get(`/v2/models/${NAME}/ready`).set('authorization', machine).expect(200),
    );
  });
  afterAll(async () => {
    await governance.stop();
    await house.close();
  });

  const predict = (whom: string) =>
    request(url)
      .post(`/v2/models/${NAME}/infer`)
      .set('authorization', machine)
      .send({
        inputs: [
          { name: 'pirat', datatype: 'FP64', shape: [2, 1], data: [1, 2] },
          { name: 'single', datatype: 'BYTES', shape: [2, 1], data: ['yes', 'no'] },
          { name: 'subject', datatype: 'BYTES', shape: [2, 1], data: ['', whom] },
        ],
      });
  const terms = (inference: 'allowed' | 'person' | 'refused') =>
    governance.say(SubjectProcessingChanged, {
      subject: `${PROJECT}/${subject}`,
      project: PROJECT,
      payload: { pseudonym: subject, training: false, inference, because: ['objection'] },
    });

  it('are refused, or need a person, from the event on, until it is lifted', async () => {
    const allowed = await predict(subject);
    expect({ status: allowed.status, body: allowed.body }).toMatchObject({ status: 200 });
    await terms('person');
    await eventually(async () =>
      expect((await predict(subject).expect(409)).body.code).toBe('INFERENCE.SUBJECT_NEEDS_PERSON'),
    );
    await terms('refused');
    await eventually(async () => {
      const { body } = await predict(subject).expect(409);
      expect(body.code).toBe('INFERENCE.SUBJECT_REFUSED');
      expect(JSON.stringify(body)).not.toContain(subject);
    });
    await predict(newPseudonym()).expect(200);
    await terms('allowed');
    await eventually(() => predict(subject).expect(200));
  });

  it('are refused for good once they are erased, also after a restart; telemetry is named with its date', async () => {
    const requestId = newId();
    await governance.say(ErasureRequested, {
      subject: `${PROJECT}/${subject}`,
      project: PROJECT,
      payload: { requestId, pseudonym: subject },
    });
    const told = await eventually(async () => {
      const [answer] = await house.events(SubjectErased.inference);
      expect(answer).toMatchObject({ requestId, pseudonym: subject, destroyed: 0, remaining: 3 });
      return answer!;
    });
    const report = JSON.parse((await house.artifacts.read(told.reportDigest)).toString('utf8'));
    expect(report.remaining.map(({ name }: { name: string }) => name)).toEqual([
      'steward.inference.prediction.v1',
      'steward.inference.outcome.v1',
      'steward.inference.decision.v1',
    ]);
    expect(Date.parse(report.remaining[0].until)).toBeGreaterThan(Date.now() + 29 * 86_400_000);
    await eventually(() => predict(subject).expect(409));
    await house.stopService();
    url = await house.start();
    await eventually(() =>
      request(url).get(`/v2/models/${NAME}/ready`).set('authorization', machine).expect(200),
    );
    await predict(subject).expect(409);
  });
});
