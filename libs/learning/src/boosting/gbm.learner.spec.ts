import { predict, predictPositive } from '../pipeline/predict';
import { Random } from '../random/random';
import { booleanColumn, categoricalColumn, createTable, numericColumn } from '../table/create-table';
import { selectRows, take } from '../table/select-table';
import type { Table } from '../table/table';
import { binaryTarget, regressionTarget, selectTarget } from '../target/target';
import type { TreeEnsemble } from '../trees/tree-ensemble';
import type { BoostingCheckpoint } from './boosting-checkpoint';
import { gbm } from './gbm.learner';

const CITIES = ['Aarhus', 'Bonn', 'Cork', 'Delft', 'Evora', 'Fano', 'Graz'];

/** Rows whose outcome depends on numbers, a missing value, a category and a flag. */
function data(rows: number, seed = 1) {
  const random = new Random(seed);
  const a = Array.from({ length: rows }, () => Math.round(random.normal() * 30) / 30);
  const b = Array.from({ length: rows }, () => (random.next() < 0.2 ? NaN : Math.round(random.normal() * 4)));
  const city = Array.from({ length: rows }, () => (random.next() < 0.1 ? null : CITIES[random.below(7)]!));
  const flag = Array.from({ length: rows }, () => random.next() < 0.5);
  const score = a.map(
    (v, i) =>
      v * 2 +
      (Number.isNaN(b[i]!) ? 1.5 : -b[i]! / 4) +
      (['Bonn', 'Fano', 'Graz'].includes(city[i] ?? '') ? 1.5 : -1),
  );
  const table = createTable([
    numericColumn('a', a),
    numericColumn('b', b),
    categoricalColumn('city', city),
    booleanColumn('flag', flag),
  ]);
  const y = score.map((z) => random.next() < 1 / (1 + Math.exp(-z)));
  return { table, target: binaryTarget(y), score: regressionTarget(score) };
}

const logLoss = (p: Float64Array, y: Float64Array): number =>
  y.reduce((sum, value, i) => sum - Math.log(value === 1 ? p[i]! : 1 - p[i]!), 0) / y.length;

const bytes = (ensemble: unknown): string => JSON.stringify(ensemble);
const treesOf = (fitted: { predictor: unknown }): TreeEnsemble =>
  (fitted.predictor as { ensemble: TreeEnsemble }).ensemble;

// A busy machine is slow.
jest.setTimeout(60_000);

describe('gradient-boosted trees', () => {
  const train = data(3000);
  const test = data(1500, 2);

  it('learns from numbers, missing values, categories and flags', () => {
    const fitted = gbm().fit(train.table, train.target);
    const base = test.target.values.reduce((sum, y) => sum + y, 0) / 1500;
    const alone = logLoss(new Float64Array(1500).fill(base), test.target.values);
    expect(logLoss(predictPositive(fitted, test.table), test.target.values)).toBeLessThan(alone * 0.7);
    const split = new Set(treesOf(fitted).feature.filter((_, i) => treesOf(fitted).left[i]! >= 0));
    expect(split).toEqual(new Set([0, 1, 2, 3]));
    expect(treesOf(fitted).categoryBits.length).toBeGreaterThan(0);
  });

  it('learns a regression by squared error', () => {
    const fitted = gbm().fit(train.table, train.score);
    const p = predict(fitted, test.table);
    const mean = test.score.values.reduce((s, v) => s + v, 0) / 1500;
    const error = (of: (i: number) => number): number =>
      test.score.values.reduce((s, v, i) => s + (v - of(i)) ** 2, 0);
    expect(error((i) => p[i]!)).toBeLessThan(error(() => mean) * 0.05);
  });

  it('gives the same bytes for the same seed and others for another', () => {
    const learner = gbm({ trees: 20, rowSample: 0.7, columnSample: 0.5 });
    const fit = (seed: number): string => bytes(learner.fit(train.table, train.target, { seed }));
    expect(fit(3)).toBe(fit(3));
    expect(fit(3)).not.toBe(fit(4));
  });

  it('takes a weight of 2 as the row twice', () => {
    const rows = Int32Array.from({ length: 500 }, (_, i) => i);
    const doubled = Int32Array.of(...rows, ...rows.filter((i) => i % 3 === 0));
    const some = { table: selectRows(train.table, rows), target: selectTarget(train.target, rows) };
    const weights = Float64Array.from(rows, (i) => (i % 3 === 0 ? 2 : 1));
    const weighted = gbm({ trees: 20 }).fit(some.table, some.target, { weights });
    const twice = gbm({ trees: 20 }).fit(
      selectRows(train.table, doubled),
      selectTarget(train.target, doubled),
    );
    // On the training rows: between their values, thresholds may differ by rounding.
    const [p, q] = [predictPositive(weighted, some.table), predictPositive(twice, some.table)];
    p.forEach((value, i) => expect(value).toBeCloseTo(q[i]!, 8));
  });

  it('does not depend on the order of rows', () => {
    const order = new Random(9).shuffle(Int32Array.from({ length: 3000 }, (_, i) => i));
    const learner = gbm({ trees: 20 });
    const p = predictPositive(learner.fit(train.table, train.target), test.table);
    const shuffled = learner.fit(selectRows(train.table, order), selectTarget(train.target, order));
    predictPositive(shuffled, test.table).forEach((value, i) => expect(value).toBeCloseTo(p[i]!, 8));
  });

  it.each(['leaf', 'depth'] as const)('keeps within its limits in %s-wise growth', (growth) => {
    const learner = gbm({ trees: 5, growth, maxDepth: 3, maxLeaves: 6, minChildSamples: 100 });
    const ensemble = treesOf(learner.fit(train.table, train.score));
    for (const root of ensemble.roots) {
      const walk = (node: number, depth: number): number => {
        expect(depth).toBeLessThanOrEqual(3);
        expect(ensemble.cover[node]).toBeGreaterThanOrEqual(100);
        if (ensemble.left[node]! < 0) return 1;
        return walk(ensemble.left[node]!, depth + 1) + walk(ensemble.right[node]!, depth + 1);
      };
      expect(walk(root, 0)).toBeLessThanOrEqual(6);
    }
  });

  it.each([1, -1] as const)('holds the monotone constraint %d on every probe', (sign) => {
    const fitted = gbm({ monotone: { a: sign } }).fit(train.table, train.target);
    const free = gbm().fit(train.table, train.target);
    const breaks = (model: typeof fitted): number => {
      let count = 0;
      for (let row = 0; row < 20; row++) {
        const grid = selectRows(test.table, new Int32Array(80).fill(row));
        const values = Float64Array.from({ length: 80 }, (_, i) => (i - 40) / 10);
        const probe: Table = { ...grid, columns: [numericColumn('a', values), ...grid.columns.slice(1)] };
        const p = predictPositive(model, probe);
        for (let i = 1; i < 80; i++) if ((p[i]! - p[i - 1]!) * sign < -1e-12) count++;
      }
      return count;
    };
    expect(breaks(fitted)).toBe(0);
    expect(breaks(free)).toBeGreaterThan(0);
  });

  it('stops early and keeps the best round', () => {
    const losses: number[] = [];
    const learner = gbm({ trees: 500, learningRate: 0.3, earlyStoppingRounds: 5 });
    const fitted = learner.fit(train.table, train.target, {
      validation: { table: test.table, target: test.target },
      onProgress: ({ validationLoss }) => losses.push(validationLoss!),
    });
    const best = losses.indexOf(Math.min(...losses)) + 1;
    expect(losses).toHaveLength(best + 5);
    expect(treesOf(fitted).roots).toHaveLength(best);
    expect(logLoss(predictPositive(fitted, test.table), test.target.values)).toBeCloseTo(
      losses[best - 1]!,
      8,
    );
    const own = gbm({ trees: 500, learningRate: 0.3, earlyStoppingRounds: 5 }).fit(train.table, train.target);
    expect(treesOf(own).roots.length).toBeLessThan(100);
  });

  it('goes on from a checkpoint to the bytes of a run that was not interrupted', () => {
    const learner = gbm({ trees: 30, rowSample: 0.8, columnSample: 0.7, earlyStoppingRounds: 25 });
    const validation = { table: test.table, target: test.target };
    const whole = learner.fit(train.table, train.target, { validation, seed: 2 });
    let saved = '';
    const interrupted = {
      validation,
      seed: 2,
      checkpointEvery: 5,
      onCheckpoint: (checkpoint: BoostingCheckpoint) => void (saved = JSON.stringify(checkpoint)),
      shouldStop: () => saved.includes('"rounds":15'),
    };
    expect(() => learner.fit(train.table, train.target, interrupted)).toThrow(/cancelled/);
    const resume = JSON.parse(saved) as BoostingCheckpoint;
    expect(resume.rounds).toBe(15);
    expect(bytes(learner.fit(train.table, train.target, { validation, seed: 2, resume }))).toBe(bytes(whole));
    const other = () => learner.fit(train.table, train.target, { validation, seed: 3, resume });
    expect(other).toThrow(expect.objectContaining({ code: 'LEARNING.CHECKPOINT' }));
  });

  it('can be cancelled', () => {
    let rounds = 0;
    const control = { onProgress: () => void rounds++, shouldStop: () => rounds >= 3 };
    expect(() => gbm().fit(train.table, train.target, control)).toThrow(
      expect.objectContaining({ code: 'LEARNING.CANCELLED' }),
    );
    expect(rounds).toBe(3);
  });
});

describe('gradient-boosted trees at the edges', () => {
  const fit = (table: Table, y: number[], params = {}) =>
    gbm({ trees: 5, ...params }).fit(table, binaryTarget(y));

  it('answers the share of positives where nothing can be learned', () => {
    const table = createTable([
      numericColumn('none', [NaN, NaN, NaN, NaN]),
      numericColumn('same', [1, 1, 1, 1]),
    ]);
    const p = predictPositive(fit(table, [0, 1, 1, 1], { minChildSamples: 1 }), table);
    p.forEach((value) => expect(value).toBeCloseTo(0.75, 10));
    const one = createTable([numericColumn('x', [7])]);
    expect(predictPositive(fit(one, [1]), one)[0]).toBeGreaterThan(0.999);
  });

  it('takes 10,000 categories, infinities, huge and tiny values', () => {
    const random = new Random(4);
    const codes = Array.from({ length: 12_000 }, (_, i) =>
      i < 10_000 ? i : Math.floor(random.next() ** 3 * 100),
    );
    const odd = [Infinity, -Infinity, 1e308, -1e308, 5e-324, 0, NaN];
    const table = createTable([
      categoricalColumn(
        'code',
        codes.map((code) => `c${code}`),
      ),
      numericColumn(
        'odd',
        codes.map((_, i) => odd[i % 7]!),
      ),
    ]);
    const y = codes.map((code, i) => Number(code % 3 === 0 || i % 7 < 2));
    const p = predictPositive(fit(table, y, { trees: 30 }), table);
    expect(p.every((value) => value > 0 && value < 1)).toBe(true);
    // The two infinities are always positive.
    expect(Math.min(p[0]!, p[1]!, p[7]!, p[8]!)).toBeGreaterThan(Math.max(p[2]!, p[3]!) - 0.5);
    const mean = (of: (i: number) => boolean): number => {
      const rows = Int32Array.from(codes.keys()).filter((i) => of(i));
      return take(p, rows).reduce((sum, value) => sum + value, 0) / rows.length;
    };
    expect(mean((i) => i % 7 < 2)).toBeGreaterThan(0.9);
    expect(mean((i) => codes[i] === 0)).toBeGreaterThan(mean((i) => codes[i] === 1 && i % 7 >= 2));
  });

  it('sends categories that it has not seen right', () => {
    const table = createTable([
      categoricalColumn(
        'c',
        Array.from({ length: 200 }, (_, i) => (i % 2 ? 'a' : 'b')),
      ),
    ]);
    const fitted = fit(
      table,
      Array.from({ length: 200 }, (_, i) => i % 2),
      { trees: 1 },
    );
    const p = predictPositive(fitted, createTable([categoricalColumn('c', ['a', 'b', 'z', null])]));
    expect(p[0]).toBeGreaterThan(p[1]!);
    expect([p[0], p[1]]).toContain(p[2]);
    expect([p[0], p[1]]).toContain(p[3]);
  });

  it('refuses what would not fit in memory, and not what only could', () => {
    const table = createTable(Array.from({ length: 20 }, (_, j) => numericColumn(`x${j}`, [1, 2, 3, j])));
    expect(() => fit(table, [0, 1, 0, 1], { maxLeaves: 65_536 })).not.toThrow();
    const rows = 20_000;
    const long = createTable(
      Array.from({ length: 60 }, (_, j) => numericColumn(`x${j}`, new Float64Array(rows))),
    );
    const y = Array.from({ length: rows }, (_, i) => i % 2);
    expect(() => fit(long, y, { maxLeaves: 65_536 })).toThrow(/fewer rows, features or leaves/);
  });

  it('names what is wrong with parameters and data', () => {
    const table = createTable([categoricalColumn('c', ['a', 'b'])]);
    expect(() => gbm({ maxBins: 256 })).toThrow(/Parameter "maxBins" of gbm must be a whole number/);
    expect(() => fit(table, [0, 1], { monotone: { c: 1 } })).toThrow(/"c", which is categorical/);
    expect(() => fit(table, [0, 1, 1])).toThrow(/The target has 3 rows, the table has 2/);
    expect(() => gbm({ loss: 'squared' }).fit(table, binaryTarget([0, 1]))).toThrow(
      /"loss" of gbm can not be/,
    );
    const other = { table: createTable([numericColumn('c', [1])]), target: binaryTarget([1]) };
    expect(() => gbm().fit(table, binaryTarget([0, 1]), { validation: other })).toThrow(
      /"c" is numeric where/,
    );
    expect(() => gbm().fit(table, binaryTarget([0, 1]), { weights: Float64Array.of(0, 0) })).toThrow(
      /not all 0/,
    );
  });
});
