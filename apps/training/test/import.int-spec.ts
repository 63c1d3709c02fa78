import { join } from 'node:path';
import { ApprovalRequested, AuditEntryRecorded, ModelVersionRegistered } from '@steward/contracts';
import { encodeOnnx, type OnnxModel } from '@steward/onnx';
import type { RunningService } from '@steward/service';
import { eventually } from '@steward/testing';
import request from 'supertest';
import { CheckModel } from '../src/import/check-model';
import { SOURCE_ARGUMENTS } from './support/source-arguments';
import { PROJECT, TrainingHouse } from './support/training-house';

type Node = OnnxModel['graph']['nodes'][number];
const node = (opType: string, inputs: string[], output: string): Node => ({
  opType,
  domain: '',
  name: output,
  inputs,
  outputs: [output],
  attributes: [],
});

/** Two numbers in one tensor; `score` is made of X, W and B by the nodes given. */
function graph(nodes: readonly Node[], more: Partial<OnnxModel['graph']> = {}): Buffer {
  const model: OnnxModel = {
    irVersion: 8,
    opsets: [{ domain: '', version: 17 }],
    producerName: 'elsewhere',
    producerVersion: '1',
    metadata: [],
    graph: {
      name: 'g',
      nodes,
      initializers: [
        { name: 'W', dims: [2, 1], type: 'float', values: Float32Array.of(3, -2) },
        { name: 'B', dims: [1], type: 'float', values: Float32Array.of(0.1) },
        { name: 'huge', dims: [2], type: 'int64', values: [200_000, 200_000] },
      ],
      inputs: [{ name: 'X', type: 'float', dims: ['rows', 2], doc: '' }],
      outputs: [{ name: 'score', type: 'float', dims: ['rows', 1], doc: '' }],
      ...more,
    },
  };
  return Buffer.from(encodeOnnx(model));
}

const LINEAR = [node('MatMul', ['X', 'W'], 'p'), node('Add', ['p', 'B'], 's')];
const LOGISTIC = graph([...LINEAR, node('Sigmoid', ['s'], 'score')]);
const SIGNATURE = {
  dataset: 'applications',
  inputs: ['pirat', 'lvrat'],
  feed: 'tensor',
  output: 'score',
  form: 'score',
};

describe('models from elsewhere', () => {
  let house: TrainingHouse;
  let running: RunningService;
  let url: string;
  let engineer: string;

  beforeAll(async () => {
    house = await TrainingHouse.open();
    engineer = house.policy.addPrincipal('u-eva', [{ role: 'ml-engineer', project: PROJECT }]);
    running = await house.start({ works: false });
    url = `http://127.0.0.1:${running.httpPort}`;
    await eventually(() => request(url).get('/health/ready').expect(200));
    await house.registerContract('u-dan');
    await eventually(async () => expect((await bring(Buffer.from('x'))).body.code).toBe('ONNX.REJECTED'));
  });
  afterAll(() => house.close(), 30_000);

  const bring = (
    onnx: Buffer,
    signature: object = SIGNATURE,
    model = 'approval',
    authorization = engineer,
  ) => {
    const head = Buffer.from(JSON.stringify(signature));
    return request(url)
      .post(`/v1/projects/${PROJECT}/models/${model}/imports`)
      .query({ signatureLength: head.byteLength })
      .set({ authorization, 'content-type': 'application/octet-stream' })
      .send(Buffer.concat([head, onnx]));
  };

  it('registers a version that is held to its signature, audited, and waits for approval with nothing measured', async () => {
    const { body, status } = await bring(LOGISTIC);
    expect({ status, body }).toMatchObject({ status: 201, body: { version: 1, learner: 'imported' } });
    const [registered] = await house.waitForEvents(ModelVersionRegistered, 1);
    expect(registered).toMatchObject({
      learner: 'imported',
      metrics: { auc: null },
      descriptor: {
        model: 'approval',
        inputs: [
          { name: 'pirat', kind: 'numeric' },
          { name: 'lvrat', kind: 'numeric' },
        ],
        classes: ['no', 'yes'],
        graph: { feed: 'tensor', output: 'score', form: 'score' },
      },
    });
    const [asked] = await house.waitForEvents(ApprovalRequested, 1);
    expect(asked).toMatchObject({
      alias: 'champion',
      figures: { auc: null, demographicParityRatio: null },
    });
    expect(asked!.excluded).toContainEqual({ person: 'u-eva', because: 'started_run' });
    const evaluation = await house.artifacts.read(registered!.descriptor.evaluationDigest);
    expect(JSON.parse(evaluation.toString())).toMatchObject({ measured: false });
    const entries = await house.waitForEvents(AuditEntryRecorded.training, 1);
    expect(entries.map(({ action, outcome }) => [action, outcome])).toContainEqual([
      'model-version.import',
      'done',
    ]);
    expect((await bring(LOGISTIC)).body.code).toBe('TRAINING.IMPORT_THERE');
  });

  it.each<[string, Buffer, object, string]>([
    [
      'an output that is no probability',
      graph([...LINEAR, node('Identity', ['s'], 'score')]),
      {},
      'TRAINING.IMPORT_NO_PROBABILITY',
    ],
    [
      'numbers that are not finite',
      graph([...LINEAR, node('Log', ['s'], 'score')]),
      {},
      'TRAINING.IMPORT_NO_PROBABILITY',
    ],
    [
      'rows that depend on each other',
      graph([
        ...LINEAR,
        node('Sigmoid', ['s'], 't'),
        node('Softmax', ['t'], 'u'),
        { ...node('Softmax', ['t'], 'score'), attributes: [{ name: 'axis', kind: 'int', value: 0 }] },
      ]),
      {},
      'TRAINING.IMPORT_ROWS_MIXED',
    ],
    [
      'a graph that asks for 160 GB',
      graph(
        [
          ...LINEAR,
          node('Sigmoid', ['s'], 'score'),
          node('ConstantOfShape', ['huge'], 'h'),
          node('ReduceSum', ['h'], 'more'),
        ],
        {
          outputs: [
            { name: 'score', type: 'float', dims: ['rows', 1], doc: '' },
            { name: 'more', type: 'float', dims: [1, 1], doc: '' },
          ],
        },
      ),
      { output: 'more' },
      '',
    ],
    [
      'a column that the contract lacks',
      LOGISTIC,
      { inputs: ['pirat', 'shoe-size'] },
      'TRAINING.IMPORT_COLUMN',
    ],
    ['a direct identifier', LOGISTIC, { inputs: ['pirat', 'applicant'] }, 'TRAINING.IMPORT_COLUMN'],
    ['one column twice', LOGISTIC, { inputs: ['pirat', 'pirat'] }, 'TRAINING.IMPORT_TWICE'],
    ['inputs that the graph does not have', LOGISTIC, { feed: 'columns' }, 'ONNX.SIGNATURE'],
    ['an output that the graph does not have', LOGISTIC, { output: 'label' }, 'ONNX.SIGNATURE'],
    ['a dataset without a contract', LOGISTIC, { dataset: 'nothing' }, 'TRAINING.CONTRACT_NOT_FOUND'],
  ])('refuses %s', async (_what, onnx, change, code) => {
    const { status, body } = await bring(onnx, { ...SIGNATURE, ...change }, 'other');
    expect([400, 404]).toContain(status);
    // Which limit ends a bomb depends on the machine; that it ends and the service lives is what counts.
    if (code !== '') expect(body.code).toBe(code);
    await request(url).get('/health/live').expect(200);
  });

  it('refuses who may not register models, and what has no signature', async () => {
    const reader = house.policy.addPrincipal('u-rea', [{ role: 'service', project: PROJECT }]);
    await eventually(async () =>
      expect((await bring(LOGISTIC, SIGNATURE, 'other', reader)).status).toBeGreaterThanOrEqual(403),
    );
    const bare = await request(url)
      .post(`/v1/projects/${PROJECT}/models/other/imports`)
      .set({ authorization: engineer, 'content-type': 'application/octet-stream' })
      .send(LOGISTIC);
    expect(bare.status).toBe(400);
  });
});

describe('the checking process', () => {
  const signature = {
    inputs: [{ name: 'a', kind: 'numeric' as const }],
    classes: ['no', 'yes'],
    layout: { feed: 'tensor' as const, output: 'score', form: 'score' as const },
  };

  it.each([
    ['hangs', 'TRAINING.IMPORT_TOO_SLOW', { timeoutMs: 1_000, memoryBytes: 1e12 }],
    ['crashes', 'TRAINING.IMPORT_CRASHED', { timeoutMs: 60_000, memoryBytes: 1e12 }],
    ['eats-memory', 'TRAINING.IMPORT_TOO_LARGE', { timeoutMs: 60_000, memoryBytes: 300 * 1024 * 1024 }],
  ])('that %s ends in a refusal', async (what, code, limits) => {
    const file = join(__dirname, 'support', 'hostile', `${what}.cjs`);
    await expect(new CheckModel({ file, limits }).check(Buffer.from('x'), signature)).rejects.toMatchObject({
      code,
      kind: 'invalid',
    });
  });

  it('does not tell a broken file from a crash of the service', async () => {
    const checker = new CheckModel({ execArgv: SOURCE_ARGUMENTS });
    await expect(checker.check(Buffer.from('not a model'), signature)).rejects.toMatchObject({
      code: 'ONNX.REJECTED',
    });
  });
});
