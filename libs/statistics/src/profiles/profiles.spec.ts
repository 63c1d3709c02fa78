import * as fc from 'fast-check';
import { judgeDrift } from '../drift/judge-drift';
import { countAgainst } from '../reference/bin-counts';
import { binOf } from '../reference/bin-edges';
import { BinLookup } from '../reference/bin-lookup';
import { buildReference } from '../reference/build-reference';
import { DatasetProfile } from './dataset-profile';
import { DistinctSketch } from './distinct-sketch';
import { FrequentNumbers } from './frequent-numbers';
import { FrequentTexts } from './frequent-texts';
import { NumericProfile } from './numeric-profile';
import { QuantileSketch } from './quantile-sketch';

/** A permutation of 0..n-1 without randomness, for streams that must be the same in every run. */
const scattered = (n: number) => Float64Array.from({ length: n }, (_, i) => (i * 7919) % n);

const numbers = fc.array(
  fc.oneof(
    fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e6, max: 1e6 }),
    fc.constantFrom(Number.NaN, Infinity, -Infinity, 0, -0, 1, 2),
  ),
  { maxLength: 300 },
);
const texts = fc.array(fc.option(fc.constantFrom('a', 'b', 'ä', '', 'long value')), { maxLength: 100 });
const reference = buildReference([
  { kind: 'numeric', name: 'x', values: scattered(500) },
  { kind: 'categorical', name: 't', values: ['a', 'a', 'b', null] },
]);

function profile(xs: readonly number[], ts: readonly (string | null)[]): DatasetProfile {
  const made = DatasetProfile.against(reference);
  made.addAll('x', xs);
  made.addAll('t', ts);
  return made;
}

const exactPart = (of: DatasetProfile) => JSON.stringify(of.summaries().map((summary) => summary.exact));

describe('DatasetProfile', () => {
  it('has exact counts that merge exactly, whatever the order and the cut', () => {
    fc.assert(
      fc.property(numbers, numbers, texts, (a, b, t) => {
        const merged = profile(a, t).merge(profile(b, []));
        expect(exactPart(merged)).toBe(exactPart(profile(b, []).merge(profile(a, t))));
        expect(exactPart(merged)).toBe(exactPart(profile([...a, ...b].toReversed(), t.toReversed())));
        const counts = countAgainst(reference);
        counts.addAll('x', [...a, ...b]);
        counts.addAll('t', t);
        expect(JSON.stringify(merged.counts())).toBe(JSON.stringify(counts));
      }),
    );
  });

  it('serialises: parse gives the same profile, the same bytes, and goes on counting', () => {
    fc.assert(
      fc.property(numbers, texts, numbers, (xs, ts, more) => {
        const made = profile(xs, ts);
        const bytes = made.serialise();
        const parsed = DatasetProfile.parse(bytes, reference);
        expect(parsed.serialise()).toEqual(bytes);
        expect(parsed.summaries()).toEqual(made.summaries());
        made.addAll('x', more);
        parsed.addAll('x', more);
        expect(parsed.serialise()).toEqual(made.serialise());
      }),
    );
  });

  it('refuses damaged bytes with an AppError, never otherwise', () => {
    const bytes = profile(Array.from(scattered(2000)), ['a', null, 'c']).serialise();
    fc.assert(
      fc.property(
        fc.nat(bytes.length - 1),
        fc.integer({ min: 1, max: 255 }),
        fc.boolean(),
        (at, flip, cut) => {
          const damaged = cut ? bytes.slice(0, at) : bytes.slice();
          if (!cut) damaged[at]! ^= flip;
          try {
            DatasetProfile.parse(damaged, reference);
            expect(cut).toBe(false);
          } catch (error) {
            expect((error as { code?: string }).code).toMatch(/^STATISTICS\./);
          }
        },
      ),
      { numRuns: 500 },
    );
    expect(() => DatasetProfile.parse(bytes, null)).toThrow('another reference');
  });

  it('merges the moments to those of the whole, and a drift report comes from it', () => {
    const values = Array.from({ length: 5000 }, (_, i) => 1e6 + Math.sin(i) * 10);
    const half = profile(values.slice(0, 1234), []).merge(profile(values.slice(1234), []));
    const [summary] = half.summaries();
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1);
    expect(summary).toMatchObject({
      kind: 'numeric',
      exact: { min: Math.min(...values), max: Math.max(...values) },
    });
    const display = summary!.display as { mean: number; variance: number };
    expect(display.mean).toBeCloseTo(mean, 7);
    expect(display.variance / variance).toBeCloseTo(1, 9);
    expect(judgeDrift(reference, half.counts(), { columns: ['x'] }).verdict).toBe('alert');
  });

  it('counts the same without sketches, whole blocks or not, with other values in between', () => {
    const clean = Array.from(scattered(3000), (value) => value / 3);
    const dirty = clean.map((value, i) => (i === 1500 ? Number.NaN : i === 1700 ? Infinity : value));
    for (const values of [clean, dirty, clean.slice(0, 700)]) {
      const [quick, full] = [false, true].map((sketches) => {
        const made = DatasetProfile.against(reference, { sketches });
        for (const part of [values.slice(0, 40), values.slice(40)]) made.addAll('x', Float64Array.from(part));
        return made;
      });
      expect(exactPart(quick!)).toBe(exactPart(full!));
      const [a, b] = [quick!, full!].map(
        (made) => made.summaries()[0]!.display as { mean: number; variance: number },
      );
      expect(a!.mean).toBeCloseTo(b!.mean, 9);
      expect(a!.variance / b!.variance).toBeCloseTo(1, 9);
    }
    const whole = DatasetProfile.against(reference, { sketches: false });
    whole.addAll('x', Float64Array.from(dirty));
    const single = DatasetProfile.against(reference, { sketches: false });
    for (const value of dirty) single.add('x', value);
    expect(exactPart(whole)).toBe(exactPart(single));
  });

  it('works without a reference, without sketches, and says what is wrong', () => {
    const plain = DatasetProfile.of([{ name: 'x', kind: 'numeric' }], { sketches: false });
    for (const value of [1, true, 'text', null, 5n]) plain.add('x', value);
    expect(plain.summaries()[0]).toMatchObject({
      exact: { rows: 5, missing: 2, wrongType: 1, min: 1, max: 5, cells: null },
      display: { mean: expect.closeTo(7 / 3, 12), distinct: null, quantiles: null },
    });
    expect(DatasetProfile.of([{ name: 'x', kind: 'numeric' }]).summaries()[0]!.display).toMatchObject({
      mean: null,
      distinct: 0,
      quantiles: null,
    });
    expect(() => plain.counts()).toThrow("'reference' is null");
    expect(() => plain.add('y', 1)).toThrow("no column 'y'");
    expect(() => plain.merge(profile([], []))).toThrow('cannot be merged');
  });
});

describe('BinLookup', () => {
  it('agrees with the plain search for any edges and values', () => {
    const any = fc.double({ noNaN: true, noDefaultInfinity: true });
    const edgeList = fc.uniqueArray(any, { maxLength: 20, comparator: (a, b) => a === b });
    fc.assert(
      fc.property(edgeList, fc.array(any, { maxLength: 60 }), (list, values) => {
        const edges = list.toSorted((a, b) => a - b);
        const block = Float64Array.from([...values, ...edges]);
        const found = new Float64Array(edges.length + 1);
        new BinLookup(edges).count(block, block.length, found);
        const expected = new Float64Array(edges.length + 1);
        for (const value of block) expected[binOf(edges, value)]! += 1;
        expect(found).toEqual(expected);
      }),
      { numRuns: 500 },
    );
  });
});

describe('QuantileSketch', () => {
  const N = 100_000;
  const orders: [string, (i: number) => number][] = [
    ['sorted', (i) => i],
    ['reversed', (i) => N - 1 - i],
    ['zig-zag', (i) => (i % 2 === 0 ? i / 2 : N - 1 - (i - 1) / 2)],
    ['scattered', (i) => (i * 7919) % N],
    ['repeated', (i) => (i % 100) * 1000],
  ];

  it.each(orders)('keeps its own error bound on a %s stream, in bounded memory', (_, at) => {
    const sketch = new QuantileSketch();
    const values = Float64Array.from({ length: N }, (_, i) => at(i));
    for (let i = 0; i < N; i += 500) sketch.add(values.subarray(i, i + 500));
    const sorted = values.slice().sort();
    expect(sketch.count).toBe(N);
    expect(sketch.size).toBeLessThan(800);
    expect(sketch.rankError()).toBeLessThan(0.03);
    for (let q = 0.01; q < 1; q += 0.01) {
      const value = sorted[Math.floor(q * N)]!;
      let exact = Math.floor(q * N);
      while (exact < N && sorted[exact]! <= value) exact++;
      expect(Math.abs(sketch.rank(value)! - exact / N)).toBeLessThanOrEqual(sketch.rankError());
    }
  });

  it('merged from many parts keeps the bound too', () => {
    const values = scattered(N);
    const whole = new QuantileSketch();
    for (let part = 0; part < 50; part++) {
      const sketch = new QuantileSketch(part);
      sketch.add(values.subarray(part * 2000, (part + 1) * 2000));
      whole.merge(sketch);
    }
    expect(whole.count).toBe(N);
    for (let q = 0.05; q < 1; q += 0.05) {
      expect(Math.abs(whole.quantile(q)! / N - q)).toBeLessThan(whole.rankError() + 1 / 200);
    }
  });

  it('is exact while everything fits, and refuses NaN', () => {
    const sketch = new QuantileSketch();
    sketch.add([3, 1, 2]);
    expect([sketch.quantile(0), sketch.quantile(0.5), sketch.quantile(1)]).toEqual([1, 2, 3]);
    expect(sketch.rankError()).toBe(0);
    expect(new QuantileSketch().quantile(0.5)).toBeNull();
    expect(() => sketch.add([Number.NaN])).toThrow("'values' is NaN");
    expect(() => sketch.quantile(2)).toThrow("'probability' is 2");
  });
});

describe('DistinctSketch', () => {
  it.each([0, 1, 10, 100, 1_000, 10_000, 100_000])(
    'counts %i different values within 4 standard errors',
    (n) => {
      const values = new NumericProfile('x', null);
      const sketch = new DistinctSketch();
      for (let i = 0; i < n; i++) {
        values.add(i * 0.37);
        values.add(i * 0.37);
        sketch.addText(`value ${i}`);
      }
      for (const estimate of [values.summary().display.distinct!, sketch.estimate()]) {
        expect(Math.abs(estimate - n)).toBeLessThanOrEqual(Math.max(1, 4 * 0.046 * n));
      }
    },
  );
});

describe('frequent values', () => {
  it('of numbers hold the true count between their limits, and every heavy value', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(60), { maxLength: 2000 }), fc.nat(20), (noise, heavy) => {
        const values = [...noise, ...Array.from({ length: noise.length }, () => heavy)];
        const [a, b] = [new FrequentNumbers(), new FrequentNumbers()];
        for (let i = 0; i < values.length; i += 100) {
          const block = Float64Array.from(values.slice(i, i + 100)).sort();
          (i % 200 === 0 ? a : b).addSorted(block, block.length);
        }
        a.merge(b);
        const list = a.list();
        for (const { value, atLeast, atMost } of list) {
          const count = values.filter((other) => other === value).length;
          expect(count).toBeGreaterThanOrEqual(atLeast);
          expect(count).toBeLessThanOrEqual(atMost);
        }
        if (values.length > 0) expect(list.map(({ value }) => value)).toContain(heavy);
      }),
    );
  });

  it('of texts are exact up to 256 values, and bounded beyond', () => {
    const few = new FrequentTexts();
    for (let i = 0; i < 1000; i++) few.add(`v${i % 200}`);
    expect(few.list()[0]).toEqual({ value: 'v0', atLeast: 5, atMost: 5 });
    const many = new FrequentTexts();
    for (let i = 0; i < 20_000; i++) many.add(i % 4 === 0 ? 'heavy' : `v${i}`);
    const [first] = many.list();
    expect(first!.value).toBe('heavy');
    expect(first!.atLeast).toBeLessThanOrEqual(5000);
    expect(first!.atMost).toBeGreaterThanOrEqual(5000);
    expect(first!.atMost - first!.atLeast).toBeLessThanOrEqual(20_000 / 65);
  });
});
