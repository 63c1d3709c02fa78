import { join } from 'node:path';
import { createLearner, learners } from '../learner/learners';
import { Random } from '../random/random';
import { crossValidate } from '../selection/cross-validate';
import { stratifiedFolds } from '../selection/folds';
import { categoricalColumn, createTable, numericColumn } from '../table/create-table';
import { binaryTarget, multiclassTarget } from '../target/target';
import { crossValidateInPool } from './cross-validate-in-pool';
import { fitForestInPool } from './fit-forest-in-pool';
import { LearningPool } from './learning-pool';
import { shareData } from './shared-data';

const worker = {
  file: join(__dirname, 'learning.worker.ts'),
  execArgv: [
    '-C',
    '@steward/source',
    '--require',
    join(__dirname, '../../../../tools/run/register-typescript.cjs'),
  ],
};

const random = new Random(8);
const x = Array.from({ length: 600 }, () => random.normal());
const table = createTable([
  numericColumn('x', x),
  categoricalColumn(
    'c',
    x.map(() => ['p', 'q', 'r'][random.below(3)]!),
  ),
]);
const target = binaryTarget(x.map((v) => random.next() < 1 / (1 + Math.exp(-2 * v))));
const data = { table, target };
const spec = { name: 'gbm', params: { trees: 10, rowSample: 0.8 } };

// A busy machine is slow.
jest.setTimeout(60_000);

describe('a learning pool', () => {
  let pool: LearningPool;
  beforeAll(() => {
    pool = new LearningPool({ size: 2, worker });
  });
  afterAll(() => pool.close());

  it('gives the same models and predictions as one thread, to the byte', async () => {
    const folds = stratifiedFolds(target, 3, 1);
    const alone = crossValidate({ learner: learners.gbm(spec.params), table, target, folds, seed: 5 });
    let seen = 0;
    const inPool = await crossValidateInPool(pool, {
      learner: spec,
      data,
      folds,
      seed: 5,
      onProgress: () => seen++,
    });
    const here = await crossValidateInPool(new LearningPool({ size: 0 }), {
      learner: spec,
      data,
      folds,
      seed: 5,
    });
    expect(seen).toBe(3);
    // Compared as text: a worker's typed arrays come from another realm.
    const text = (value: unknown): string => JSON.stringify(value);
    for (const other of [inPool, here]) {
      expect(text(Array.from(other.oof))).toBe(text(Array.from(alone.oof)));
      expect(text(other.perFold)).toBe(text(alone.perFold));
    }
  });

  it('grows a forest side by side, with the bytes of one thread', async () => {
    for (const name of ['random-forest', 'extra-trees'] as const) {
      const learner = { name, params: { trees: 60 } };
      const alone = createLearner(learner).fit(table, target, { seed: 4 });
      const together = await fitForestInPool(pool, { learner, data, seed: 4 });
      expect(JSON.stringify(together)).toBe(JSON.stringify(alone));
    }
    const three = multiclassTarget(x.map((v) => (v > 0.5 ? 'a' : v < -0.5 ? 'b' : 'c')));
    const learner = { name: 'random-forest', params: { trees: 30 } };
    const alone = createLearner(learner).fit(table, three, { seed: 4 });
    const together = await fitForestInPool(pool, { learner, data: { table, target: three }, seed: 4 });
    expect(JSON.stringify(together)).toBe(JSON.stringify(alone));
    await expect(fitForestInPool(pool, { learner: spec, data })).rejects.toThrow(/"gbm" is no forest/);
  });

  it('passes on progress and refusals, and goes on after them', async () => {
    const shared = shareData(data);
    const done: number[] = [];
    const fit = pool.run({ learner: spec, data: shared, seed: 1 }, { onProgress: (p) => done.push(p.done) });
    await expect(fit).resolves.toMatchObject({ predicted: null });
    expect(done).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
    const bad = pool.run({ learner: { name: 'gbm', params: { trees: 0 } }, data: shared, seed: 1 });
    await expect(bad).rejects.toMatchObject({ code: 'LEARNING.PARAMETER', kind: 'invalid' });
    await expect(pool.run({ learner: spec, data: shared, seed: 1 })).resolves.toBeDefined();
  });

  it('cancels a running job and a queued one', async () => {
    const controller = new AbortController();
    const long = {
      learner: { name: 'gbm', params: { trees: 100_000, minChildSamples: 1 } },
      data: shareData(data),
      seed: 1,
    };
    const jobs = [1, 2, 3].map(() =>
      pool.run(long, { signal: controller.signal, onProgress: () => controller.abort() }),
    );
    const results = await Promise.allSettled(jobs);
    for (const result of results) {
      expect(result).toMatchObject({ status: 'rejected', reason: { code: 'LEARNING.CANCELLED' } });
    }
  });

  it('says so when a worker dies', async () => {
    const broken = new LearningPool({ size: 1, worker: { file: join(__dirname, 'no-such-file.js') } });
    await expect(broken.run({ learner: spec, data, seed: 1 })).rejects.toMatchObject({
      code: 'LEARNING.WORKER_DIED',
    });
    await broken.close();
  });
});
