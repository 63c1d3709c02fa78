import * as fc from 'fast-check';
import vectors from '../../reference/vectors/core.json';
import { chiSquareUpperTail } from '../distributions/chi-square';
import { normalLowerTail, normalQuantile, normalUpperTail } from '../distributions/normal';
import { holm } from '../multiplicity/holm';
import { judgeRate } from '../verdicts/judge-rate';
import { rateDifference, rateRatio, wilsonInterval } from './rate-intervals';

const relative = (actual: number, expected: number) =>
  Math.abs(actual - expected) / Math.max(1e-300, Math.abs(expected));

describe('distributions', () => {
  it('agree with scipy, far tails included', () => {
    for (const [p, z] of vectors.cases.normalQuantile)
      expect(Math.abs(normalQuantile(p!) - z!)).toBeLessThan(1e-13 * (1 + Math.abs(z!)));
    for (const [z, p] of vectors.cases.normalUpperTail)
      expect(relative(normalUpperTail(z!), p!)).toBeLessThan(1e-12);
    for (const [x, k, p] of vectors.cases.chiSquareUpperTail) {
      expect(relative(chiSquareUpperTail(x!, k!), p!)).toBeLessThan(1e-11);
    }
  });

  it('are inverse to each other, and refuse what has no answer', () => {
    fc.assert(
      fc.property(fc.double({ min: -8, max: 8, noNaN: true }), (z) => {
        expect(normalLowerTail(z) + normalUpperTail(z)).toBeCloseTo(1, 13);
        if (Math.abs(z) < 5) expect(normalQuantile(normalLowerTail(z))).toBeCloseTo(z, 8);
      }),
    );
    expect(() => normalQuantile(1)).toThrow("'probability' is 1");
    expect(() => chiSquareUpperTail(-1, 2)).toThrow("'statistic' is -1");
  });
});

describe('intervals of rates', () => {
  it('agree with scipy and statsmodels', () => {
    for (const { successes, trials, confidence, lower, upper } of vectors.cases.wilson) {
      const interval = wilsonInterval(successes, trials, confidence);
      expect(interval.lower).toBeCloseTo(lower, 12);
      expect(interval.upper).toBeCloseTo(upper, 12);
    }
    for (const { left, right, lower, upper } of vectors.cases.newcombe) {
      const interval = rateDifference(
        wilsonInterval(left[0]!, left[1]!),
        wilsonInterval(right[0]!, right[1]!),
      );
      expect(interval.lower).toBeCloseTo(lower, 12);
      expect(interval.upper).toBeCloseTo(upper, 12);
    }
  });

  const share = fc
    .integer({ min: 1, max: 500 })
    .chain((n) => fc.tuple(fc.integer({ min: 0, max: n }), fc.constant(n)));

  it('hold their value; the ratio turned over has the limits turned over', () => {
    fc.assert(
      fc.property(share, share, ([a, n], [b, m]) => {
        const left = wilsonInterval(a, n);
        const right = wilsonInterval(b, m);
        for (const interval of [rateDifference(left, right), rateRatio(left, right)]) {
          expect(interval.lower).toBeLessThanOrEqual(interval.value);
          expect(interval.upper).toBeGreaterThanOrEqual(interval.value);
          expect(Number.isNaN(interval.lower + interval.upper)).toBe(false);
        }
        if (a > 0 && b > 0)
          expect(rateRatio(right, left).lower).toBeCloseTo(1 / rateRatio(left, right).upper, 9);
      }),
    );
  });

  it('of a rate: alarms only with enough trials and an interval beyond the bound', () => {
    expect(judgeRate(wilsonInterval(50, 300), { atMost: 0.05 })).toBe('alert');
    expect(judgeRate(wilsonInterval(18, 300), { atMost: 0.05 })).toBe('no_alert');
    expect(judgeRate(wilsonInterval(50, 100), { atMost: 0.05 })).toBe('not_enough_data');
    expect(judgeRate(null, { atMost: 0.05 })).toBe('not_enough_data');
    expect(() => wilsonInterval(5, 3)).toThrow("'successes' is 5");
  });
});

describe('holm', () => {
  it('agrees with statsmodels', () => {
    for (const { p, adjusted } of vectors.cases.holm) {
      holm(p).forEach((value, i) => expect(value).toBeCloseTo(adjusted[i]!, 14));
    }
    expect(Array.from(holm([]))).toEqual([]);
    expect(() => holm([0.5, 1.5])).toThrow("'pValues[1]' is 1.5");
  });
});
