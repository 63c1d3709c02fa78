import { predict, predictPositive } from '../pipeline/predict';
import { Random } from '../random/random';
import { categoricalColumn, createTable, numericColumn } from '../table/create-table';
import { binaryTarget, multiclassTarget, regressionTarget } from '../target/target';
import type { NumericColumn } from '../table/table';
import type { TreeEnsemble } from '../trees/tree-ensemble';
import { extraTrees, randomForest } from './forest.learners';
import { averageDepth, fitIsolationForest } from './isolation-forest';

function data(rows: number, seed: number) {
  const random = new Random(seed);
  const a = Array.from({ length: rows }, () => (random.next() < 0.05 ? NaN : random.normal()));
  const b = Array.from({ length: rows }, () => random.normal());
  const c = Array.from({ length: rows }, () => ['u', 'v', 'w', 'x', 'y', 'z'][random.below(6)]!);
  const table = createTable([numericColumn('a', a), numericColumn('b', b), categoricalColumn('c', c)]);
  const score = a.map(
    (v, i) => (Number.isNaN(v) ? 1 : v * b[i]!) + (['u', 'x', 'z'].includes(c[i]!) ? 1 : -1),
  );
  const y = binaryTarget(score.map((z) => random.next() < 1 / (1 + Math.exp(-2 * z))));
  return { table, score: regressionTarget(score), y };
}

// A busy machine is slow.
jest.setTimeout(60_000);

describe.each([
  ['random forest', randomForest],
  ['extra trees', extraTrees],
])('%s', (_, create) => {
  const train = data(3000, 1);
  const test = data(1000, 2);

  it('learns a regression', () => {
    const p = predict(create({ trees: 50, columnSample: 1 }).fit(train.table, train.score), test.table);
    const variance = test.score.values.reduce((sum, v) => sum + v * v, 0);
    expect(p.reduce((sum, v, i) => sum + (v - test.score.values[i]!) ** 2, 0)).toBeLessThan(variance * 0.2);
  });

  it('gives probabilities that are right about as often as they say', () => {
    const fitted = create().fit(train.table, train.y);
    const all = predict(fitted, test.table);
    for (let i = 0; i < 2000; i += 2) expect(all[i]! + all[i + 1]!).toBeCloseTo(1, 10);
    const p = predictPositive(fitted, test.table);
    const sure = p.map((v, i) => (v > 0.8 ? test.y.values[i]! : NaN)).filter((v) => !Number.isNaN(v));
    expect(sure.length).toBeGreaterThan(50);
    expect(sure.reduce((sum, v) => sum + v, 0) / sure.length).toBeGreaterThan(0.7);
  });

  it('learns classes: the probabilities add up, and the likeliest class is mostly right', () => {
    const classesOf = (score: ArrayLike<number>) =>
      multiclassTarget(Array.from(score, (z) => (z > 1 ? 'high' : z < -1 ? 'low' : 'middle')));
    const [y, truth] = [classesOf(train.score.values), classesOf(test.score.values)];
    const fitted = create({ trees: 60, columnSample: 1, minChildSamples: 2 }).fit(train.table, y, {
      seed: 2,
    });
    const p = predict(fitted, test.table);
    let right = 0;
    for (let i = 0; i < 1000; i++) {
      const own = p.subarray(i * 3, i * 3 + 3);
      expect(own[0]! + own[1]! + own[2]!).toBeCloseTo(1, 10);
      if (own[truth.values[i]!] === Math.max(...own)) right++;
    }
    const shares = [0, 1, 2].map((code) => truth.values.filter((v) => v === code).length);
    expect(Math.max(...shares)).toBeLessThan(500);
    expect(right).toBeGreaterThan(800);
  });

  it('gives a class of weight 0 no share, and balanced classes equal ones', () => {
    const y = multiclassTarget(Array.from(train.score.values, (z) => (z > 2 ? 'a' : z < 0 ? 'b' : 'c')));
    const weights = y.values.map((code) => (code === 1 ? 0 : 1));
    const without = predict(create({ trees: 5 }).fit(train.table, y, { weights }), test.table);
    expect(without.every((p, i) => i % 3 !== 1 || p === 0)).toBe(true);
    const stump = {
      trees: 1,
      maxLeaves: 2,
      minChildSamples: 1400,
      bootstrap: false,
      classWeight: 'balanced',
    } as const;
    const tree = create(stump).fit(train.table, y).predictor as { ensemble: TreeEnsemble };
    const { leafValues, cover, left } = tree.ensemble;
    const sums = [0, 1, 2].map((k) =>
      cover.reduce((sum, rows, i) => sum + (left[i]! < 0 ? rows * leafValues[i * 3 + k]! : 0), 0),
    );
    sums.forEach((sum) => expect(sum).toBeCloseTo(1000, 6));
  });

  it('is the same for the same seed, and its first trees do not depend on how many follow', () => {
    const fit = (trees: number, seed: number): TreeEnsemble =>
      (create({ trees }).fit(train.table, train.y, { seed }).predictor as { ensemble: TreeEnsemble })
        .ensemble;
    expect(fit(3, 7)).toEqual(fit(3, 7));
    expect(fit(3, 7)).not.toEqual(fit(3, 8));
    const [few, more] = [fit(2, 7), fit(3, 7)];
    expect(more.threshold.slice(0, few.threshold.length)).toEqual(few.threshold);
  });

  it('respects the least rows of a leaf and weights', () => {
    const weights = Float64Array.from({ length: 3000 }, (_, i) => (i < 1500 ? 0 : 2));
    const options = { weights, seed: 1 };
    const fitted = create({ trees: 5, minChildSamples: 50, bootstrap: false }).fit(
      train.table,
      train.score,
      options,
    );
    const { cover, left, roots } = (fitted.predictor as { ensemble: TreeEnsemble }).ensemble;
    cover.forEach((value, i) => left[i]! < 0 && expect(value).toBeGreaterThanOrEqual(50));
    expect(cover[roots[0]!]).toBe(3000);
  });
});

describe('isolation forest', () => {
  it('scores what stands apart above what does not', () => {
    const random = new Random(3);
    const x = Array.from({ length: 1000 }, (_, i) => (i < 10 ? 8 + random.next() : random.normal()));
    const y = x.map((_, i) => (i < 10 ? -8 : random.normal()));
    const table = createTable([numericColumn('x', x), numericColumn('y', y)]);
    const scores = predict(fitIsolationForest(table, {}, { seed: 1 }), table);
    const apart = Math.min(...scores.subarray(0, 10));
    const ordinary = [...scores.subarray(10)].sort((a, b) => a - b);
    expect(apart).toBeGreaterThan(ordinary[980]!);
    expect(apart).toBeGreaterThan(0.65);
    expect(ordinary[500]).toBeLessThan(0.5);
    expect(scores).toEqual(predict(fitIsolationForest(table, {}, { seed: 1 }), table));
  });

  it('scores 2^(-E(h) / c(n)) as the paper has it: the depth of a row, and what its leaf would still take', () => {
    const random = new Random(5);
    const table = createTable([
      numericColumn(
        'x',
        Array.from({ length: 300 }, () => random.normal()),
      ),
      numericColumn(
        'y',
        Array.from({ length: 300 }, () => random.normal()),
      ),
    ]);
    const encoding = { numeric: { kind: 'number' } } as const;
    const fitted = fitIsolationForest(table, { trees: 20, sampleRows: 64, encoding }, { seed: 2 });
    const { ensemble } = fitted.predictor as { ensemble: TreeEnsemble };
    const [x, y] = table.columns.map((column) => (column as NumericColumn).values);
    const scores = predict(fitted, table);
    for (let row = 0; row < table.rows; row++) {
      let depths = 0;
      for (const root of ensemble.roots) {
        let node = root;
        for (; ensemble.left[node]! >= 0; depths++) {
          const value = (ensemble.feature[node] === 0 ? x! : y!)[row]!;
          node = value <= ensemble.threshold[node]! ? ensemble.left[node]! : ensemble.right[node]!;
        }
        depths += averageDepth(ensemble.cover[node]!);
      }
      expect(scores[row]).toBeCloseTo(2 ** (-depths / ensemble.roots.length / averageDepth(64)), 12);
    }
    // All rows drawn for a tree are in its leaves, none deeper than ceil(log2(64)).
    const leaves = [...ensemble.left.keys()].filter((node) => ensemble.left[node]! < 0);
    expect(leaves.reduce((sum, node) => sum + ensemble.cover[node]!, 0)).toBe(20 * 64);
  });

  it("tells apart what scikit-learn's example does: 90 from 0.1 and 0, after -1.1, 0.3, 0.5 and 100", () => {
    const column = (...values: number[]) => createTable([numericColumn('x', values)]);
    const fitted = fitIsolationForest(column(-1.1, 0.3, 0.5, 100), {}, { seed: 0 });
    const [near, zero, far] = predict(fitted, column(0.1, 0, 90));
    expect(Math.max(near!, zero!)).toBeLessThan(0.5);
    expect(far).toBeGreaterThan(0.5);
  });

  it('knows the depth of a random search tree', () => {
    // c(256) as in the paper's implementation.
    expect(averageDepth(256)).toBeCloseTo(10.2447709, 6);
    expect([averageDepth(1), averageDepth(2)]).toEqual([0, 1]);
  });
});
