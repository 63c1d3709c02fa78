import { credentials, Metadata, status, type ServiceError } from '@grpc/grpc-js';
import { AuditEntryRecorded, DeploymentChanged } from '@steward/contracts';
import {
  GRPCInferenceServiceClient,
  type ModelInferRequest,
  type ModelInferResponse,
} from '@steward/contracts/generated/open_inference/open_inference';
import { InferenceServiceClient } from '@steward/contracts/generated/steward/inference/v1/inference';
import { scorerFromOnnx } from '@steward/onnx';
import { eventually } from '@steward/testing';
import { generateKeyPairSync } from 'node:crypto';
import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import request from 'supertest';
import { rawBytes, rawNumbers } from '../src/infer/tensor';
import { InferenceHouse, PROJECT } from './support/inference-house';
import { descriptorOf, smallModel } from './support/small-model.factory';

const NAME = `${PROJECT}.approval`;
const bytesOf = (values: ArrayLike<number>): string =>
  Buffer.from(Float64Array.from(values).buffer).toString('hex');

describe('inference, on PostgreSQL', () => {
  let house: InferenceHouse;
  let url: string;
  let client: GRPCInferenceServiceClient;
  let machine: string;
  let engineer: string;
  let keys: { expired: string; revoked: string; elsewhere: string };
  const first = smallModel(1);
  const second = smallModel(2);

  beforeAll(async () => {
    house = await InferenceHouse.open();
    engineer = house.policy.addPrincipal('u-eva', [{ role: 'ml-engineer', project: PROJECT }]);
    house.policy.addPrincipal('m-app', [{ role: 'service', project: PROJECT }], { kind: 'machine' });
    machine = `Bearer ${house.policy.addApiKey('m-app')}`;
    house.policy.addPrincipal('m-other', [{ role: 'service', project: 'other' }], { kind: 'machine' });
    keys = {
      expired: `Bearer ${house.policy.addApiKey('m-app', { expiresAt: 1 })}`,
      revoked: `Bearer ${house.policy.addApiKey('m-app', { active: false })}`,
      elsewhere: `Bearer ${house.policy.addApiKey('m-other')}`,
    };
    await house.artifacts.put(first);
    await house.artifacts.put(second);
    url = await house.start();
    client = new GRPCInferenceServiceClient(house.grpcAddress, credentials.createInsecure(), {
      'grpc.max_receive_message_length': 64 * 1024 * 1024,
    });
    await eventually(() => request(url).get('/health/ready').expect(200));
  });

  afterAll(async () => {
    client.close();
    await house.close();
  });

  const infer = (body: Partial<ModelInferRequest>, who = machine): Promise<ModelInferResponse> =>
    new Promise((resolve, reject) => {
      const metadata = new Metadata();
      metadata.set('authorization', who);
      const whole = { modelName: NAME, modelVersion: '', id: '', parameters: {}, outputs: [], ...body };
      client.modelInfer({ inputs: [], rawInputContents: [], ...whole }, metadata, (error, answer) =>
        error ? reject(error) : resolve(answer),
      );
    });
  const failure = (body: Partial<ModelInferRequest>, who = machine): Promise<ServiceError> =>
    infer(body, who).then(
      () => {
        throw new Error('It was answered.');
      },
      (error: ServiceError) => error,
    );
  const contents = {
    boolContents: [],
    intContents: [],
    int64Contents: [],
    uintContents: [],
    uint64Contents: [],
    fp32Contents: [],
    fp64Contents: [] as number[],
    bytesContents: [] as Buffer[],
  };
  const head = (name: string, datatype: string, rows: number) => ({
    name,
    datatype,
    shape: [rows, 1],
    parameters: {},
    contents: undefined,
  });
  const raw = (pirat: number[], single: string[]): Partial<ModelInferRequest> => ({
    inputs: [head('pirat', 'FP64', pirat.length), head('single', 'BYTES', single.length)],
    rawInputContents: [Buffer.from(rawNumbers(Float64Array.from(pirat))), Buffer.from(rawBytes(single))],
  });
  const json = (pirat: unknown[], single: unknown[]) => ({
    inputs: [
      { name: 'pirat', datatype: 'FP64', shape: [pirat.length], data: pirat },
      { name: 'single', datatype: 'BYTES', shape: [single.length], data: single },
    ],
  });
  const rest = (body: object, who = machine) =>
    request(url).post(`/v2/models/${NAME}/infer`).set('authorization', who).send(body);
  const served = (version: number) =>
    eventually(async () => {
      const answer = await rest(json([0.5], ['yes'])).expect(200);
      expect(answer.body.model_version).toBe(String(version));
    });

  it('refuses a model of which no version is approved, and an alias that is not champion changes nothing', async () => {
    expect((await rest(json([0.5], ['yes'])).expect(404)).body.detail).toContain('No approved version');
    await house.alias(descriptorOf(1, first), 'challenger');
    await house.alias(descriptorOf(1, first));
    await served(1);
    expect((await failure({ ...raw([0.5], ['yes']), modelVersion: '2' })).code).toBe(status.NOT_FOUND);
  });

  it('answers the same bits over each transport, equal to the scorer in process', async () => {
    const pirat = Array.from({ length: 64 }, (_, index) => ((index * 7) % 64) / 64);
    const single = pirat.map((_, index) => ['yes', 'no', '', 'other'][index % 4]!);
    const scorer = scorerFromOnnx(first)!;
    const expected = new Float64Array(128);
    scorer.scoreBatch([Float64Array.from(pirat), single.map((text) => text || null)], 64, expected);

    const overRaw = await infer(raw(pirat, single));
    const [, probability] = overRaw.rawOutputContents;
    expect(probability!.toString('hex')).toBe(bytesOf(expected));

    const [piratHead, singleHead] = raw(pirat, single).inputs!;
    const overTyped = await infer({
      inputs: [
        { ...piratHead!, contents: { ...contents, fp64Contents: pirat } },
        { ...singleHead!, contents: { ...contents, bytesContents: single.map((text) => Buffer.from(text)) } },
      ],
    });
    expect(bytesOf(overTyped.outputs[1]!.contents!.fp64Contents)).toBe(bytesOf(expected));

    const overJson = await rest(json(pirat, single)).expect(200);
    expect(bytesOf(overJson.body.outputs[1].data as number[])).toBe(bytesOf(expected));

    const texts = Buffer.from(rawBytes(single));
    const binaryHead = Buffer.from(
      JSON.stringify({
        parameters: { binary_data_output: true },
        inputs: [
          { name: 'pirat', datatype: 'FP64', shape: [64], parameters: { binary_data_size: 512 } },
          { name: 'single', datatype: 'BYTES', shape: [64], parameters: { binary_data_size: texts.length } },
        ],
      }),
    );
    const answer = await request(url)
      .post(`/v2/models/${NAME}/infer`)
      .set('authorization', machine)
      .set('content-type', 'application/octet-stream')
      .set('inference-header-content-length', String(binaryHead.length))
      .responseType('blob')
      .send(Buffer.concat([binaryHead, Buffer.from(rawNumbers(Float64Array.from(pirat))), texts]))
      .expect(200);
    const body = answer.body as Buffer;
    expect(body.subarray(body.length - 1_024).toString('hex')).toBe(bytesOf(expected));
    const labels = (overJson.body.outputs[0].data as string[]).map((label) => (label === 'yes' ? 1 : 0));
    expect(labels).toEqual(Array.from({ length: 64 }, (_, row) => Number(expected[row * 2 + 1]! >= 0.5)));
  });

  it('has the prediction in the log before the answer, with subject and sensitive columns that the model never sees', async () => {
    const subject = `sub_${'0'.repeat(31)}1`;
    const answer = await rest({
      ...json([0.25], ['no']),
      parameters: { subject },
      inputs: [
        ...json([0.25], ['no']).inputs,
        { name: 'afam', datatype: 'BYTES', shape: [1], data: ['yes'] },
      ],
    }).expect(200);
    const id = answer.body.parameters.prediction_id as string;
    const logged = (await house.predictions()).filter(({ predictionId }) => predictionId === id);
    expect(logged).toHaveLength(1);
    expect(logged[0]).toMatchObject({
      rows: 1,
      modelVersion: 1,
      subjects: [subject],
      caller: 'm-app',
      inputs: [
        { name: 'pirat', numbers: [0.25] },
        { name: 'single', texts: ['no'] },
      ],
      sensitive: [{ name: 'afam', texts: ['yes'] }],
      scores: [answer.body.outputs[1].data[1]],
    });
  });

  it('cuts a request that would pass 256 KiB into events of row ranges that are whole together', async () => {
    const pirat = Array.from({ length: 9_000 }, (_, index) => index / 9_000);
    const long = 'x'.repeat(100);
    const answer = await infer(
      raw(
        pirat,
        pirat.map(() => long),
      ),
    );
    const choice = answer.parameters['prediction_id']!.parameterChoice as { stringParam: string };
    const parts = (await house.predictions())
      .filter(({ predictionId }) => predictionId === choice.stringParam)
      .sort((a, b) => a.firstRow - b.firstRow);
    expect(parts.length).toBeGreaterThan(3);
    expect(parts.flatMap(({ inputs }) => inputs[0]!.numbers)).toEqual(pirat);
    let next = 0;
    for (const { firstRow, rows } of parts) {
      expect(firstRow).toBe(next);
      next += rows;
    }
    expect(next).toBe(9_000);
  });

  it('serves a new champion without a restart and without dropping a request', async () => {
    const versions: string[] = [];
    let failed: unknown = null;
    const state = { going: true };
    const callers = Array.from({ length: 4 }, async () => {
      while (state.going) {
        try {
          const answer = await infer(raw([0.5], ['yes']));
          versions.push(answer.modelVersion);
        } catch (error) {
          failed = error;
          return;
        }
      }
    });
    await eventually(() => expect(versions.length).toBeGreaterThan(20));
    const moved = Date.now();
    await house.alias(descriptorOf(2, second));
    await eventually(() => expect(versions.at(-1)).toBe('2'));
    const seconds = (Date.now() - moved) / 1_000;
    const seen = versions.length;
    await eventually(() => expect(versions.length).toBeGreaterThan(seen + 20));
    state.going = false;
    await Promise.all(callers);
    expect(failed).toBeNull();
    expect(seconds).toBeLessThan(2);
    expect(versions.slice(seen + 4).every((version) => version === '2')).toBe(true);
  });

  it('obeys roles that name tags or an environment: predictions and deployments, in lists and one by one', async () => {
    const role = (name: string, conditions: object) => {
      const rules = [{ action: ['read', 'predict', 'update'], subject: ['Deployment'], conditions }] as never;
      house.policy.put({ kind: 'role', value: { name, version: 1, rules } });
      return house.policy.addPrincipal(name, [{ role: name, project: PROJECT }]);
    };
    const credit = role('credit-only', { tags: 'credit' });
    const tester = role('not-in-production', { environment: { $ne: 'production' } });
    const at = `${url}/v1/projects/${PROJECT}/deployments`;
    const list = (as: string) => request(at).get('').set('authorization', as);
    const predict = (as: string) =>
      request(url).get(`/v2/models/${PROJECT}.approval`).set('authorization', as);
    const set = (as: string) => request(at).put('/approval').set('authorization', as).send({ nothing: 1 });
    const denied = async (as: string) => {
      expect((await predict(as)).status).toBe(404);
      expect((await request(at).get('/approval').set('authorization', as)).status).toBe(404);
      expect((await set(as)).status).toBe(404);
    };
    const allowed = async (as: string) => {
      expect((await list(as).expect(200)).body).toMatchObject({
        items: expect.arrayContaining([expect.objectContaining({ model: 'approval' })]),
      });
      expect((await predict(as)).status).toBe(200);
      expect((await request(at).get('/approval').set('authorization', as)).status).toBe(200);
      expect((await set(as)).status).toBe(400);
    };
    const tags = (name: string) =>
      house.policy.tagObjects(PROJECT, { kind: 'model', name, tags: ['credit'] });
    tags('other');
    await eventually(async () => expect((await list(credit).expect(200)).body.items).toEqual([]));
    await denied(credit);
    await denied(tester);
    tags('approval');
    house.policy.moveTo('staging');
    await eventually(() => allowed(tester));
    await allowed(credit);
    house.policy.moveTo('production');
    house.policy.addProjects(PROJECT);
    await eventually(async () => denied(tester));
    await denied(credit);
  });

  it('refuses bytes that have another digest, says why, and the champion before goes on, also after a restart', async () => {
    const third = smallModel(3);
    const { digest } = await house.artifacts.put(third);
    const file = readdirSync(join(house.folder, 'artifacts'), { recursive: true, encoding: 'utf8' }).find(
      (name) => name.endsWith(digest) || name.replaceAll('/', '').includes(digest),
    )!;
    third[third.length - 1]! ^= 1;
    writeFileSync(join(house.folder, 'artifacts', file), third);
    const descriptor = { ...descriptorOf(3, third), digest };
    await house.alias(descriptor);
    const refused = await eventually(async () => {
      const { body } = await request(url)
        .get(`/v1/projects/${PROJECT}/deployments`)
        .set('authorization', engineer)
        .expect(200);
      const deployment = (body.items as { version: number; state: string; failure: string }[])[0]!;
      expect(deployment).toMatchObject({ version: 3, state: 'refused' });
      return deployment;
    });
    expect(refused.failure).toMatch(/DIGEST|ARTIFACT/);
    await served(2);
    await eventually(async () => {
      const states = (await house.events(DeploymentChanged)).map(({ version, state }) => [version, state]);
      expect(states).toEqual([
        [1, 'serving'],
        [2, 'serving'],
        [3, 'refused'],
      ]);
      const actions = (await house.events(AuditEntryRecorded.inference)).map(({ action }) => action);
      expect(actions.filter((action) => action === 'deployment.refuse')).toHaveLength(1);
    });
    await house.stopService();
    url = await house.start();
    client.close();
    client = new GRPCInferenceServiceClient(house.grpcAddress, credentials.createInsecure());
    await served(2);
  });

  describe('refuses who may not', () => {
    const foreignKey = generateKeyPairSync('ed25519').privateKey;
    const who: [string, string, () => string | undefined, number, status][] = [
      ['nobody', 'ACCESS.CREDENTIAL_MISSING', () => undefined, 401, status.UNAUTHENTICATED],
      ['an expired key', 'ACCESS.API_KEY_EXPIRED', () => keys.expired, 401, status.UNAUTHENTICATED],
      ['a revoked key', 'ACCESS.API_KEY_REVOKED', () => keys.revoked, 401, status.UNAUTHENTICATED],
      [
        'a key whose secret is not its own',
        'ACCESS.API_KEY_UNKNOWN',
        () => `${machine.slice(0, -4)}0000`,
        401,
        status.UNAUTHENTICATED,
      ],
      [
        'a token that another key signed',
        'ACCESS.TOKEN_SIGNATURE',
        () => `Bearer ${house.policy.token('u-eva', {}, {}, foreignKey)}`,
        401,
        status.UNAUTHENTICATED,
      ],
      [
        'an expired token',
        'ACCESS.TOKEN_EXPIRED',
        () => `Bearer ${house.policy.token('u-eva', { exp: 1 })}`,
        401,
        status.UNAUTHENTICATED,
      ],
      [
        'a token whose claims were changed',
        'ACCESS.TOKEN_SIGNATURE',
        () => {
          const [h, , s] = house.policy.token('u-eva').split('.');
          const claims = Buffer.from(JSON.stringify({ iss: 'steward', aud: 'steward', sub: 'm-app' }));
          return `Bearer ${h}.${claims.toString('base64url')}.${s}`;
        },
        401,
        status.UNAUTHENTICATED,
      ],
      ['a machine of another project', 'ACCESS.NOT_FOUND', () => keys.elsewhere, 404, status.NOT_FOUND],
    ];
    it.each(who)('%s (%s)', async (_name, problem, authorization, http, code) => {
      const header = authorization();
      const before = (await house.predictions()).length;
      const call = request(url).post(`/v2/models/${NAME}/infer`);
      if (header) call.set('authorization', header);
      const answer = await call.send(json([0.5], ['yes']));
      expect(answer.body).toMatchObject({ status: http, code: problem });
      expect(answer.body.detail).toMatch(/\w+ \w+ \w+/);
      const error = await failure(raw([0.5], ['yes']), header ?? '');
      expect(error.code).toBe(code);
      expect(error.details).toMatch(/\w+ \w+ \w+/);
      expect(await house.predictions()).toHaveLength(before);
    });
  });

  it.each<[string, Partial<ModelInferRequest>, string]>([
    ['no inputs', {}, 'pirat'],
    [
      'a shape that its bytes do not hold',
      { ...raw([0.5], ['yes']), rawInputContents: [Buffer.alloc(4), Buffer.from(rawBytes(['yes']))] },
      'pirat',
    ],
    [
      'a shape below zero',
      {
        ...raw([0.5], ['yes']),
        inputs: [{ ...head('pirat', 'FP64', 1), shape: [-1] }, head('single', 'BYTES', 1)],
      },
      'pirat',
    ],
    [
      'a shape of 2^53 rows',
      {
        ...raw([0.5], ['yes']),
        inputs: [
          { ...head('pirat', 'FP64', 1), shape: [2 ** 53 - 1, 2 ** 53 - 1] },
          head('single', 'BYTES', 1),
        ],
      },
      'pirat',
    ],
    [
      'texts for a number',
      { ...raw([0.5], ['yes']), inputs: [head('pirat', 'BYTES', 1), head('single', 'BYTES', 1)] },
      'pirat',
    ],
    [
      'an unknown datatype',
      { ...raw([0.5], ['yes']), inputs: [head('pirat', '__proto__', 1), head('single', 'BYTES', 1)] },
      'pirat',
    ],
    [
      'a length that lies',
      { ...raw([0.5], ['yes']), rawInputContents: [Buffer.alloc(8), Buffer.from([255, 255, 255, 255])] },
      'single',
    ],
    ['a NUL character', raw([0.5], ['a\u0000b']), 'single'],
    [
      'an unknown output',
      { ...raw([0.5], ['yes']), outputs: [{ name: 'secret', parameters: {} }] },
      'secret',
    ],
    ['rows of unequal number', raw([0.5, 0.6], ['yes']), 'single'],
  ])('says INVALID_ARGUMENT to %s, names it and logs nothing', async (_name, body, names) => {
    const before = (await house.predictions()).length;
    const error = await failure(body);
    expect([status.INVALID_ARGUMENT, status.RESOURCE_EXHAUSTED]).toContain(error.code);
    expect(error.details).toContain(names);
    expect(await house.predictions()).toHaveLength(before);
  });

  const inOne = (data: unknown) => ({ inputs: [{ name: 'pirat', datatype: 'FP64', shape: [1], data }] });
  it.each<[string, string | object]>([
    ['no JSON', '{"inputs": ['],
    ['an array', []],
    ['no inputs', {}],
    ['inputs that are no list', { inputs: 7 }],
    ['a text for a number', json(['a'], ['yes'])],
    ['an object for a number', json([{}], ['yes'])],
    ['a number for a text', json([0.5], [1])],
    ['data that are no list', inOne('x')],
    ['data nested too deep', inOne([[[[[[[[[[1]]]]]]]]]])],
    ['10 MB of nested JSON', '['.repeat(5_000_000) + ']'.repeat(5_000_000)],
    ['10 MB of nested objects', '{"a":'.repeat(2_000_000)],
  ])('answers 4xx to %s', async (_name, body) => {
    for (const type of ['application/json', 'application/octet-stream']) {
      const answer = await request(url)
        .post(`/v2/models/${NAME}/infer`)
        .set('authorization', machine)
        .set('content-type', type)
        .send(
          type === 'application/json' || typeof body === 'string' ? body : Buffer.from(JSON.stringify(body)),
        );
      expect(answer.status).toBeGreaterThanOrEqual(400);
      expect(answer.status).toBeLessThan(500);
      expect(answer.body.detail).toMatch(/\w+ \w+/);
    }
  });

  it('takes outcomes by row, one event a prediction, and refuses what cannot be one', async () => {
    const { body } = await rest(json([0.1, 0.9], ['yes', 'no'])).expect(200);
    const id = body.parameters.prediction_id as string;
    const post = (outcomes: unknown) =>
      request(url).post(`/v1/projects/${PROJECT}/outcomes`).set('authorization', machine).send({ outcomes });
    await post([
      { prediction: `${id}/0`, label: 'yes' },
      { prediction: `${id}/1`, label: 'no' },
    ]).expect(202, { recorded: 2 });
    expect((await house.outcomes()).filter(({ predictionId }) => predictionId === id)).toEqual([
      expect.objectContaining({ rows: [0, 1], labels: ['yes', 'no'] }),
    ]);
    for (const wrong of [
      [{ prediction: id, label: 'yes' }],
      [{ prediction: `${id}/x`, label: 'yes' }],
      [{ prediction: `${id}/0`, label: 'maybe' }],
      [{ prediction: `${id}/0`, label: 'yes', more: 1 }],
      [],
      'x',
      Array.from({ length: 10_001 }, () => ({ prediction: `${id}/0`, label: 'yes' })),
    ]) {
      const answer = await post(wrong).expect(400);
      expect(answer.body.detail).toMatch(/\w+ \w+/);
    }
    expect(await house.outcomes()).toHaveLength(1);
  });

  it('does the same over gRPC: outcomes and deployments', async () => {
    const control = new InferenceServiceClient(house.grpcAddress, credentials.createInsecure());
    const metadata = new Metadata();
    metadata.set('authorization', machine);
    const { body } = await rest(json([0.1], ['yes'])).expect(200);
    const prediction = `${body.parameters.prediction_id as string}/0`;
    const recorded = (label: string) =>
      new Promise((resolve) =>
        control.recordOutcomes(
          { project: PROJECT, outcomes: [{ prediction, label }] },
          metadata,
          (error, answer) => resolve(error ? error.code : answer),
        ),
      );
    expect(await recorded('yes')).toEqual({ recorded: 1 });
    expect(await recorded('')).toBe(status.INVALID_ARGUMENT);
    const asEngineer = new Metadata();
    asEngineer.set('authorization', engineer);
    const listed = await new Promise((resolve) =>
      control.listDeployments({ project: PROJECT }, asEngineer, (error, answer) => resolve(error ?? answer)),
    );
    expect(listed).toMatchObject({
      deployments: [
        { name: NAME, alias: 'champion', version: 3, state: 'refused' },
        { name: NAME, alias: 'challenger', version: 1, state: 'idle' },
      ],
    });
    control.close();
  });

  it('says UNAVAILABLE while the bus is away, logs nothing by halves, and goes on by itself', async () => {
    const before = (await house.predictions()).length;
    house.cut();
    try {
      const [error, answer] = await Promise.all([failure(raw([0.5], ['yes'])), rest(json([0.5], ['yes']))]);
      expect(error.code).toBe(status.UNAVAILABLE);
      expect(answer.status).toBe(503);
    } finally {
      house.mend();
    }
    await eventually(() => infer(raw([0.5], ['yes'])));
    const logged = await house.predictions();
    expect(logged.length).toBeGreaterThan(before);
    expect(new Set(logged.map(({ predictionId, firstRow }) => `${predictionId}/${firstRow}`)).size).toBe(
      logged.length,
    );
  });
});
