import { InferenceConfig, InferenceSettings } from '../inference.config';
import { ChoosingEngineFactory } from './choosing-engine.factory';
import type { EngineModel, InputColumn } from './engine';
import { notQuiteOwnModel, ownModel, tensorModel } from './foreign-models.factory';
import { SOURCES } from '../threads/source-arguments.factory';
import { ModelReader } from './model-reader';
import { RuntimeThreads } from './runtime-threads';

const model: EngineModel = {
  model: 'approval',
  digest: 'a'.repeat(64),
  inputs: [
    { name: 'pirat', kind: 'numeric' },
    { name: 'single', kind: 'categorical' },
  ],
  classes: ['no', 'yes'],
};
const twoNumbers: EngineModel = {
  ...model,
  inputs: [
    { name: 'a', kind: 'numeric' },
    { name: 'b', kind: 'numeric' },
  ],
  graph: { feed: 'tensor', output: 'score', form: 'score' },
};

function rows(count: number): InputColumn[] {
  return [
    {
      kind: 'numbers',
      values: Float64Array.from({ length: count }, (_, i) => (i % 7 === 3 ? NaN : i / count)),
    },
    {
      kind: 'texts',
      values: Array.from({ length: count }, (_, i) => (i % 5 === 4 ? null : i % 2 ? 'yes' : 'no')),
    },
  ];
}

describe('choosing an engine', () => {
  const config = new InferenceConfig(
    InferenceSettings.parse({ STEWARD_INFERENCE_ENGINE_QUEUE_ROWS: 1_000 }),
    SOURCES,
  );
  const [reader, threads] = [new ModelReader(config), new RuntimeThreads(config)];
  const factory = new ChoosingEngineFactory(reader, threads);
  afterAll(() => Promise.all([reader.onApplicationShutdown(), threads.onApplicationShutdown()]));

  it('takes the scorer for what it understands, else ONNX Runtime; both answer alike on either thread', async () => {
    const scorer = await factory.load(ownModel(), model);
    const runtime = await factory.load(notQuiteOwnModel(), model);
    expect([scorer.kind, runtime.kind]).toEqual(['scorer', 'onnxruntime']);
    for (const count of [1, 64, 65, 500]) {
      const expected = await scorer.score(rows(count), count);
      const answered = await runtime.score(rows(count), count);
      expect(answered).toHaveLength(count * 2);
      answered.forEach((value, index) => expect(Math.abs(value - expected[index]!)).toBeLessThan(1e-6));
    }
    await runtime.close();
  });

  it('feeds one tensor of floats and makes two classes of one score', async () => {
    const engine = await factory.load(tensorModel([1, -2], 0.5), twoNumbers);
    const columns: InputColumn[] = [
      { kind: 'numbers', values: Float64Array.of(0, 1) },
      { kind: 'numbers', values: Float64Array.of(0.25, 3) },
    ];
    const answer = await engine.score(columns, 2);
    expect(answer[1]).toBeCloseTo(0.5, 6);
    expect(answer[0]! + answer[1]!).toBe(1);
    expect(answer[3]).toBeCloseTo(1 / (1 + Math.exp(4.5)), 6);
    await engine.close();
  });

  it.each([
    ['bytes that are no graph', Buffer.from('nonsense'), model, 'ONNX.REJECTED'],
    [
      'an input that the graph lacks',
      notQuiteOwnModel(),
      { ...model, inputs: [{ name: 'x', kind: 'numeric' }] },
      'ONNX.SIGNATURE',
    ],
    [
      'an input that nobody declared',
      notQuiteOwnModel(),
      { ...model, inputs: model.inputs.slice(0, 1) },
      'ONNX.SIGNATURE',
    ],
    [
      'a category where the graph takes numbers',
      tensorModel([1, 1], 0),
      { ...twoNumbers, inputs: model.inputs },
      'ONNX.SIGNATURE',
    ],
    [
      'an output that the graph lacks',
      tensorModel([1, 1], 0),
      { ...twoNumbers, graph: { ...twoNumbers.graph!, output: 'p' } },
      'ONNX.SIGNATURE',
    ],
    [
      'a tensor of another width',
      tensorModel([1, 1], 0),
      { ...twoNumbers, inputs: twoNumbers.inputs.slice(1) },
      'ONNX.SIGNATURE',
    ],
  ] as [string, Uint8Array, EngineModel, string][])('refuses %s', async (_name, onnx, declared, code) => {
    await expect(factory.load(onnx, declared)).rejects.toMatchObject({ code });
  });

  it('refuses rows past its queue, to be tried again, and takes more when the queue is done', async () => {
    const engine = await factory.load(notQuiteOwnModel(), model);
    const first = engine.score(rows(900), 900);
    await expect(engine.score(rows(200), 200)).rejects.toMatchObject({
      code: 'INFERENCE.ENGINE_BUSY',
      retriable: true,
    });
    await first;
    await expect(engine.score(rows(200), 200)).resolves.toHaveLength(400);
    await engine.close();
  });

  it('tells callers when a thread ends under them, and goes on with another', async () => {
    const engine = await factory.load(notQuiteOwnModel(), model);
    const cut = engine.score(rows(500), 500);
    await threads.onApplicationShutdown();
    await expect(cut).rejects.toMatchObject({ code: 'INFERENCE.ENGINE_DIED', retriable: true });
    await expect(engine.score(rows(500), 500)).resolves.toHaveLength(1_000);
    await engine.close();
  });
});
