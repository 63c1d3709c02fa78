import type { ProcessingBinding } from '@steward/access';
import { eventually } from '@steward/testing';
import request from 'supertest';
import { lendingPipeline } from '../src/experiment/lending.factory';
import { PROJECT, TrainingHouse } from './support/training-house';

jest.setTimeout(120_000);

const bound = (kind: ProcessingBinding['kind'], purposes: string[], refusal: string | null = null) => ({
  kind,
  name: kind === 'dataset' ? 'applications' : 'approval',
  purposes,
  refusal,
});

describe('purposes in training, on PostgreSQL', () => {
  let house: TrainingHouse;
  let url: string;
  let engineer: string;

  beforeAll(async () => {
    house = await TrainingHouse.open();
    engineer = house.policy.addPrincipal('u-eva', [{ role: 'ml-engineer', project: PROJECT }]);
    url = `http://127.0.0.1:${(await house.start({ works: false })).httpPort}`;
    await eventually(() => request(url).get('/health/ready').expect(200));
    await house.registerContract('u-cid');
    await house.ingest({ file: 'initial.csv', source: 'upload' });
    await eventually(() =>
      request(url)
        .put(`/v1/projects/${PROJECT}/pipelines/approval`)
        .set('authorization', engineer)
        .send(lendingPipeline())
        .expect(200),
    );
    await eventually(async () => expect(await house.rows('SELECT 1 FROM dataset_versions')).toHaveLength(1));
  }, 120_000);

  afterAll(() => house.close(), 30_000);

  const say = (purposeRequired: boolean, ...bindings: ProcessingBinding[]): void =>
    house.policy.put({ kind: 'processing', value: { project: PROJECT, purposeRequired, bindings } });
  const start = () =>
    request(url)
      .post(`/v1/projects/${PROJECT}/pipelines/approval/runs`)
      .set('authorization', engineer)
      .send({});
  const refusedWith = (code: string) =>
    eventually(async () => expect((await start().expect(409)).body).toMatchObject({ code }));

  it('starts no run for a purpose that the books do not allow', async () => {
    say(true);
    await refusedWith('ACCESS.PURPOSE_NO_PURPOSE');
    const before = await house.rows('SELECT 1 FROM runs');
    say(false, bound('dataset', ['credit'], 'NO_LAWFUL_BASIS'));
    await refusedWith('ACCESS.PURPOSE_NO_LAWFUL_BASIS');
    say(true, bound('dataset', ['credit']), bound('pipeline', ['marketing']));
    await refusedWith('ACCESS.PURPOSE_OTHER_PURPOSE');
    expect(await house.rows('SELECT 1 FROM runs')).toEqual(before);
  });

  it('ends a run whose purpose lost its basis while it waited', async () => {
    say(true, bound('dataset', ['credit']), bound('pipeline', ['credit']));
    const { body } = await eventually(() => start().expect(202));
    say(true, bound('dataset', ['credit'], 'RETIRED'), bound('pipeline', ['credit'], 'RETIRED'));
    await house.start();
    await eventually(async () => {
      const run = await request(url)
        .get(`/v1/projects/${PROJECT}/runs/${(body as { id: string }).id}`)
        .set('authorization', engineer)
        .expect(200);
      expect(run.body).toMatchObject({ state: 'failed', failure: 'ACCESS.PURPOSE_RETIRED' });
    });
  });
});
