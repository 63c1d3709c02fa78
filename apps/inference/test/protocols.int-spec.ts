import { Client, credentials, Metadata, status, type ServiceError } from '@grpc/grpc-js';
import { AuditEntryRecorded } from '@steward/contracts';
import {
  GRPCInferenceServiceClient,
  ModelInferRequest,
  ModelMetadataRequest,
  ModelStatisticsRequest,
  RepositoryIndexRequest,
  RepositoryModelLoadRequest,
  RepositoryModelUnloadRequest,
  type ModelStreamInferResponse,
} from '@steward/contracts/generated/open_inference/open_inference';
import {
  GetModelMetadataRequest,
  SignatureDefMap,
  type GetModelMetadataResponse,
} from '@steward/contracts/generated/tensorflow_serving/apis/get_model_metadata';
import {
  GetModelStatusRequest,
  ModelVersionStatus_State,
  type GetModelStatusResponse,
} from '@steward/contracts/generated/tensorflow_serving/apis/get_model_status';
import { ModelServiceClient } from '@steward/contracts/generated/tensorflow_serving/apis/model_service';
import {
  PredictRequest,
  type PredictResponse,
} from '@steward/contracts/generated/tensorflow_serving/apis/predict';
import { PredictionServiceClient } from '@steward/contracts/generated/tensorflow_serving/apis/prediction_service';
import { scorerFromOnnx } from '@steward/onnx';
import { eventually } from '@steward/testing';
import { readdirSync, writeFileSync } from 'node:fs';
import { Agent } from 'node:http';
import { join } from 'node:path';
import { deflateSync, gzipSync } from 'node:zlib';
import request from 'supertest';
import { InferenceHouse, PROJECT } from './support/inference-house';
import { irisDescriptor, irisModel } from './support/iris-model.factory';
import { call, SAMPLES, WAYS, type Callers, type Part, type Sample } from './support/protocol-callers';
import { descriptorOf, smallModel } from './support/small-model.factory';

const IRIS = `${PROJECT}.iris`;
const MIXED = `${PROJECT}.approval`;
const bits = (values: readonly number[]): string =>
  Buffer.from(Float64Array.from(values).buffer).toString('hex');

describe('the protocols, on PostgreSQL', () => {
  let house: InferenceHouse;
  let callers: Callers;
  let engineer: Callers;
  let models: ModelServiceClient;
  const iris = irisModel();
  const inputs = irisDescriptor(iris).inputs.map(({ name }) => name);

  beforeAll(async () => {
    house = await InferenceHouse.open();
    house.policy.addPrincipal('m-app', [{ role: 'service', project: PROJECT }], { kind: 'machine' });
    const token = house.policy.addPrincipal('u-eva', [{ role: 'ml-engineer', project: PROJECT }]);
    const mixed = smallModel(1);
    await house.artifacts.put(iris);
    await house.artifacts.put(mixed);
    const url = await house.start();
    callers = {
      url,
      authorization: `Bearer ${house.policy.addApiKey('m-app')}`,
      model: IRIS,
      open: new GRPCInferenceServiceClient(house.grpcAddress, credentials.createInsecure()),
      tensorflow: new PredictionServiceClient(house.grpcAddress, credentials.createInsecure()),
    };
    engineer = { ...callers, authorization: token };
    models = new ModelServiceClient(house.grpcAddress, credentials.createInsecure());
    await house.alias(irisDescriptor(iris));
    await house.alias(descriptorOf(1, mixed));
    await eventually(async () => {
      await get(`/v2/models/${IRIS}/ready`).expect(200);
      await get(`/v2/models/${MIXED}/ready`).expect(200);
    });
  });

  afterAll(async () => {
    callers.open.close();
    callers.tensorflow.close();
    models.close();
    await house.close();
  });

  const get = (path: string, who = callers) =>
    request(callers.url).get(path).set('authorization', who.authorization);
  const post = (path: string, body?: object, who = callers) =>
    request(callers.url).post(path).set('authorization', who.authorization).send(body);
  const open = (name: keyof GRPCInferenceServiceClient, message: unknown, who = callers) =>
    call<Record<string, never>>(callers.open, name, who, message);
  const refusal = (promise: Promise<unknown>): Promise<ServiceError> =>
    promise.then(
      () => {
        throw new Error('It was answered.');
      },
      (error: ServiceError) => error,
    );

  const columnOf = (sample: Sample, column: number): number[] =>
    sample.values.filter((_, index) => index % 4 === column);
  const oneTensor = (sample: Sample): Part[] => [{ name: 'input-0', shape: [2, 4], values: sample.values }];
  const perColumn = (sample: Sample): Part[] =>
    inputs.map((name, column) => ({
      name,
      shape: column % 2 === 0 ? [2] : [2, 1],
      values: columnOf(sample, column),
    }));

  it.each(SAMPLES.map((sample) => [sample.datatype, sample] as const))(
    'answers the same bits as the scorer in process, over every protocol and in both forms: %s',
    async (_, sample) => {
      const scorer = scorerFromOnnx(iris)!;
      const expected = new Float64Array(4);
      scorer.scoreBatch(
        inputs.map((__, column) => Float64Array.from(columnOf(sample, column))),
        2,
        expected,
      );
      const asked = WAYS.filter(([, , takes]) => takes(sample));
      expect(asked.length).toBeGreaterThanOrEqual(8);
      for (const [way, ask] of asked) {
        for (const parts of [oneTensor(sample), perColumn(sample)])
          expect([way, bits(await ask(callers, sample, parts))]).toEqual([way, bits([...expected])]);
      }
    },
  );

  it('answers the published examples of KServe, as they stand', async () => {
    // kserve/kserve, docs/samples: iris-input-v2.json and iris-input.json of the scikit-learn example.
    const rows = [
      [6.8, 2.8, 4.8, 1.4],
      [6.0, 3.4, 4.5, 1.6],
    ];
    const second = await post(`/v2/models/${IRIS}/infer`, {
      inputs: [{ name: 'input-0', shape: [2, 4], datatype: 'FP32', data: rows }],
    }).expect(200);
    const first = await post(`/v1/models/${IRIS}:predict`, { instances: rows }).expect(200);
    expect(second.body.outputs[0]).toMatchObject({ name: 'label', shape: [2] });
    expect(first.body.predictions.map(({ label }: { label: string }) => label)).toEqual(
      second.body.outputs[0].data,
    );
  });

  it('takes texts and numbers beside one another over TensorFlow Serving, and labels and versions', async () => {
    const rows = {
      instances: [
        { pirat: 0.3, single: 'yes' },
        { pirat: 0.9, single: '' },
      ],
    };
    const answers = [
      await post(`/v1/models/${MIXED}:predict`, rows).expect(200),
      await post(`/v1/models/${MIXED}/versions/1:predict`, rows).expect(200),
      await post(`/v1/models/${MIXED}/labels/champion:predict`, rows).expect(200),
    ];
    expect(new Set(answers.map(({ body }) => JSON.stringify(body))).size).toBe(1);
    expect(answers[0]!.headers['steward-prediction-id']).toMatch(/^[0-9a-f-]{36}$/);
    const wrong = [
      [await post(`/v1/models/${MIXED}/versions/7:predict`, rows), 404],
      [await post(`/v1/models/${MIXED}/labels/none:predict`, rows), 404],
      [await post(`/v1/models/${MIXED}:classify`, rows), 404],
      [await post(`/v1/models/${MIXED}:predict`, { ...rows, inputs: [] }), 400],
      [await post(`/v1/models/${MIXED}:predict`, { ...rows, signature_name: 'one_tensor' }), 400],
      [await post(`/v1/models/${MIXED}:predict`, { instances: [{ pirat: 1 }, { single: 'x' }] }), 400],
      [await request(callers.url).get(`/v1/models/${MIXED}`), 401],
    ] as const;
    for (const [answer, code] of wrong) {
      expect(answer.status).toBe(code);
      expect(Object.keys(answer.body as object)).toEqual(['error']);
      expect(answer.body.error).toMatch(/\w+ \w+ \w+/);
    }
  });

  it('says over TensorFlow Serving what is served and what it takes', async () => {
    const status = (await get(`/v1/models/${IRIS}`).expect(200)).body;
    expect(status).toEqual({
      model_version_status: [
        { version: '1', state: 'AVAILABLE', status: { error_code: 'OK', error_message: '' } },
      ],
    });
    const { body } = await get(`/v1/models/${IRIS}/versions/1/metadata`).expect(200);
    const signatures = body.metadata.signature_def.signature_def;
    expect(Object.keys(signatures.serving_default.inputs)).toEqual(inputs);
    expect(
      signatures.one_tensor.inputs.inputs.tensor_shape.dim.map(({ size }: { size: string }) => size),
    ).toEqual(['-1', '4']);
    const spec = { modelSpec: { name: IRIS, versionChoice: { $case: 'version' as const, version: 1 } } };
    const overRpc = await call<GetModelStatusResponse>(
      models,
      'getModelStatus',
      callers,
      GetModelStatusRequest.fromPartial(spec),
    );
    expect(overRpc.modelVersionStatus).toMatchObject([
      { version: 1, state: ModelVersionStatus_State.AVAILABLE },
    ]);
    const { tensorflow } = callers;
    const metadata = await call<GetModelMetadataResponse>(
      tensorflow,
      'getModelMetadata',
      callers,
      GetModelMetadataRequest.fromPartial({ ...spec, metadataField: ['signature_def'] }),
    );
    const map = SignatureDefMap.decode(metadata.metadata.signature_def!.value);
    expect(Object.keys(map.signatureDef)).toEqual(['serving_default', 'one_tensor']);
    const filtered = await call<PredictResponse>(
      tensorflow,
      'predict',
      callers,
      PredictRequest.fromPartial({
        modelSpec: spec.modelSpec,
        // One value stands for all, as TensorFlow has it.
        inputs: { inputs: { dtype: 2, tensorShape: { dim: [{ size: 2 }, { size: 4 }] }, doubleVal: [1.5] } },
        outputFilter: ['prediction_id'],
      }),
    );
    expect(Object.keys(filtered.outputs)).toEqual(['prediction_id']);
    expect(filtered.outputs.prediction_id!.stringVal.map(String)[1]).toMatch(/^[0-9a-f-]{36}\/1$/);
  });

  it('says over the Open Inference Protocol that a model of numbers takes one tensor too', async () => {
    const { body } = await get(`/v2/models/${IRIS}`).expect(200);
    expect(body.inputs).toHaveLength(4);
    expect(body.parameters).toEqual({
      one_tensor_datatype: 'FP64',
      one_tensor_shape: '[-1, 4]',
      one_tensor_columns: inputs.join(','),
    });
    const overRpc = await open('modelMetadata', ModelMetadataRequest.fromPartial({ name: IRIS }));
    expect(Object.keys(overRpc.parameters!)).toHaveLength(3);
    expect((await get(`/v2/models/${MIXED}`).expect(200)).body.parameters).toEqual({});
  });

  it('are all listed by gRPC reflection, and have a health of their own', async () => {
    const client = new Client(house.grpcAddress, credentials.createInsecure());
    const same = (bytes: Buffer): Buffer => bytes;
    const list = client.makeBidiStreamRequest(
      '/grpc.reflection.v1.ServerReflection/ServerReflectionInfo',
      same,
      same,
    );
    // ServerReflectionRequest { list_services: "" }
    list.write(Buffer.from([0x3a, 0x00]));
    const listed = await new Promise<string>((resolve, reject) => {
      list.on('data', (answer: Buffer) => resolve(answer.toString('latin1')));
      list.on('error', reject);
    });
    list.cancel();
    for (const service of [
      'inference.GRPCInferenceService',
      'tensorflow.serving.PredictionService',
      'tensorflow.serving.ModelService',
    ]) {
      expect(listed).toContain(service);
      // HealthCheckRequest { service }; HealthCheckResponse { status: SERVING }
      const asked = Buffer.concat([Buffer.from([0x0a, service.length]), Buffer.from(service)]);
      // It follows readiness, which is looked at now and then.
      await eventually(async () => {
        const health = await new Promise<Buffer | undefined>((resolve, reject) => {
          client.makeUnaryRequest('/grpc.health.v1.Health/Check', same, same, asked, (error, answer) =>
            error ? reject(error) : resolve(answer),
          );
        });
        expect(health).toEqual(Buffer.from([0x08, 0x01]));
      });
    }
    client.close();
  });

  it('takes compressed bodies of bounded size, and answers compressed where it is asked to', async () => {
    const body = Buffer.from(
      JSON.stringify({
        inputs: [
          { name: 'x', shape: [500, 4], datatype: 'FP32', data: Array.from({ length: 2_000 }, () => 1.5) },
        ],
      }),
    );
    const send = (encoding: string, bytes: Buffer) =>
      post(`/v2/models/${IRIS}/infer`)
        .set('content-type', 'application/octet-stream')
        .set('content-encoding', encoding)
        .send(bytes);
    const plain = await send('gzip', gzipSync(body)).expect(200);
    expect(plain.headers['content-encoding']).toBe('gzip');
    expect(plain.body.outputs[1].data).toHaveLength(1_000);
    await send('deflate', deflateSync(body)).expect(200);
    await send('gzip', gzipSync(Buffer.alloc(40_000_000))).expect(429);
    await send('gzip', body).expect(400);
    await send('br', body).expect(400);
  });

  it('answers the next request on a connection whose last body was too large', async () => {
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    const path = '/v2/repository/index';
    const send = (body: object | string) => post(path).agent(agent).type('text/plain').send(body);
    for (let round = 0; round < 3; round++) {
      await send(JSON.stringify({ ready: 'x'.repeat(3_000_000) })).expect(429);
      await send('{}').expect(200);
    }
    agent.destroy();
  });

  describe('streams', () => {
    const answersOf = async (requests: readonly ModelInferRequest[]): Promise<ModelStreamInferResponse[]> => {
      const metadata = new Metadata();
      metadata.set('authorization', callers.authorization);
      const stream = callers.open.modelStreamInfer(metadata);
      for (const each of requests) stream.write(each);
      stream.end();
      const answers: ModelStreamInferResponse[] = [];
      for await (const answer of stream) answers.push(answer as ModelStreamInferResponse);
      return answers;
    };
    const row = (id: string, value: number, model = IRIS) =>
      ModelInferRequest.fromPartial({
        modelName: model,
        id,
        inputs: [
          { name: 'x', datatype: 'FP64', shape: [1, 4], contents: { fp64Contents: [value, 1, 2, 3] } },
        ],
      });

    it('answer each request in order, and say of each what is wrong with it', async () => {
      const requests = Array.from({ length: 100 }, (_, index) =>
        row(String(index), index / 10, index % 7 === 3 ? `${PROJECT}.none` : IRIS),
      );
      const answers = await answersOf(requests);
      expect(answers.map(({ inferResponse }) => inferResponse!.id)).toEqual(requests.map(({ id }) => id));
      for (const [index, { errorMessage }] of answers.entries())
        expect(errorMessage).toMatch(index % 7 === 3 ? /No approved version/ : /^$/);
    });

    it('end with UNAUTHENTICATED for who is not known', async () => {
      const stream = callers.open.modelStreamInfer(new Metadata());
      const error = await new Promise<ServiceError>((resolve) => stream.on('error', resolve as never));
      expect(error.code).toBe(status.UNAUTHENTICATED);
    });
  });

  it('counts what it answered, as Triton does', async () => {
    const statistics = async () =>
      (await get(`/v2/models/${MIXED}/stats`).expect(200)).body.model_stats[0] as Record<string, never> & {
        inference_stats: Record<string, { count: number; ns: number }>;
        batch_stats: { batch_size: number; compute_infer: { count: number } }[];
      };
    const before = await statistics();
    const rows = (count: number, single: unknown = 'yes') => ({
      instances: Array.from({ length: count }, () => ({ pirat: 0.3, single })),
    });
    await post(`/v1/models/${MIXED}:predict`, rows(3)).expect(200);
    await post(`/v1/models/${MIXED}:predict`, rows(3)).expect(200);
    await post(`/v1/models/${MIXED}:predict`, rows(1, 7)).expect(400);
    const after = await statistics();
    expect(after).toMatchObject({
      name: MIXED,
      version: '1',
      inference_count: before['inference_count']! + 6,
      execution_count: before['execution_count']! + 2,
    });
    const grown = (name: string) => after.inference_stats[name]!.count - before.inference_stats[name]!.count;
    expect([grown('success'), grown('fail'), grown('compute_infer')]).toEqual([2, 1, 2]);
    expect(after.inference_stats.success!.ns).toBeGreaterThan(after.inference_stats.compute_infer!.ns);
    expect(
      after.batch_stats.find(({ batch_size }) => batch_size === 3)!.compute_infer.count,
    ).toBeGreaterThanOrEqual(2);
    const all = await open('modelStatistics', ModelStatisticsRequest.fromPartial({}));
    expect((all.modelStats as unknown as { name: string }[]).map(({ name }) => name).sort()).toEqual([
      MIXED,
      IRIS,
    ]);
  });

  describe('the repository', () => {
    const index = async (ready = false) =>
      (await open('repositoryIndex', RepositoryIndexRequest.fromPartial({ ready })))
        .models as unknown as object[];

    it('lists what is deployed', async () => {
      expect(await index(true)).toEqual([
        { name: MIXED, version: '1', state: 'READY', reason: '' },
        { name: IRIS, version: '1', state: 'READY', reason: '' },
      ]);
      const overRest = await post('/v2/repository/index', {}).expect(200);
      expect(overRest.body).toEqual(await index());
    });

    it('takes a model out of service and back, for who may, audited; it approves nothing', async () => {
      await post(`/v2/repository/models/${IRIS}/unload`, {}).expect(403);
      await post(`/v2/repository/models/${IRIS}/unload`, {}, engineer).expect(200, {});
      const gone = await post(`/v1/models/${IRIS}:predict`, { instances: [[1, 2, 3, 4]] }).expect(503);
      expect(gone.body.error).toContain('taken out of service');
      expect(await index()).toContainEqual({
        name: IRIS,
        version: '1',
        state: 'UNAVAILABLE',
        reason: 'unloaded',
      });
      expect(await index(true)).toHaveLength(1);
      const [project, model] = IRIS.split('.');
      const shown = await get(`/v1/projects/${project}/deployments/${model}`, engineer).expect(200);
      expect(shown.body).toMatchObject({ traffic: [] });
      // It stays so over a restart.
      await house.stopService();
      const url = await house.start();
      callers = { ...callers, url };
      engineer = { ...callers, authorization: engineer.authorization };
      callers.open.close();
      Object.assign(callers, {
        open: new GRPCInferenceServiceClient(house.grpcAddress, credentials.createInsecure()),
      });
      await eventually(() => get(`/v2/models/${MIXED}/ready`).expect(200));
      await get(`/v2/models/${IRIS}/ready`).expect(503);
      // KServe's clients name the model in Triton's field of the repository.
      const loaded = await open(
        'repositoryModelLoad',
        RepositoryModelLoadRequest.fromPartial({ repositoryName: IRIS }),
        engineer,
      );
      expect(loaded).toEqual({ modelName: IRIS, isLoaded: true });
      await post(`/v1/models/${IRIS}:predict`, { instances: [[1, 2, 3, 4]] }).expect(200);
      await eventually(async () => {
        const actions = (await house.events(AuditEntryRecorded.inference)).map(({ action }) => action);
        expect(actions.filter((action) => /load/.test(action))).toEqual([
          'deployment.unload',
          'deployment.load',
        ]);
      });
    });

    it('tries what was refused once more', async () => {
      const next = smallModel(2);
      const { digest } = await house.artifacts.put(next);
      const folder = join(house.folder, 'artifacts');
      const file = join(
        folder,
        readdirSync(folder, { recursive: true, encoding: 'utf8' }).find((name) =>
          name.replaceAll('/', '').includes(digest),
        )!,
      );
      const broken = Buffer.from(next);
      broken[broken.length - 1]! ^= 1;
      writeFileSync(file, broken);
      await house.alias(descriptorOf(2, next));
      const ofMixed = async () =>
        ((await index()) as { name: string; version: string; state: string }[]).find(
          ({ name, version }) => name === MIXED && version === '2',
        );
      await eventually(async () => expect(await ofMixed()).toMatchObject({ state: 'UNAVAILABLE' }));
      const message = RepositoryModelLoadRequest.fromPartial({ modelName: MIXED });
      const still = await refusal(open('repositoryModelLoad', message, engineer));
      expect([still.code, still.details]).toEqual([
        status.FAILED_PRECONDITION,
        expect.stringContaining('cannot be served'),
      ]);
      writeFileSync(file, next);
      await open('repositoryModelLoad', message, engineer);
      expect(await ofMixed()).toMatchObject({ state: 'READY' });
      expect((await get(`/v2/models/${MIXED}`).expect(200)).body.versions).toContain('2');
    });

    it('loads neither what is not approved nor what comes with the request', async () => {
      const load = (message: object, who = engineer) =>
        refusal(open('repositoryModelLoad', RepositoryModelLoadRequest.fromPartial(message), who));
      const unapproved = await load({ modelName: `${PROJECT}.other` });
      expect(unapproved.code).toBe(status.FAILED_PRECONDITION);
      expect(unapproved.details).toContain('approves nothing');
      const file = { parameterChoice: { $case: 'bytesParam' as const, bytesParam: Buffer.from('x') } };
      const withFile = await load({ modelName: IRIS, parameters: { 'file:1/model.onnx': file } });
      expect(withFile.code).toBe(status.INVALID_ARGUMENT);
      expect((await load({ modelName: IRIS }, callers)).code).toBe(status.PERMISSION_DENIED);
      expect((await load({ modelName: 'other.model' })).code).toBe(status.NOT_FOUND);
      const unload = RepositoryModelUnloadRequest.fromPartial({ modelName: `${PROJECT}.other` });
      expect((await refusal(open('repositoryModelUnload', unload, engineer))).code).toBe(status.NOT_FOUND);
    });
  });
});
