import fc from 'fast-check';
import { categoricalColumn, createTable, numericColumn, timeColumn } from '../table/create-table';
import { DATE_PARTS, datePart, doubleArithmetic } from './date-parts';
import { encodeRows, featureColumns } from './encode';
import { treeEncoding } from './encoding-spec';
import { fitEncoders } from './fit-encoders';

describe('date parts', () => {
  it('are those of the calendar, for 20,000 years', () => {
    fc.assert(
      fc.property(fc.integer({ min: -3e14, max: 3e14 }), (time) => {
        const date = new Date(time);
        const want = [
          date.getUTCFullYear(),
          date.getUTCMonth() + 1,
          date.getUTCDate(),
          (date.getUTCDay() + 6) % 7,
          date.getUTCHours(),
          date.getUTCMinutes(),
        ];
        expect(DATE_PARTS.map((part) => datePart(part, time, doubleArithmetic))).toEqual(want);
      }),
      { numRuns: 2000, seed: 1 },
    );
    expect(datePart('month', Infinity, doubleArithmetic)).toBeNaN();
  });

  it('are features with names, and can fill what is missing', () => {
    const table = createTable([timeColumn('at', [Date.UTC(2024, 1, 29, 13), null])]);
    const spec = { time: { kind: 'date-parts', parts: ['year', 'day'], impute: 'median' } } as const;
    const { encoders } = fitEncoders(table, spec, treeEncoding);
    expect(Array.from(encodeRows(encoders, table))).toEqual([2024, 29, 2024, 29]);
    expect(featureColumns(encoders, table).features.map(({ name }) => name)).toEqual(['at.year', 'at.day']);
  });
});

describe('quantile bins', () => {
  const values = Array.from({ length: 101 }, (_, i) => i);
  const table = createTable([numericColumn('n', values)]);

  it('hold equal shares, one feature each or their number', () => {
    const index = fitEncoders(table, { numeric: { kind: 'bins', bins: 4, output: 'index' } }, treeEncoding);
    expect(index.encoders[0]).toMatchObject({ edges: [25, 50, 75], width: 1 });
    const probe = createTable([numericColumn('n', [-Infinity, 25, 24.9, 75, null])]);
    expect(Array.from(encodeRows(index.encoders, probe))).toEqual([0, 1, 0, 3, NaN]);
    const { encoders } = fitEncoders(table, { numeric: { kind: 'bins', bins: 2 } }, treeEncoding);
    expect(Array.from(encodeRows(encoders, probe))).toEqual([1, 0, 1, 0, 1, 0, 0, 1, 0, 0]);
  });

  it('stay defined for constant and empty columns', () => {
    const odd = createTable([numericColumn('same', [7, 7]), numericColumn('none', [null, null])]);
    const { encoders } = fitEncoders(odd, { numeric: { kind: 'bins' } }, treeEncoding);
    expect(encoders).toMatchObject([{ edges: [7] }, { edges: [0] }]);
  });
});

describe('winsorise', () => {
  it('draws outliers to the quantiles before it learns scale and fill', () => {
    const table = createTable([
      numericColumn('n', [...Array.from({ length: 99 }, (_, i) => i), 1e9, Infinity, null]),
    ]);
    const spec = { numeric: { kind: 'number', winsorise: 0.1, impute: 'mean', scale: 'standard' } } as const;
    const { encoders } = fitEncoders(table, spec, treeEncoding);
    expect(encoders[0]).toMatchObject({ clip: [9.9, expect.closeTo(89.1, 9)] });
    const coded = Array.from(encodeRows(encoders, table));
    expect(coded[0]).toBe(coded[9]);
    expect(coded[99]).toBe(coded[100]);
    expect(coded[101]).toBeCloseTo(0, 12);
  });
});

describe('hashing', () => {
  it('gives each category seen a bucket and all others the last', () => {
    const table = createTable([categoricalColumn('c', ['car', 'home', 'grün', null])]);
    const { encoders } = fitEncoders(table, { categorical: { kind: 'hashing', buckets: 8 } }, treeEncoding);
    expect(encoders[0]).toMatchObject({ categories: ['car', 'grün', 'home'], unknown: 7, width: 8 });
    const rows = encodeRows(encoders, createTable([categoricalColumn('c', ['car', 'never seen', null])]));
    const [car, unseen, missing] = [0, 8, 16].map((at) => Array.from(rows.subarray(at, at + 8)));
    // FNV-1a of "car" modulo 7, from an independent implementation.
    expect(car!.indexOf(1)).toBe(1);
    expect(car!.reduce((a, b) => a + b)).toBe(1);
    expect(unseen!.indexOf(1)).toBe(7);
    expect(missing!.every((value) => value === 0)).toBe(true);
  });
});

describe('encodings that do not suit a column', () => {
  const table = createTable([numericColumn('n', [1]), categoricalColumn('c', ['a']), timeColumn('t', [0])]);
  it.each([
    [{ columns: { c: { kind: 'bins' } } }, /has no quantile bins/],
    [{ columns: { n: { kind: 'date-parts' } } }, /only time columns have date parts/],
    [{ columns: { n: { kind: 'hashing' } } }, /only categorical columns/],
    [{ columns: { c: { kind: 'hashing', buckets: 1 } } }, /needs 2 to 1048576 buckets/],
    [{ columns: { n: { kind: 'number', winsorise: 0.5 } } }, /below 0.5/],
    [{ columns: { t: { kind: 'date-parts', parts: ['day', 'day'] } } }, /none of them twice/],
    [{ columns: { n: { kind: 'bins', bins: 1 } } }, /needs 2 to 1000 bins/],
  ] as const)('%j', (spec, message) => {
    expect(() => fitEncoders(table, spec, treeEncoding)).toThrow(message);
  });
});
