import type { ArtifactStore } from '@steward/artifacts';
import { errors } from '@steward/kernel';
import { binaryTarget, createTable, fitPipeline, numericColumn } from '@steward/learning';
import { explanationMetadata, writeOnnx } from '@steward/onnx';
import type { InputColumn } from '../engines/engine';
import { InferenceConfig, InferenceSettings } from '../inference.config';
import { SOURCES } from '../threads/source-arguments.factory';
import { Explainer } from './explainer';

/** A thread that starts from sources takes a while. */
jest.setTimeout(30_000);

const values = Array.from({ length: 300 }, (_, i) => ((i * 37) % 101) / 101);
const table = createTable([numericColumn('x', values)]);
const target = binaryTarget(
  values.map((value, i) => (value + ((i * 13) % 7) / 20 > 0.6 ? 1 : 0)),
  ['no', 'yes'],
);

function modelOf(trees: number): Uint8Array {
  const fitted = fitPipeline({ name: 'gbm', params: { trees } }, table, target, { seed: 1 });
  return writeOnnx(fitted, explanationMetadata(fitted, table));
}

function rows(count: number): readonly InputColumn[] {
  return [{ kind: 'numbers', values: Float64Array.from({ length: count }, (_, i) => i / count) }];
}

const work = (count: number) => ({ columns: rows(count), rows: count, counterfactuals: null });

describe('the explainer', () => {
  const opened: Explainer[] = [];
  const read: string[] = [];
  const models = new Map<string, Uint8Array>();

  function explainer(settings: object, graceMs?: number): Explainer {
    const store = {
      read: (digest: string) => {
        read.push(digest);
        const bytes = models.get(digest);
        if (!bytes) return Promise.reject(errors.unavailable('ARTIFACT.AWAY', 'The store is away.'));
        return Promise.resolve(Buffer.from(bytes));
      },
    } as unknown as ArtifactStore;
    const config = new InferenceConfig(InferenceSettings.parse(settings), SOURCES);
    const made = new Explainer(config, store, graceMs);
    opened.push(made);
    return made;
  }

  beforeAll(() => {
    for (let i = 1; i <= 10; i++) models.set(`m${i}`, modelOf(i));
  });
  beforeEach(() => read.splice(0));
  afterAll(() => Promise.all(opened.map((each) => each.onApplicationShutdown())));

  it('refuses what finds no room, to be tried again, and takes more when the queue is done', async () => {
    const small = explainer({ STEWARD_INFERENCE_EXPLAIN_QUEUE_ROWS: '100' });
    const first = small.explain('m1', work(90), undefined);
    // The thread is given its rows once the bytes are read.
    await Promise.resolve();
    await new Promise(setImmediate);
    await expect(small.explain('m1', work(20), undefined)).rejects.toMatchObject({
      code: 'INFERENCE.EXPLAINER_BUSY',
      kind: 'limit',
      retriable: true,
      details: { limit: 100, retryAfterMs: 250 },
    });
    expect((await first).margins).toHaveLength(90);
    expect((await small.explain('m1', work(20), undefined)).margins).toHaveLength(20);
    expect(read).toEqual(['m1']);
    expect(() => small.requireFew(257)).toThrow('At most 256 rows are explained at a time; 257 came.');
  });

  it('does nothing for a caller who no longer waits', async () => {
    const late = explainer({}).explain('m1', work(1), Date.now() - 1);
    await expect(late).rejects.toMatchObject({ code: 'INFERENCE.EXPLAIN_TIMEOUT' });
  });

  it('ends a thread that does not come to an end of its own, and goes on with another', async () => {
    const some = explainer({}, 0);
    // A new thread takes longer than this to begin.
    const stuck = some.explain('m1', work(1), Date.now() + 20);
    await expect(stuck).rejects.toMatchObject({ code: 'INFERENCE.EXPLAIN_TIMEOUT' });
    expect((await some.explain('m1', work(1), undefined)).margins).toHaveLength(1);
    // The new thread had to be given the bytes anew.
    expect(read).toEqual(['m1', 'm1']);
  });

  it('keeps eight models open, and opens others anew', async () => {
    const some = explainer({});
    const bases: number[] = [];
    for (let i = 1; i <= 10; i++) bases.push((await some.explain(`m${i}`, work(1), undefined)).basis.base);
    expect(new Set(bases).size).toBe(10);
    await some.explain('m10', work(1), undefined);
    expect(read).toHaveLength(10);
    expect((await some.explain('m1', work(1), undefined)).basis.base).toBe(bases[0]);
    expect(read).toHaveLength(11);
  });

  it('says what the store says while it is away, and what is no explainable model', async () => {
    const some = explainer({});
    await expect(some.explain('missing', work(1), undefined)).rejects.toMatchObject({ retriable: true });
    models.set('foreign', Buffer.from('no ONNX at all'));
    for (let again = 0; again < 2; again++) {
      await expect(some.explain('foreign', work(1), undefined)).rejects.toMatchObject({
        code: 'ONNX.NOT_EXPLAINABLE',
        message: expect.stringContaining('was not written by Steward'),
      });
    }
  });

  it('lets the event loop go on while it works', async () => {
    const some = explainer({ STEWARD_INFERENCE_EXPLAIN_QUEUE_ROWS: '1000000' });
    await some.explain('m10', work(1), undefined);
    let turns = 0;
    const counting = setInterval(() => (turns += 1), 1);
    const { margins } = await some.explain('m10', work(50_000), undefined);
    clearInterval(counting);
    expect(margins).toHaveLength(50_000);
    expect(turns).toBeGreaterThan(5);
  });
});
