import type { ProcessingBinding } from '@steward/access';
import { AuditEntryRecorded, DecisionHeld } from '@steward/contracts';
import { newPseudonym } from '@steward/kernel';
import { eventually } from '@steward/testing';
import request from 'supertest';
import { InferenceHouse, PROJECT } from './support/inference-house';
import { descriptorOf, smallModel } from './support/small-model.factory';

jest.setTimeout(60_000);

type Body = Record<string, unknown>;

describe('what governance says of processing, in inference, on PostgreSQL', () => {
  let house: InferenceHouse;
  let url: string;
  let machine: string;

  beforeAll(async () => {
    house = await InferenceHouse.open();
    house.policy.addPrincipal('m-app', [{ role: 'service', project: PROJECT }], { kind: 'machine' });
    machine = `Bearer ${house.policy.addApiKey('m-app')}`;
    const model = smallModel(1);
    await house.artifacts.put(model);
    url = await house.start();
    await house.alias(descriptorOf(1, model));
    await eventually(() => predict().expect(200));
  });

  afterAll(() => house.close(), 30_000);

  const predict = (subject?: string) =>
    request(url)
      .post(`/v2/models/${PROJECT}.approval/infer`)
      .set('authorization', machine)
      .send({
        ...(subject ? { parameters: { subject } } : {}),
        inputs: [
          { name: 'pirat', datatype: 'FP64', shape: [1], data: [0.5] },
          { name: 'single', datatype: 'BYTES', shape: [1], data: ['yes'] },
        ],
      });
  const say = (purposeRequired: boolean, ...bindings: ProcessingBinding[]): void =>
    house.policy.put({ kind: 'processing', value: { project: PROJECT, purposeRequired, bindings } });
  const bound = (
    kind: ProcessingBinding['kind'],
    purposes: string[],
    refusal: string | null = null,
  ): ProcessingBinding => ({ kind, name: 'approval', purposes, refusal });
  const refusedWith = (code: string) =>
    eventually(async () => {
      const { status, text } = await predict();
      expect(status).toBe(409);
      expect(text).toContain(code);
    });

  it('holds decisions for a person: durable before the answer, and without label and score in it', async () => {
    const policy = {
      project: PROJECT,
      model: 'approval',
      version: 3,
      active: true,
      labels: ['yes'],
      band: null,
    };
    house.policy.put({ kind: 'decisions', value: policy });
    const subject = newPseudonym();
    const answer = await eventually(async () => {
      const { body } = await predict(subject).expect(200);
      expect((body as Body)['parameters']).toMatchObject({ decision: 'pending_review', held_rows: '0' });
      return body as { parameters: Record<string, string>; outputs: { data: unknown[] }[] };
    });
    expect(answer.outputs.map(({ data }) => data)).toEqual([[''], [null, null]]);
    const predictionId = answer.parameters['prediction_id'];
    const logged = (await house.predictions()).find((event) => event.predictionId === predictionId);
    expect(logged).toMatchObject({ labels: ['yes'], held: { rows: [0] } });
    await eventually(async () => {
      const queued = (await house.events(DecisionHeld)).filter(
        (event) => event.predictionId === predictionId,
      );
      expect(queued).toMatchObject([
        {
          model: 'approval',
          policyVersion: 3,
          classes: ['no', 'yes'],
          rows: [{ row: 0, pseudonym: subject, label: 'yes', because: 'label', score: logged?.scores[0] }],
        },
      ]);
      const entries = await house.events(AuditEntryRecorded.inference);
      expect(
        entries.some(({ action, object }) => action === 'decision.hold' && object.id === predictionId),
      ).toBe(true);
    });
    house.policy.put({ kind: 'decisions', value: { ...policy, active: false } });
    await eventually(async () => {
      const { body } = await predict().expect(200);
      expect((body as Body)['parameters']).not.toHaveProperty('decision');
    });
  });

  it('answers nothing for a purpose that the books do not allow, and logs no prediction', async () => {
    say(true);
    await refusedWith('ACCESS.PURPOSE_NO_PURPOSE');
    const before = (await house.predictions()).length;
    say(false, bound('model', ['credit'], 'NO_LAWFUL_BASIS'));
    await refusedWith('ACCESS.PURPOSE_NO_LAWFUL_BASIS');
    say(true, bound('model', ['credit']), bound('deployment', ['marketing']));
    await refusedWith('ACCESS.PURPOSE_OTHER_PURPOSE');
    expect(await house.predictions()).toHaveLength(before);
    say(true, bound('model', ['credit']), bound('deployment', ['credit']));
    await eventually(() => predict().expect(200));
  });
});
