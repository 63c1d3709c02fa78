import { AppError } from '@steward/kernel';
import * as fc from 'fast-check';
import { binOf, equalWidthEdges, quantileEdges } from './bin-edges';
import { BinCounts, countAgainst } from './bin-counts';
import { buildReference } from './build-reference';
import { parseReference, referenceDigest } from './parse-reference';

const reference = buildReference([
  { kind: 'numeric', name: 'score', values: Float64Array.from({ length: 1000 }, (_, i) => i / 1000) },
  { kind: 'numeric', name: 'ratio', values: [0.1, 0.7, 0.7, null, Number.NaN, 0.2, Infinity] },
  { kind: 'categorical', name: 'single', values: ['yes', 'no', 'no', null, true] },
]);

describe('buildReference', () => {
  it('cuts numeric columns into equally full bins and counts what is missing', () => {
    const [score, ratio] = reference.columns;
    expect(score).toMatchObject({ kind: 'numeric', rows: 1000, missing: 0, min: 0, max: 0.999 });
    expect(score!.counts).toEqual(Array.from({ length: 10 }, () => 100));
    expect(ratio).toMatchObject({ rows: 7, missing: 2, min: 0.1, max: 0.7, counts: [1, 1, 3] });
  });

  it('orders categories by frequency and ends with other', () => {
    expect(reference.columns[2]).toMatchObject({
      categories: ['no', 'true', 'yes'],
      counts: [2, 1, 1, 0],
      missing: 1,
    });
    const letters = { kind: 'categorical' as const, name: 'x', values: 'aaaabbbccd'.split('') };
    expect(buildReference([letters], { maxCategories: 2 }).columns[0]).toMatchObject({
      categories: ['a', 'b'],
      rare: ['c', 'd'],
      counts: [4, 3, 3],
    });
  });

  it('tells rare categories from new ones while it remembers them', () => {
    const many = (n: number) => Array.from({ length: n }, (_, i) => `v${i}`);
    for (const [seen, outOfRange] of [
      [500, 1],
      [2000, 0],
    ] as const) {
      const built = parseReference(
        JSON.parse(JSON.stringify(buildReference([{ kind: 'categorical', name: 'x', values: many(seen) }]))),
      );
      const counts = countAgainst(built);
      counts.addAll('x', ['v0', 'v499', 'never']);
      const found = counts.column('x').snapshot();
      expect([found.outOfRange, found.rows]).toEqual([outOfRange, 3]);
      expect(built.columns[0]!.counts).toHaveLength(11);
    }
  });

  it('takes a column without a value, and one with a single value', () => {
    const empty = { kind: 'numeric' as const, name: 'e', values: [] };
    const constant = { kind: 'numeric' as const, name: 'c', values: [5, 5, 5] };
    const built = buildReference([empty, constant]);
    expect(built.columns[0]).toMatchObject({ edges: [], counts: [0], min: null, mean: null });
    expect(built.columns[1]).toMatchObject({ edges: [], counts: [3], min: 5, max: 5, standardDeviation: 0 });
  });

  it('survives JSON, is frozen, and has the same digest then', () => {
    const again = parseReference(JSON.parse(JSON.stringify(reference)));
    expect(again).toEqual(reference);
    expect(referenceDigest(again)).toBe(referenceDigest(reference));
    expect(Object.isFrozen(again.columns[0]!.counts)).toBe(true);
  });

  it.each([
    ['a version of the future', { version: 2, columns: [] }, "'reference.version' is 2"],
    ['unsorted edges', broken({ edges: [2, 1] }), "edges[1]' is 1"],
    ['a negative count', broken({ counts: [-1, 2, 0] }), "counts[0]' is -1"],
    ['a sum that is wrong', broken({ rows: 9 }), "rows' is 9"],
    [
      'a name twice',
      { version: 1, columns: [...broken({}).columns, ...broken({}).columns] },
      '\'columns\' is "x"',
    ],
  ])('refuses %s', (_, json, message) => {
    expect(() => parseReference(json)).toThrow(message);
  });

  it('refuses a value of the wrong type by its place', () => {
    const values = [1, 'two'] as unknown as number[];
    expect(() => buildReference([{ kind: 'numeric', name: 'x', values }])).toThrow('\'x[1]\' is "two"');
  });
});

function broken(change: object) {
  const column = { kind: 'numeric', name: 'x', edges: [1, 2], counts: [1, 1, 1], missing: 0, rows: 3 };
  const display = { min: 0, max: 3, mean: 1, standardDeviation: 1 };
  return { version: 1, columns: [{ ...column, ...display, ...change }] };
}

describe('edges', () => {
  const numbers = fc.array(
    fc.oneof(fc.double({ noNaN: true, noDefaultInfinity: true }), fc.integer({ min: 0, max: 5 })),
    {
      minLength: 1,
      maxLength: 300,
    },
  );

  it('are strictly increasing and leave no bin of the reference empty', () => {
    fc.assert(
      fc.property(numbers, fc.integer({ min: 2, max: 20 }), (values, bins) => {
        const sorted = Float64Array.from(values).sort();
        const edges = quantileEdges(sorted, bins);
        expect(edges.length).toBeLessThan(bins);
        const counts = new Float64Array(edges.length + 1);
        for (const value of sorted) counts[binOf(edges, value)]! += 1;
        expect(Math.min(...counts)).toBeGreaterThan(0);
        for (let i = 1; i < edges.length; i++) expect(edges[i]).toBeGreaterThan(edges[i - 1]!);
      }),
    );
  });

  it('keep a value in its bin when it travels as a 32-bit float', () => {
    const values = Float64Array.from({ length: 500 }, (_, i) => (i % 37) / 100).sort();
    const edges = quantileEdges(values, 10);
    for (const value of values) expect(binOf(edges, Math.fround(value))).toBe(binOf(edges, value));
  });

  it('of equal width', () => {
    expect(equalWidthEdges(0, 10, 5)).toEqual([2, 4, 6, 8]);
    expect(equalWidthEdges(3, 3, 5)).toEqual([]);
  });
});

describe('BinCounts', () => {
  it('counts cells, missing, out of range, infinities and wrong types', () => {
    const counts = countAgainst(reference);
    counts.addAll('score', Float64Array.of(0, 0.5, 0.999, -1, 2, Infinity, Number.NaN));
    for (const value of ['no', 'maybe', null, { odd: true }, 3]) counts.add('single', value);
    counts.add('ratio', 'text');
    expect(counts.column('score').snapshot()).toMatchObject({
      rows: 7,
      missing: 1,
      outOfRange: 3,
      nonFinite: 1,
    });
    expect(counts.column('single').snapshot()).toMatchObject({
      rows: 5,
      missing: 2,
      outOfRange: 2,
      wrongType: 1,
    });
    expect(counts.column('ratio').snapshot()).toMatchObject({ rows: 1, missing: 1, wrongType: 1 });
    expect(counts.rows).toBe(7);
    expect(() => counts.add('unknown', 1)).toThrow(AppError);
  });

  it('does not call a rounded bound out of range', () => {
    const counts = countAgainst(reference);
    counts.add('ratio', Math.fround(0.7));
    counts.add('ratio', Math.fround(0.1));
    expect(counts.column('ratio').snapshot().outOfRange).toBe(0);
  });

  const value = fc.oneof(fc.double({ min: -1, max: 2 }), fc.constant(Number.NaN), fc.constant(Infinity));
  const stream = fc.array(value, { maxLength: 60 });
  const counted = (values: number[]) => {
    const counts = countAgainst(reference);
    counts.addAll('score', values);
    return counts;
  };
  const bytes = (counts: BinCounts) => JSON.stringify(counts);

  it('merges exactly: associative, commutative, as if counted at once, whatever the order', () => {
    fc.assert(
      fc.property(stream, stream, stream, (a, b, c) => {
        const left = counted(a).merge(counted(b)).merge(counted(c));
        const right = counted(a).merge(counted(b).merge(counted(c)));
        expect(bytes(left)).toBe(bytes(right));
        expect(bytes(counted(b).merge(counted(a)))).toBe(bytes(counted(a).merge(counted(b))));
        expect(bytes(left)).toBe(bytes(counted([...c, ...a, ...b])));
      }),
    );
  });

  it('survives JSON and refuses the counts of another reference', () => {
    const counts = counted([0.1, 0.9, Number.NaN]);
    const snapshot = JSON.parse(bytes(counts));
    expect(bytes(BinCounts.parse(reference, snapshot))).toBe(bytes(counts));
    const other = buildReference([{ kind: 'numeric', name: 'score', values: [1, 2, 3] }]);
    expect(() => BinCounts.parse(other, snapshot)).toThrow('another reference');
    const cut = { ...snapshot, columns: snapshot.columns.slice(1) };
    expect(() => BinCounts.parse(reference, cut)).toThrow("'snapshot.columns' is a list of 2");
    const twice = { ...snapshot, columns: [...snapshot.columns, snapshot.columns[0]] };
    expect(() => BinCounts.parse(reference, twice)).toThrow("'snapshot.columns' is a list of 4");
    expect(() => BinCounts.parse(reference, { ...snapshot, version: 2 as 1 })).toThrow(
      "'snapshot.version' is 2",
    );
    expect(() => countAgainst(other).merge(counts)).toThrow('another reference');
    snapshot.columns[0].rows = 99;
    expect(() => BinCounts.parse(reference, snapshot)).toThrow("'score.rows' is 99");
  });
});
