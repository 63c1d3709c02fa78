import { credentials, Metadata, status, type ServiceError } from '@grpc/grpc-js';
import {
  GRPCInferenceServiceClient,
  type ModelInferRequest,
  type ModelInferResponse,
} from '@steward/contracts/generated/open_inference/open_inference';
import { buildReference } from '@steward/statistics';
import { sha256 } from '@steward/kernel';
import { eventually } from '@steward/testing';
import request from 'supertest';
import { InferenceHouse, PROJECT } from './support/inference-house';
import { descriptorOf, smallIsolation, smallModel } from './support/small-model.factory';

jest.setTimeout(120_000);

const MODEL = `${PROJECT}.approval`;
const REFERENCE = Buffer.from(
  JSON.stringify(
    buildReference([
      { kind: 'numeric', name: 'pirat', values: Float64Array.from({ length: 101 }, (_, i) => i / 100) },
      { kind: 'categorical', name: 'single', values: ['yes', 'no', 'no'] },
    ]),
  ),
);

/** Two doubles and nothing else go the short way over gRPC; a text goes the general way. */
const grpcRequest = (pirat: number): ModelInferRequest => ({
  modelName: MODEL,
  modelVersion: '',
  id: '',
  parameters: {},
  inputs: [
    { name: 'pirat', datatype: 'FP64', shape: [1], parameters: {}, contents: undefined },
    { name: 'single', datatype: 'BYTES', shape: [1], parameters: {}, contents: undefined },
  ],
  outputs: [],
  rawInputContents: [Buffer.from(Float64Array.of(pirat).buffer), Buffer.from([3, 0, 0, 0, 121, 101, 115])],
});

type Answer = {
  readonly parameters: Record<string, string>;
  readonly outputs: { readonly data: unknown[] }[];
};

describe('the guards of a deployment, on PostgreSQL', () => {
  let house: InferenceHouse;
  let url: string;
  let engineer: string;
  let grpc: GRPCInferenceServiceClient;

  const connect = (): void => {
    grpc = new GRPCInferenceServiceClient(house.grpcAddress, credentials.createInsecure());
  };

  beforeAll(async () => {
    house = await InferenceHouse.open();
    engineer = house.policy.addPrincipal('u-eng', [{ role: 'ml-engineer', project: PROJECT }]);
    house.policy.addPrincipal('m-app', [{ role: 'service', project: PROJECT }], { kind: 'machine' });
    const model = smallModel(1);
    await house.artifacts.put(model);
    await house.artifacts.put(REFERENCE);
    url = await house.start();
    connect();
    const isolation = smallIsolation(1);
    await house.artifacts.put(isolation);
    const digests = { referenceDigest: sha256(REFERENCE), isolationDigest: sha256(isolation) };
    await house.alias(descriptorOf(1, model, digests));
    const key = newKey();
    await eventually(() => predict(key).expect(200));
  });
  afterAll(async () => {
    grpc.close();
    await house.close();
  }, 30_000);

  const newKey = (): string => `Bearer ${house.policy.addApiKey('m-app')}`;
  const predict = (key: string, pirat: readonly (number | null)[] = [0.3], single = 'yes') =>
    request(url)
      .post(`/v2/models/${MODEL}/infer`)
      .set('authorization', key)
      .send({
        inputs: [
          { name: 'pirat', datatype: 'FP64', shape: [pirat.length], data: pirat },
          { name: 'single', datatype: 'BYTES', shape: [pirat.length], data: pirat.map(() => single) },
        ],
      });
  const overTensorflow = (key: string) =>
    request(url)
      .post(`/v1/models/${MODEL}:predict`)
      .set('authorization', key)
      .send({ instances: [{ pirat: 0.3, single: 'yes' }] });
  const overGrpc = (key: string): Promise<ModelInferResponse | ServiceError> => {
    const metadata = new Metadata();
    metadata.set('authorization', key);
    return new Promise((resolve) =>
      grpc.modelInfer(grpcRequest(0.3), metadata, (error, answer) => resolve(error ?? answer)),
    );
  };
  const plan = async (guards: object): Promise<void> => {
    await request(url)
      .put(`/v1/projects/${PROJECT}/deployments/approval`)
      .set('authorization', engineer)
      .send(guards)
      .expect(200);
  };
  const stored = async (scope: RegExp): Promise<number> => {
    const { rows } = await house.owner.query<{ scope: string; rows: string }>(
      'SELECT * FROM inference.row_quota',
    );
    return rows.filter((row) => scope.test(row.scope)).reduce((sum, row) => sum + Number(row.rows), 0);
  };

  it('refuses a plan whose limits say nothing', async () => {
    const answer = await request(url)
      .put(`/v1/projects/${PROJECT}/deployments/approval`)
      .set('authorization', engineer)
      .send({ limits: { caller: {} }, round: 40 })
      .expect(400);
    expect(answer.text).toMatch(/requestsPerSecond, rowsPerSecond, rowsPerDay or concurrentRequests/);
  });

  it('holds each key to its rate over every protocol, with advice when to come again', async () => {
    await plan({ limits: { caller: { requestsPerSecond: 0.05, burst: 3 } } });
    const [key, other] = [newKey(), newKey()];
    await eventually(async () => expect((await predict(key)).status).toBe(429));
    const rest = await predict(key).expect(429);
    expect(rest.body).toMatchObject({
      code: 'INFERENCE.RATE_LIMITED',
      retriable: true,
      error: expect.stringMatching(
        /^API key [0-9a-z]+ at model lending\.approval may ask for 0\.05 requests a second/,
      ),
    });
    expect(Number(rest.headers['retry-after'])).toBeGreaterThan(1);
    await overTensorflow(key).expect(429);
    const refused = (await overGrpc(key)) as ServiceError;
    expect(refused.code).toBe(status.RESOURCE_EXHAUSTED);
    expect(Number(refused.metadata.get('grpc-retry-pushback-ms')[0])).toBeGreaterThan(1_000);
    // Somebody else's key is another matter.
    await predict(other).expect(200);
    const metrics = await request(url).get('/metrics').expect(200);
    expect(metrics.text).toMatch(
      /steward_inference_limited_total\{[^}]*limit="requestsPerSecond",of="caller_of_model"[^}]*\} \d+/,
    );
  });

  it('keeps the query budget of a key over a restart, and says when it renews', async () => {
    await plan({ limits: { caller: { rowsPerDay: 10 }, all: { rowsPerDay: 1_000 } } });
    const key = newKey();
    const first = await eventually(async () => {
      const answer = await predict(key, [0.1, 0.2, 0.3, 0.4]).expect(200);
      expect((answer.body as Answer).parameters).toHaveProperty('budget_rows_left');
      return answer.body as Answer;
    });
    expect(first.parameters).toMatchObject({ budget_rows_left: '6' });
    await predict(key, [0.1, null, 0.3]).expect(200);
    // What is wrong with a request is said, and costs nothing.
    await predict(key, [0.1, 0.2]).send({ inputs: [] }).expect(400);
    expect(await overGrpc(key)).toMatchObject({
      parameters: { budget_rows_left: { parameterChoice: { stringParam: '2' } } },
    });
    await eventually(async () => expect(await stored(/^key:[^@]+@/)).toBeGreaterThanOrEqual(8));
    grpc.close();
    await house.stopService();
    url = await house.start();
    connect();
    const again = await eventually(async () => {
      const answer = await predict(key, [0.1, 0.2, 0.3]);
      expect(answer.status).toBe(429);
      return answer;
    });
    expect(again.body).toMatchObject({
      code: 'INFERENCE.QUOTA_USED_UP',
      retriable: false,
      details: {
        of: 'caller_of_model',
        limit: 10,
        left: 2,
        renewsAt: expect.stringMatching(/^\d{4}-.*:00:00\.000Z$/),
      },
    });
    expect(Number(again.headers['retry-after'])).toBeGreaterThan(23 * 3_600);
    const left = (await predict(key, [0.1, 0.2]).expect(200)).body as Answer;
    expect(left.parameters).toMatchObject({ budget_rows_left: '0' });
    const refused = (await overGrpc(key)) as ServiceError;
    expect(refused.code).toBe(status.RESOURCE_EXHAUSTED);
    // Clients with a retry policy are told not to try again.
    expect(refused.metadata.get('grpc-retry-pushback-ms')).toEqual(['-1']);
  });

  it('rounds scores in every protocol, and the log says so', async () => {
    await plan({ round: 1 });
    const key = newKey();
    const answer = await eventually(async () => {
      const { body } = await predict(key, [0.31, 0.77]).expect(200);
      expect((body as Answer).parameters).toMatchObject({ score_decimals: '1' });
      return body as Answer;
    });
    const scores = answer.outputs[1]!.data as number[];
    expect(scores).toHaveLength(4);
    for (const score of scores) expect(score).toBe(Math.round(score * 10) / 10);
    const binary = (await overGrpc(key)) as ModelInferResponse;
    const raw = new Float64Array(Uint8Array.from(binary.rawOutputContents[1]!).buffer);
    expect([...raw].every((score) => score === Math.round(score * 10) / 10)).toBe(true);
    const { body } = await overTensorflow(key).expect(200);
    expect(JSON.stringify(body)).not.toMatch(/0\.\d\d/);
    const logged = (await house.predictions()).find(
      ({ predictionId }) => predictionId === answer.parameters['prediction_id'],
    );
    expect(logged).toMatchObject({ scoreDecimals: 1, scores: [scores[1], scores[3]] });
  });

  it('flags rows unlike the reference, or refuses them without a word of their values', async () => {
    await plan({ domain: { check: 'flag', tolerance: 0.1 } });
    const key = newKey();
    const flagged = await eventually(async () => {
      const { body } = await predict(key, [0.5, 1.05, 7.5, null]).expect(200);
      expect((body as Answer).parameters).toHaveProperty('out_of_domain');
      return body as Answer;
    });
    expect(flagged.parameters).toMatchObject({
      out_of_domain: '2',
      out_of_domain_rows: '2,3',
      out_of_domain_columns: 'pirat',
    });
    const logged = (await house.predictions()).find(
      ({ predictionId }) => predictionId === flagged.parameters['prediction_id'],
    );
    expect(logged!.outOfDomain).toEqual({ rows: [2, 3], columns: ['pirat'] });
    await plan({ domain: { check: 'refuse', tolerance: 0.1 } });
    const refused = await eventually(async () => {
      const answer = await predict(key, [0.5, 0.6], 'widow of Mr. Smith');
      expect(answer.status).toBe(400);
      return answer;
    });
    expect(refused.body).toMatchObject({
      code: 'INFERENCE.OUT_OF_DOMAIN',
      error:
        'Row 0 of the input "single" is a category that the model was not trained on. 2 rows are unlike the model\'s training data.',
    });
    expect(refused.text).not.toContain('Smith');
    await predict(key, [0.5, 0.6]).expect(200);
    const metrics = await request(url).get('/metrics').expect(200);
    for (const labels of ['because="range",result="flagged"', 'because="category",result="refused"'])
      expect(metrics.text).toMatch(
        new RegExp(
          `steward_inference_out_of_domain_rows_total\\{[^}]*model="lending.approval",version="1",${labels}`,
        ),
      );
  });

  it('judges rows as a whole by the forest of the training rows, over every protocol', async () => {
    await plan({ domain: { check: 'flag', tolerance: 100, isolation: 0.99 } });
    const key = newKey();
    // 7.5 is within the tolerance, which takes anything up to 101, and far from the rows that training had.
    const flagged = await eventually(async () => {
      const { body } = await predict(key, [0.5, 7.5, 0.4]).expect(200);
      expect((body as Answer).parameters).toHaveProperty('isolation');
      return body as Answer;
    });
    expect(flagged.parameters).toMatchObject({
      isolation: 'scored',
      out_of_domain: '1',
      out_of_domain_rows: '1',
      out_of_domain_columns: '',
      out_of_domain_isolated: '1',
    });
    const logged = (await house.predictions()).find(
      ({ predictionId }) => predictionId === flagged.parameters['prediction_id'],
    );
    expect(logged!.outOfDomain).toEqual({ rows: [1], columns: [] });
    expect(await overGrpc(key)).toMatchObject({
      parameters: { isolation: { parameterChoice: { stringParam: 'scored' } } },
    });
    await plan({ domain: { check: 'refuse', tolerance: 100, isolation: 0.99 } });
    await eventually(async () => expect((await predict(key, [7.5])).status).toBe(400));
    const refused = await predict(key, [0.5, 7.5]);
    expect(refused.body).toMatchObject({
      code: 'INFERENCE.OUT_OF_DOMAIN',
      error: 'Row 1 stands apart, as a whole, from the rows that the model was trained on.',
    });
    const metrics = await request(url).get('/metrics').expect(200);
    expect(metrics.text).toMatch(
      /steward_inference_out_of_domain_rows_total\{[^}]*because="isolation",result="flagged"[^}]*\} 1/,
    );
  });

  it('answers without a forest, and says so, where a version has none; thresholds are a fixed list', async () => {
    const model = smallModel(2);
    await house.artifacts.put(model);
    const graph = { feed: 'columns', output: 'probability', form: 'probabilities' } as const;
    const digests = { referenceDigest: sha256(REFERENCE), model: 'brought', graph };
    await house.alias(descriptorOf(1, model, digests));
    const path = `/v1/projects/${PROJECT}/deployments/brought`;
    const put = (domain: object) =>
      request(url)
        .put(path)
        .set('authorization', engineer)
        .send({ domain: { check: 'refuse', ...domain } });
    await eventually(() => put({ isolation: 0.9 }).expect(200));
    await put({ isolation: 0.97 }).expect(400);
    const key = newKey();
    const infer = () =>
      request(url)
        .post(`/v2/models/${PROJECT}.brought/infer`)
        .set('authorization', key)
        .send({
          inputs: [
            { name: 'pirat', datatype: 'FP64', shape: [1], data: [0.5] },
            { name: 'single', datatype: 'BYTES', shape: [1], data: ['yes'] },
          ],
        });
    await eventually(async () => {
      const { body } = await infer().expect(200);
      expect((body as Answer).parameters).toMatchObject({ isolation: 'unavailable', out_of_domain: '0' });
    });
    const { body } = await request(url).get(path).set('authorization', engineer).expect(200);
    expect(body).toMatchObject({ isolation: 'imported' });
  });

  it('shows the guards with the deployment', async () => {
    const { body } = await request(url)
      .get(`/v1/projects/${PROJECT}/deployments/approval`)
      .set('authorization', engineer)
      .expect(200);
    expect(body).toMatchObject({
      plan: { domain: { check: 'refuse', tolerance: 100 } },
      domainKnown: true,
      isolation: 'known',
    });
  });
});
