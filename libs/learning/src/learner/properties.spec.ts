import { AppError } from '@steward/kernel';
import fc from 'fast-check';
import { fitIsolationForest } from '../forest/isolation-forest';
import { predict, predictionWidth } from '../pipeline/predict';
import { Random } from '../random/random';
import { booleanColumn, categoricalColumn, createTable, numericColumn } from '../table/create-table';
import { selectRows } from '../table/select-table';
import type { Table } from '../table/table';
import {
  multiclassTarget,
  binaryTarget,
  rankingTarget,
  regressionTarget,
  selectTarget,
  type Target,
  type Task,
} from '../target/target';
import type { Learner } from './learner';
import { createLearner, learners } from './learners';

const small: Readonly<Record<string, object>> = {
  gbm: { trees: 4, minChildSamples: 1 },
  'random-forest': { trees: 3, minChildSamples: 1, maxLeaves: 64 },
  'extra-trees': { trees: 3, minChildSamples: 1, maxLeaves: 64 },
  mlp: { hidden: [4, 3], maxEpochs: 3 },
};
const all: Learner[] = Object.entries(learners).map(([name, make]) =>
  (make as (p: object) => Learner)(small[name] ?? {}),
);
const cases = all.flatMap((learner) => learner.tasks.map((task) => ({ name: learner.name, task, learner })));

function targetOf(task: Task, numbers: readonly number[]): Target {
  switch (task) {
    case 'binary':
      return binaryTarget(numbers.map((v) => v % 2));
    case 'multiclass':
      return multiclassTarget(numbers.map((v) => 'abc'[v % 3]!));
    case 'regression':
      return regressionTarget(numbers);
    case 'ranking':
      return rankingTarget(
        numbers.map((v) => v % 4),
        Int32Array.from(numbers, (_, i) => i % 3),
      );
  }
}

const number = fc.oneof(
  fc.integer({ min: -3, max: 3 }),
  fc.constantFrom(NaN, 0, -0, 1e300, -1e300, 5e-324, Infinity, -Infinity),
  fc.double({ noNaN: true, min: -1e6, max: 1e6 }),
);
const row = fc.record({
  a: number,
  b: fc.integer({ min: 0, max: 2 }),
  c: fc.option(fc.constantFrom('x', 'y', 'z', ''), { nil: null }),
  d: fc.option(fc.boolean(), { nil: null }),
  y: fc.integer({ min: 0, max: 9 }),
});

// A busy machine is slow.
jest.setTimeout(60_000);

describe.each(cases)('$name on a $task target', ({ learner, task }) => {
  it('gives finite predictions for any table, or an AppError that says what is wrong', () => {
    fc.assert(
      fc.property(fc.array(row, { minLength: 1, maxLength: 40 }), (rows) => {
        const table = createTable([
          numericColumn(
            'a',
            rows.map(({ a }) => a),
          ),
          numericColumn(
            'same',
            rows.map(() => 7),
          ),
          numericColumn(
            'none',
            rows.map(() => null),
          ),
          numericColumn(
            'b',
            rows.map(({ b }) => b),
          ),
          categoricalColumn(
            'c',
            rows.map(({ c }) => c),
          ),
          booleanColumn(
            'd',
            rows.map(({ d }) => d),
          ),
        ]);
        try {
          const fitted = learner.fit(
            table,
            targetOf(
              task,
              rows.map(({ y }) => y),
            ),
          );
          const p = predict(fitted, table);
          expect(p).toHaveLength(rows.length * predictionWidth(fitted));
          // A constant times an infinite value has no meaning for a linear model; there fitting has refused already.
          expect(p.every(Number.isFinite)).toBe(true);
        } catch (error) {
          if (!AppError.is(error)) throw error;
          expect(error.code).toMatch(/^LEARNING\.(NOT_FINITE|ONE_CLASS|NOT_CONVERGED|TARGET)$/);
          if (error.code === 'LEARNING.NOT_FINITE') expect(error.message).toContain('"a"');
        }
      }),
      { numRuns: 40, seed: 1 },
    );
  });

  it('gives the same model twice, and the same predictions on rows in another order', () => {
    const random = new Random(3);
    const n = 120;
    const a = Array.from({ length: n }, () => random.below(12));
    const c = a.map(() => ['x', 'y', 'z', null][random.below(4)]!);
    const table: Table = createTable([numericColumn('a', a), categoricalColumn('c', c)]);
    const target = targetOf(
      task,
      a.map((v) => (v + random.below(3)) % 10),
    );
    const fitted = learner.fit(table, target, { seed: 5 });
    expect(JSON.stringify(learner.fit(table, target, { seed: 5 }))).toBe(JSON.stringify(fitted));
    // Forests draw rows by place, networks go through them in an order of their own, and LambdaMART breaks ties of scores (all, at its start) by place.
    if (task === 'ranking' || learner.name === 'random-forest' || learner.name === 'extra-trees') return;
    if (learner.name === 'mlp') return;
    const order = random.shuffle(new Int32Array(n).map((_, i) => i));
    const shuffled = learner.fit(selectRows(table, order), selectTarget(target, order), { seed: 5 });
    const p = predict(fitted, table);
    predict(shuffled, table).forEach((value, i) => expect(value).toBeCloseTo(p[i]!, 5));
  });

  it('takes 10,000 categories, and says what it makes of one class alone', () => {
    const n = 10_000;
    const wide = createTable([
      categoricalColumn(
        'town',
        Array.from({ length: n }, (_, i) => `town ${i}`),
      ),
      numericColumn(
        'a',
        Array.from({ length: n }, (_, i) => i % 12),
      ),
    ]);
    const numbers = Array.from({ length: n }, (_, i) => (i % 12) % 10);
    const fitted = learner.fit(wide, targetOf(task, numbers));
    expect(predict(fitted, wide).every(Number.isFinite)).toBe(true);
    const few = selectRows(
      wide,
      Int32Array.from({ length: 30 }, (_, i) => i),
    );
    const same = targetOf(
      task,
      numbers.slice(0, 30).map(() => 4),
    );
    try {
      expect(predict(learner.fit(few, same), few).every(Number.isFinite)).toBe(true);
    } catch (error) {
      if (!AppError.is(error)) throw error;
      expect(error.code).toMatch(/^LEARNING\.(ONE_CLASS|TARGET)$/);
    }
  });
});

/** Bootstraps, minibatches and features of nodes are drawn by place, pairs of a ranking are made of rows: not there. */
const weighable = all
  .filter(({ name }) => name !== 'mlp' && name !== 'extra-trees')

  .map((learner) =>
    learner.name === 'random-forest'
      ? learners['random-forest']({ ...small['random-forest'], bootstrap: false, columnSample: 1 })
      : learner,
  )
  .flatMap((learner: Learner) =>
    learner.tasks.filter((task) => task !== 'ranking').map((task) => ({ name: learner.name, task, learner })),
  );

describe.each(weighable)('$name on a $task target', ({ learner, task }) => {
  it('takes a weight of 2 as the row twice', () => {
    const random = new Random(4);
    const n = 90;
    const a = Array.from({ length: n }, () => random.below(8));
    const c = a.map(() => ['x', 'y', 'z'][random.below(3)]!);
    const table = createTable([numericColumn('a', a), categoricalColumn('c', c)]);
    const target = targetOf(
      task,
      a.map((v) => (v + random.below(3)) % 10),
    );
    const weights = Float64Array.from({ length: n }, (_, i) => (i % 3 === 0 ? 2 : 1));
    const rows = Int32Array.from([...a.keys(), ...a.keys()].filter((row, i) => i < n || row % 3 === 0));
    // Encoders do not weigh rows, so they must not learn from them: numbers as they are, categories by name.
    const encoding = { categorical: { kind: 'one-hot' }, numeric: { kind: 'number' } };
    const params = learner.name === 'constant' ? {} : { ...learner.params, encoding };
    const plain = createLearner({ name: learner.name, params });
    const once = predict(plain.fit(table, target, { weights, seed: 2 }), table);
    const twice = predict(plain.fit(selectRows(table, rows), selectTarget(target, rows), { seed: 2 }), table);
    twice.forEach((value, i) => expect(value).toBeCloseTo(once[i]!, 5));
  });
});

describe('isolation forest', () => {
  it('gives scores from 0 to 1 for any table, or an AppError that names the column', () => {
    fc.assert(
      fc.property(fc.array(row, { minLength: 1, maxLength: 40 }), (rows) => {
        const table = createTable([
          numericColumn(
            'a',
            rows.map(({ a }) => a),
          ),
          numericColumn(
            'none',
            rows.map(() => null),
          ),
          categoricalColumn(
            'c',
            rows.map(({ c }) => c),
          ),
        ]);
        try {
          const scores = predict(fitIsolationForest(table, { trees: 5 }), table);
          expect(scores.every((score) => score > 0 && score <= 1)).toBe(true);
        } catch (error) {
          if (!AppError.is(error)) throw error;
          expect(error.code).toBe('LEARNING.NOT_FINITE');
          expect(error.message).toContain('"a"');
        }
      }),
      { numRuns: 60, seed: 1 },
    );
  });
});
