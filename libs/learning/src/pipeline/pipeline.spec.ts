import { createLearner, fitPipeline } from '../learner/learners';
import {
  booleanColumn,
  categoricalColumn,
  createTable,
  numericColumn,
  timeColumn,
} from '../table/create-table';
import { columnOf, dropColumns, selectColumns, selectRows } from '../table/select-table';
import { binaryTarget, classTarget } from '../target/target';
import { Random } from '../random/random';
import { encodeRows } from './encode';
import { denseEncoding, treeEncoding } from './encoding-spec';
import { fitEncoders } from './fit-encoders';
import { predict } from './predict';

const table = createTable([
  numericColumn('n', [1, null, 3, 3]),
  categoricalColumn('c', ['b', 'a', null, 'b']),
  booleanColumn('f', [true, false, null, true]),
  timeColumn('t', [new Date(0), new Date(10), new Date(20), null]),
]);
const rowsOf = (values: Float64Array, width: number): number[][] =>
  Array.from({ length: values.length / width }, (_, i) =>
    Array.from(values.subarray(i * width, (i + 1) * width)),
  );

describe('tables', () => {
  it('hold typed columns with missing values, and give rows and columns', () => {
    const picked = selectRows(selectColumns(table, ['c', 'n']), Int32Array.of(3, 1, 1));
    expect(picked.columns[0]).toMatchObject({ codes: Int32Array.of(0, 1, 1), categories: ['b', 'a'] });
    expect(picked.columns[1]).toMatchObject({ values: Float64Array.of(3, NaN, NaN) });
    expect(dropColumns(table, ['c']).columns.map((column) => column.name)).toEqual(['n', 'f', 't']);
  });

  it('name what is wrong', () => {
    expect(() => createTable([numericColumn('a', [1]), numericColumn('a', [1])])).toThrow(
      /"a" is empty or used twice/,
    );
    expect(() => createTable([numericColumn('a', [1]), numericColumn('b', [])])).toThrow(
      /"b" has 0 rows where 1/,
    );
    expect(() => numericColumn('a', ['1'] as never)).toThrow(/"a" must hold a number or null; row 0/);
    expect(() => categoricalColumn('a', ['x'], ['y'])).toThrow(/"a" must hold one of the given categories/);
    expect(() => columnOf(table, 'z')).toThrow(/no column "z"/);
    expect(() => selectRows(table, Int32Array.of(4))).toThrow(/Row 4 is outside/);
    expect(() => classTarget(columnOf(table, 'c'))).toThrow(/"c" is missing in row 2/);
  });
});

describe('encoders', () => {
  it('keep values for trees and rank categories by frequency', () => {
    const { encoders } = fitEncoders(table, {}, treeEncoding);
    expect(rowsOf(encodeRows(encoders, table), 4)).toEqual([
      [1, 0, 1, 0],
      [NaN, 1, 0, 10],
      [3, NaN, NaN, 20],
      [3, 0, 1, NaN],
    ]);
    const unseen = createTable([
      ...table.columns.filter((c) => c.name !== 'c'),
      categoricalColumn('c', ['z', 'b', 'a', 'a']),
    ]);
    expect(rowsOf(encodeRows(encoders, unseen), 4).map((row) => row[1])).toEqual([2, 0, 1, 1]);
  });

  it('impute, standardise and encode one-hot for linear models', () => {
    const { encoders } = fitEncoders(table, {}, denseEncoding);
    const [n, c, f] = encoders;
    expect(n).toMatchObject({ fill: 7 / 3, center: 7 / 3 });
    expect(c).toMatchObject({ categories: ['a', 'b', '(missing)'], missing: 2, width: 3 });
    expect(f).toMatchObject({ fill: 1, center: 0.75 });
    const rows = rowsOf(encodeRows(encoders, table), 6);
    expect(rows.map((row) => row.slice(1, 4))).toEqual([
      [0, 1, 0],
      [1, 0, 0],
      [0, 0, 1],
      [0, 1, 0],
    ]);
    for (const j of [0, 4, 5]) {
      const column = rows.map((row) => row[j]!);
      expect(column.reduce((sum, v) => sum + v, 0)).toBeCloseTo(0, 12);
      expect(column.reduce((sum, v) => sum + v * v, 0) / 4).toBeCloseTo(1, 12);
    }
  });

  it.each([
    ['median' as const, 2.5],
    ['most-frequent' as const, 3],
    [-1, -1],
  ])('impute by %s', (impute, expected) => {
    const numbers = createTable([numericColumn('n', [1, 2, 3, 3, null])]);
    const { encoders } = fitEncoders(numbers, { columns: { n: { kind: 'number', impute } } }, treeEncoding);
    expect(encodeRows(encoders, numbers)[4]).toBe(expected);
  });

  it('refuse what does not fit a column', () => {
    const fit = (columns: object) => () => fitEncoders(table, { columns } as never, treeEncoding);
    expect(fit({ n: { kind: 'one-hot' } })).toThrow(/"n" of the encoding is numeric; only categorical/);
    expect(fit({ c: { kind: 'number' } })).toThrow(/"c" of the encoding is categorical/);
    expect(fit({ z: { kind: 'drop' } })).toThrow(/"z", which is not there/);
    expect(fit({ n: { kind: 'magic' } })).toThrow(/not known: magic/);
    const drop = { kind: 'drop' } as const;
    expect(() =>
      fitEncoders(table, { numeric: drop, categorical: drop, boolean: drop, time: drop }, treeEncoding),
    ).toThrow(/No column is left/);
  });
});

describe('a pipeline', () => {
  it('is fitted from a spec, scores any table with its inputs, and refuses others', () => {
    const fitted = fitPipeline(
      { name: 'gbm', params: { trees: 2, minChildSamples: 1 } },
      table,
      binaryTarget([1, 0, 1, 0]),
    );
    expect(fitted.inputs.map(({ name, kind }) => `${name}:${kind}`)).toEqual([
      'n:numeric',
      'c:categorical',
      'f:boolean',
      't:time',
    ]);
    const p = predict(fitted, { ...table, columns: [...table.columns].reverse() });
    expect(p).toHaveLength(8);
    for (let row = 0; row < 4; row++) expect(p[2 * row]! + p[2 * row + 1]!).toBeCloseTo(1, 14);
    expect(() => predict(fitted, dropColumns(table, ['n']))).toThrow(/no column "n"/);
    const other = createTable([
      numericColumn('c', [1, 2, 3, 4]),
      ...table.columns.filter((c) => c.name !== 'c'),
    ]);
    expect(() => predict(fitted, other)).toThrow(
      /"c" is numeric where the pipeline was fitted on categorical/,
    );
    expect(() => createLearner({ name: 'oracle' })).toThrow(/no learner "oracle"/);
  });
});

describe('encoders that learn more than a category', () => {
  it('scale robustly, by median and quartiles', () => {
    const numbers = createTable([numericColumn('n', [1, 2, 3, 4, 100])]);
    const { encoders } = fitEncoders(numbers, { numeric: { kind: 'number', scale: 'robust' } }, treeEncoding);
    expect(encoders[0]).toMatchObject({ center: 3, scale: 2 });
  });

  it('count frequencies', () => {
    const { encoders } = fitEncoders(table, { categorical: { kind: 'frequency' } }, treeEncoding);
    expect(Array.from(encodeRows(encoders.slice(1, 2), table))).toEqual([0.5, 0.25, 0.25, 0.5]);
    const unseen = createTable([categoricalColumn('c', ['z', null])]);
    expect(Array.from(encodeRows(encoders.slice(1, 2), unseen))).toEqual([0, 0.25]);
  });

  it('encode by the target without leaking a row into itself', () => {
    const n = 2000;
    const random = new Random(3);
    const ids = Array.from({ length: n }, (_, i) => `id${i % 1000}`);
    const group = ids.map((_, i) => (i % 2 ? 'even' : 'odd'));
    const y = binaryTarget(ids.map((_, i) => random.next() < (i % 2 ? 0.8 : 0.2)));
    const rows = createTable([categoricalColumn('id', ids), categoricalColumn('group', group)]);
    const spec = { categorical: { kind: 'target', smoothing: 0 } } as const;
    const { encoders, trained } = fitEncoders(rows, spec, treeEncoding, { target: y });
    const correlation = (values: Float64Array): number => {
      const mean = values.reduce((sum, v) => sum + v, 0) / n;
      const cross = values.reduce((sum, v, i) => sum + (v - mean) * (y.values[i]! - 0.5), 0);
      return cross / Math.sqrt(values.reduce((sum, v) => sum + (v - mean) ** 2, 0) * (n / 4));
    };
    // Two rows an identifier: encoded by themselves they would tell their own outcome.
    expect(correlation(encodeRows(encoders.slice(0, 1), rows))).toBeGreaterThan(0.7);
    expect(correlation(trained.get(encoders[0]!)!)).toBeLessThan(0.5);
    expect(correlation(trained.get(encoders[1]!)!)).toBeGreaterThan(0.5);
    expect(encoders[1]).toMatchObject({ kind: 'lookup', unknown: expect.closeTo(0.5, 1) });
    for (const name of ['logistic', 'gbm', 'random-forest']) {
      const fitted = fitPipeline({ name, params: { encoding: spec } }, rows, y);
      expect(new Set(Object.keys(fitted))).toEqual(
        new Set(['classes', 'encoders', 'inputs', 'predictor', 'task']),
      );
    }
    expect(() => fitEncoders(rows, spec, treeEncoding)).toThrow(/"id" can be target encoded for a binary/);
  });
});
