import fc from 'fast-check';
import { learners } from '../learner/learners';
import { Random } from '../random/random';
import { categoricalColumn, createTable, numericColumn } from '../table/create-table';
import { binaryTarget, multiclassTarget } from '../target/target';
import { crossValidate } from './cross-validate';
import { groupedFolds, kFolds, rowsOfFold, rowsOutsideFold, stratifiedFolds, timeSplits } from './folds';

describe('folds', () => {
  it('are of even size, and the same for the same seed', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 2, max: 300 }),
        fc.integer({ min: 2, max: 10 }),
        fc.integer(),
        (rows, k, seed) => {
          fc.pre(k <= rows);
          const folds = kFolds(rows, k, seed);
          const sizes = Array.from({ length: k }, (_, fold) => rowsOfFold(folds, fold).length);
          expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThanOrEqual(1);
          expect(folds).toEqual(kFolds(rows, k, seed));
        },
      ),
    );
  });

  it('are stratified: each class is spread to within one row', () => {
    const random = new Random(2);
    const target = multiclassTarget(
      Array.from({ length: 503 }, () => (random.next() < 0.1 ? 'rare' : 'common')),
    );
    const folds = stratifiedFolds(target, 5, 7);
    for (const code of [0, 1]) {
      const counts = [0, 1, 2, 3, 4].map(
        (fold) => rowsOfFold(folds, fold).filter((row) => target.values[row] === code).length,
      );
      expect(Math.max(...counts) - Math.min(...counts)).toBeLessThanOrEqual(1);
    }
  });

  it('keep groups together', () => {
    const groups = Array.from({ length: 200 }, (_, i) => `g${(i * 7) % 23}`);
    const folds = groupedFolds(groups, 4);
    const foldOf = new Map(groups.map((group, row) => [group, folds[row]]));
    groups.forEach((group, row) => expect(folds[row]).toBe(foldOf.get(group)));
    expect(new Set(folds).size).toBe(4);
    expect(() => groupedFolds(['a', 'a'], 2)).toThrow(/2 folds can not be made of 1 groups/);
  });
});

describe('cross-validation', () => {
  const random = new Random(6);
  const x = Array.from({ length: 400 }, () => random.normal());
  const table = createTable([
    numericColumn('x', x),
    categoricalColumn(
      'c',
      x.map((_, i) => ['p', 'q', 'r'][i % 3]!),
    ),
  ]);
  const target = binaryTarget(x.map((v) => random.next() < 1 / (1 + Math.exp(-3 * v))));

  it.each(['gbm', 'logistic'] as const)('predicts each row of %s by a model that has not seen it', (name) => {
    const folds = stratifiedFolds(target, 4, 1);
    folds[3] = -1;
    const result = crossValidate({ learner: learners[name](), table, target, folds });
    expect(result.width).toBe(2);
    expect(result.perFold).toHaveLength(4);
    expect(result.oof[3 * 2]).toBeNaN();
    expect(rowsOutsideFold(folds, 0)).not.toContain(3);
    const right = x.filter(
      (_, i) => i !== 3 && result.oof[i * 2 + 1]! > 0.5 === (target.values[i] === 1),
    ).length;
    expect(right / 399).toBeGreaterThan(0.7);
  });

  it('fits encoders on the training folds only', () => {
    const folds = Int32Array.from({ length: 400 }, (_, i) => (i < 200 ? 0 : 1));
    const { perFold } = crossValidate({ learner: learners.logistic(), table, target, folds });
    const centers = perFold.map(({ fitted }) => (fitted.encoders[0] as { center: number }).center);
    const mean = (from: number): number => x.slice(from, from + 200).reduce((sum, v) => sum + v, 0) / 200;
    expect(centers[0]).toBeCloseTo(mean(200), 12);
    expect(centers[1]).toBeCloseTo(mean(0), 12);
  });

  it('refuses folds that are none, and stops when asked', () => {
    const run =
      (folds: Int32Array, control = {}) =>
      () =>
        crossValidate({ learner: learners.gbm(), table, target, folds, ...control });
    expect(run(new Int32Array(3))).toThrow(/3 fold numbers for 400 rows/);
    expect(run(new Int32Array(400))).toThrow(/At least two folds/);
    expect(run(new Int32Array(400).fill(2).fill(0, 0, 9))).toThrow(/Fold 1 of 2 has no row/);
    expect(run(kFolds(400, 3), { shouldStop: () => true })).toThrow(/cancelled/);
  });
});

describe('splits along time', () => {
  it('never learn from what comes after, and keep the gap', () => {
    const random = new Random(1);
    const times = Array.from({ length: 300 }, () => random.below(100));
    const splits = timeSplits(times, 4, 5);
    expect(splits).toHaveLength(4);
    const tested = splits.flatMap(({ test }) => [...test]);
    expect(new Set(tested).size).toBe(tested.length);
    for (const { train, test } of splits) {
      const first = Math.min(...test.map((row) => times[row]!));
      expect(Math.max(...train.map((row) => times[row]!))).toBeLessThanOrEqual(first - 5);
    }
    expect(() => timeSplits(times, 4, 1000)).toThrow(/no rows to learn from/);
    const column = createTable([numericColumn('t', times)]);
    const y = binaryTarget(times.map((t) => t % 2));
    const { oof } = crossValidate({
      learner: learners.gbm({ trees: 2 }),
      table: column,
      target: y,
      folds: splits,
    });
    expect(oof.filter(Number.isNaN).length).toBe((300 - tested.length) * 2);
  });
});
