import { errors } from '@steward/kernel';
import fc from 'fast-check';
import type { Engine, InputColumn } from '../engines/engine';
import { BatchingEngine, type DispatchReason } from './batching-engine';
import { BatchingSettings, type BatchLimits } from './batching-settings';

const LIMITS: BatchLimits = { maxRows: 8, maxDelayMs: 0, queueRows: 1_000, timeoutMs: 60_000 };
const POISON = -1;

/** Two classes by a formula of both columns; refuses rows of poison; answers at once, later, or when it is let. */
class FormulaEngine implements Engine {
  readonly kind = 'onnxruntime';
  readonly calls: number[] = [];
  gate: Promise<void> | null = null;

  async score(columns: readonly InputColumn[], rows: number): Promise<Float64Array> {
    this.calls.push(rows);
    await (this.gate ?? new Promise((resolve) => setImmediate(resolve)));
    return formula(columns, rows);
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}

function formula(columns: readonly InputColumn[], rows: number): Float64Array {
  const [numbers, texts] = columns;
  if (numbers!.values.length !== rows || texts!.values.length !== rows)
    throw new Error('Columns of another length.');
  return Float64Array.from({ length: rows * 2 }, (_, index) => {
    const value = Number(numbers!.values[index >> 1]);
    if (value === POISON) throw errors.invalid('TEST.POISON', 'Poison.');
    return value * (index % 2 === 0 ? 1 : 3) + (texts!.values[index >> 1]?.toString().length ?? 1000);
  });
}

const columnsOf = (values: readonly number[]): InputColumn[] => [
  { kind: 'numbers', values: Float64Array.from(values) },
  {
    kind: 'texts',
    values: values.map((value) => (value % 3 === 0 ? null : 'x'.repeat(Math.abs(value) % 5))),
  },
];

function batching(limits: Partial<BatchLimits> = {}) {
  const engine = new FormulaEngine();
  const reasons: DispatchReason[] = [];
  const events = { dispatched: (reason: DispatchReason) => reasons.push(reason), waiting: () => undefined };
  return { engine, reasons, batched: new BatchingEngine(engine, { ...LIMITS, ...limits }, events) };
}

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('dynamic batching', () => {
  it('property: whatever the interleaving, each caller gets what it would have got alone', async () => {
    const request = fc.array(
      fc.oneof(
        { weight: 20, arbitrary: fc.integer({ min: 0, max: 50 }) },
        { weight: 1, arbitrary: fc.constant(POISON) },
      ),
      { minLength: 1, maxLength: 12 },
    );
    const script = fc.array(fc.oneof(request, fc.constant('turn' as const)), { minLength: 1, maxLength: 30 });
    await fc.assert(
      fc.asyncProperty(
        script,
        fc.integer({ min: 1, max: 20 }),
        fc.constantFrom(0, 1),
        async (acts, maxRows, maxDelayMs) => {
          const { batched, engine } = batching({ maxRows, maxDelayMs });
          const answers: Promise<void>[] = [];
          for (const act of acts) {
            if (act === 'turn') await turn();
            else {
              const alone = () => formula(columnsOf(act), act.length);
              answers.push(
                batched.score(columnsOf(act), act.length).then(
                  (answer) => expect(answer).toEqual(alone()),
                  (error) => {
                    expect(error).toMatchObject({ code: 'TEST.POISON' });
                    expect(alone).toThrow('Poison');
                  },
                ),
              );
            }
          }
          await Promise.all(answers);
          expect(Math.max(0, ...engine.calls)).toBeLessThanOrEqual(Math.max(maxRows, 12));
        },
      ),
      { numRuns: 150 },
    );
  });

  it('puts together what comes in one turn, and what comes while the engine works', async () => {
    const { batched, engine, reasons } = batching();
    const first = [1, 2, 3].map((value) => batched.score(columnsOf([value]), 1));
    await turn();
    const second = [4, 5].map((value) => batched.score(columnsOf([value]), 1));
    await Promise.all([...first, ...second]);
    expect(engine.calls).toEqual([3, 2]);
    expect(reasons).toEqual(['turn', 'turn']);
  });

  it('dispatches what is full at once, and gives large requests to the engine alone', async () => {
    const { batched, engine, reasons } = batching({ maxDelayMs: 60_000 });
    const full = Array.from({ length: 8 }, (_, value) => batched.score(columnsOf([value]), 1));
    expect(reasons).toEqual(['full']);
    await Promise.all(full);
    await batched.score(columnsOf(Array.from({ length: 20 }, (_, value) => value)), 20);
    expect(engine.calls).toEqual([8, 20]);
    expect(reasons).toEqual(['full', 'alone']);
  });

  it('does not wait for others past the delay, nor past the deadline of a caller', async () => {
    const slow = batching({ maxDelayMs: 5 });
    await slow.batched.score(columnsOf([1]), 1);
    expect(slow.reasons).toEqual(['delay']);
    const hurried = batching({ maxDelayMs: 600_000 });
    // The dispatch is timed to be before the deadline; on a slow machine it may be late, but it never waits for the delay.
    const answer = hurried.batched.score(columnsOf([1]), 1, Date.now() + 50).catch((error: unknown) => error);
    const result = await answer;
    if (result instanceof Float64Array) expect(hurried.reasons).toEqual(['deadline']);
    else expect(result).toMatchObject({ code: 'INFERENCE.QUEUE_TIMEOUT' });
  });

  it('gives up those whose deadline is over, and answers the others', async () => {
    const { batched, engine } = batching();
    let open: () => void = () => undefined;
    engine.gate = new Promise((resolve) => (open = resolve));
    const running = batched.score(columnsOf([1]), 1);
    await turn();
    const late = batched.score(columnsOf([2]), 1, Date.now() - 1);
    const other = batched.score(columnsOf([3]), 1);
    open();
    await expect(late).rejects.toMatchObject({ code: 'INFERENCE.QUEUE_TIMEOUT', retriable: true });
    await expect(Promise.all([running, other])).resolves.toHaveLength(2);
  });

  it('refuses more rows than its queue holds, to be tried again', async () => {
    const { batched } = batching({ queueRows: 10 });
    const taken = batched.score(columnsOf([1, 2, 4, 5, 7]), 5);
    const more = batched.score(columnsOf([1, 2, 4, 5, 7, 8]), 6);
    await expect(more).rejects.toMatchObject({
      code: 'INFERENCE.QUEUE_FULL',
      kind: 'limit',
      retriable: true,
    });
    await expect(taken).resolves.toHaveLength(10);
  });
});

describe('batching settings', () => {
  it('are on for ONNX Runtime and off for the scorer, unless a model says otherwise', () => {
    const settings = new BatchingSettings('{"risk": {"maxRows": 16}, "plain": "off"}');
    expect(settings.of('any', 'scorer')).toBeNull();
    expect(settings.of('any', 'onnxruntime')).toMatchObject({ maxRows: 64, maxDelayMs: 0 });
    expect(settings.of('risk', 'scorer')).toMatchObject({ maxRows: 16 });
    expect(settings.of('plain', 'onnxruntime')).toBeNull();
    expect(new BatchingSettings('{"*": "off"}').of('any', 'onnxruntime')).toBeNull();
  });

  it.each(['{', '[]', '{"a": {"maxRows": 0}}', '{"a": {"rows": 5}}', '{"a": "on"}'])('refuse %s', (text) => {
    expect(() => new BatchingSettings(text)).toThrow('STEWARD_INFERENCE_BATCHING');
  });
});
