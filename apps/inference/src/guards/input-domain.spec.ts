import { buildReference } from '@steward/statistics';
import { domainsOf, outsideOf } from './input-domain';

const numbers = (...values: number[]) => ({ kind: 'numbers' as const, values: Float64Array.from(values) });
const texts = (...values: (string | null)[]) => ({ kind: 'texts' as const, values });
const reference = buildReference([
  { kind: 'numeric', name: 'income', values: Float64Array.of(10, 20, 30, 40, 50) },
  { kind: 'numeric', name: 'debt', values: Float64Array.of(1, Number.NaN, 3, 4, 5) },
  { kind: 'categorical', name: 'town', values: ['a', 'b', 'a', 'b', 'a'] },
  { kind: 'numeric', name: 'day', values: Float64Array.of(1, 2, 3, 4, 5) },
]);
const inputs = [
  { name: 'income', kind: 'numeric' },
  { name: 'debt', kind: 'numeric' },
  { name: 'town', kind: 'categorical' },
  { name: 'day', kind: 'time' },
  { name: 'unknown', kind: 'numeric' },
];
const domains = domainsOf(inputs, reference);
const like = [numbers(10, 50), numbers(1, Number.NaN), texts('a', 'b'), numbers(99, 99), numbers(7, 7)];

describe('the domain of inputs', () => {
  it('takes rows like those of the reference, later times, and inputs of which it says nothing', () => {
    expect(outsideOf(domains, like, 2, 0)).toBeNull();
    expect(domains.map((domain) => domain !== null)).toEqual([true, true, true, true, false]);
  });

  it('finds numbers outside of the range, beyond the tolerance', () => {
    const with50 = [numbers(8, 55), ...like.slice(1)];
    expect(outsideOf(domains, with50, 2, 0)).toEqual({
      rows: [0, 1],
      columns: ['income'],
      because: { range: 2, category: 0, missing: 0, isolation: 0 },
      isolated: [],
      first: { row: 0, column: 'income', because: 'range' },
    });
    // A tenth of the range 10 to 50 is 4.
    expect(outsideOf(domains, with50, 2, 0.1)!.rows).toEqual([1]);
    expect(outsideOf(domains, [numbers(Infinity, -Infinity), ...like.slice(1)], 2, 1)!.rows).toEqual([0, 1]);
  });

  it('finds categories that training did not have, and what is missing where nothing was', () => {
    const strange = [numbers(Number.NaN, 20), like[1]!, texts('c', null), like[3]!, like[4]!];
    expect(outsideOf(domains, strange, 2, 0)).toEqual({
      rows: [0, 1],
      columns: ['income', 'town'],
      because: { range: 0, category: 1, missing: 2, isolation: 0 },
      isolated: [],
      first: { row: 0, column: 'income', because: 'missing' },
    });
  });

  it('adds rows that stand apart as a whole, which no column is to blame for', () => {
    expect(outsideOf(domains, like, 2, 0, [1])).toEqual({
      rows: [1],
      columns: [],
      because: { range: 0, category: 0, missing: 0, isolation: 1 },
      isolated: [1],
      first: { row: 1, column: null, because: 'isolation' },
    });
    const both = outsideOf(domains, [numbers(8, 10), ...like.slice(1)], 2, 0, [0, 1])!;
    expect(both).toMatchObject({ rows: [0, 1], columns: ['income'], isolated: [0, 1] });
    expect(both.first.because).toBe('range');
  });

  it('calls no category new where the reference does not hold all of them', () => {
    const town = reference.columns.find(({ name }) => name === 'town')!;
    const open = domainsOf([inputs[2]!], { ...reference, columns: [{ ...town, rare: null } as typeof town] });
    expect(outsideOf(open, [texts('never seen')], 1, 0)).toBeNull();
  });
});
