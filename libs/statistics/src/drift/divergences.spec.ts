import { AppError } from '@steward/kernel';
import * as fc from 'fast-check';
import vectors from '../../reference/vectors/core.json';
import {
  hellingerDistance,
  jensenShannonDistance,
  jensenShannonOfCounts,
  kullbackLeibler,
  maximumDifference,
  populationStabilityIndex,
  totalVariation,
} from './divergences';
import { smoothedShares } from './shares';
import { twoSampleChiSquare } from './two-sample-chi-square';

const relative = (actual: number, expected: number) =>
  Math.abs(actual - expected) / Math.max(1e-12, Math.abs(expected));

describe('divergences of counts', () => {
  it.each(vectors.cases.counts.map((entry, i) => [i, entry] as const))(
    'case %i agrees with scipy',
    (_, entry) => {
      const { reference, current, divergences } = entry;
      const shares = smoothedShares(reference, current);
      expect(relative(populationStabilityIndex(reference, current).value, divergences.psi)).toBeLessThan(
        1e-9,
      );
      expect(relative(jensenShannonOfCounts(reference, current).value, divergences.js2)).toBeLessThan(1e-7);
      expect(jensenShannonOfCounts(reference, current, { base: Math.E }).value).toBeCloseTo(
        divergences.jse,
        10,
      );
      expect(kullbackLeibler(shares.reference, shares.current).value).toBeCloseTo(divergences.kl, 12);
      expect(hellingerDistance(shares.reference, shares.current).value).toBeCloseTo(
        divergences.hellinger,
        10,
      );
      expect(totalVariation(shares.reference, shares.current).value).toBeCloseTo(divergences.tvd, 12);
      expect(maximumDifference(shares.reference, shares.current).value).toBeCloseTo(divergences.linf, 12);
    },
  );

  it.each(vectors.cases.counts.map((entry, i) => [i, entry] as const))(
    'chi-square %i agrees with scipy',
    (_, entry) => {
      const result = twoSampleChiSquare(entry.reference, entry.current, 0);
      expect(relative(result.statistic, entry.chiSquare.statistic)).toBeLessThan(1e-9);
      expect(result.degreesOfFreedom).toBe(entry.chiSquare.dof);
      expect(relative(result.pValue, entry.chiSquare.p)).toBeLessThan(1e-6);
    },
  );

  const pair = fc
    .integer({ min: 1, max: 30 })
    .chain((cells) =>
      fc.tuple(
        fc.array(fc.nat(10_000), { minLength: cells, maxLength: cells }),
        fc.array(fc.nat(10_000), { minLength: cells, maxLength: cells }),
      ),
    )
    .filter(([a, b]) => a.some((n) => n > 0) && b.some((n) => n > 0));

  it('keep their bounds, are symmetric, do not depend on the order of the cells, and contributions add up', () => {
    fc.assert(
      fc.property(pair, ([a, b]) => {
        const psi = populationStabilityIndex(a, b);
        const js = jensenShannonOfCounts(a, b);
        expect(psi.value).toBeGreaterThanOrEqual(0);
        expect(js.value).toBeLessThanOrEqual(1);
        expect(populationStabilityIndex(b, a).value).toBeCloseTo(psi.value, 10);
        expect(populationStabilityIndex(a.toReversed(), b.toReversed()).value).toBeCloseTo(psi.value, 10);
        expect(psi.contributions.reduce((x, y) => x + y, 0)).toBeCloseTo(psi.value, 12);
        expect(js.contributions.reduce((x, y) => x + y, 0)).toBeCloseTo(js.value ** 2, 12);
        expect(populationStabilityIndex(a, a).value).toBe(0);
        const test = twoSampleChiSquare(a, b);
        expect(test.pValue).toBeGreaterThanOrEqual(0);
        expect(test.pValue).toBeLessThanOrEqual(1);
        expect(test.pooledCells).toBeLessThanOrEqual(a.length);
        expect(test.contributions.reduce((x, y) => x + y, 0)).toBe(test.statistic);
      }),
    );
  });

  it('leave cells that are empty on both sides out', () => {
    const without = populationStabilityIndex([10, 20], [15, 10]).value;
    expect(populationStabilityIndex([10, 0, 20, 0], [15, 0, 10, 0]).value).toBeCloseTo(without, 14);
  });

  it('say Infinity where scipy does, and refuse what is no distribution', () => {
    expect(kullbackLeibler([1, 1], [1, 0]).value).toBe(Infinity);
    expect(jensenShannonDistance([1, 0], [0, 1]).value).toBeCloseTo(1, 14);
    expect(() => totalVariation([0, 0], [1, 1])).toThrow(AppError);
    expect(() => totalVariation([1, Number.NaN], [1, 1])).toThrow("The argument 'p[1]' is NaN");
    expect(() => populationStabilityIndex([1, -2], [1, 1])).toThrow("'referenceCounts[1]' is -2");
    expect(() => populationStabilityIndex([1, 2], [1, 1, 1])).toThrow("'currentCounts' is 3");
  });
});

describe('pooling of sparse cells', () => {
  it('counts sparse cells together', () => {
    const result = twoSampleChiSquare([500, 400, 2, 3, 1], [500, 390, 3, 2, 4]);
    expect(result.pooledCells).toBe(3);
    expect(Array.from(result.pooledInto)).toEqual([0, 1, 2, 2, 2]);
  });

  it('joins the smallest other cell where the sparse ones together are still sparse', () => {
    expect(Array.from(twoSampleChiSquare([500, 40, 1], [500, 40, 0]).pooledInto)).toEqual([0, 1, 1]);
  });

  it('has no evidence where one cell is left or one side is empty', () => {
    expect(twoSampleChiSquare([3, 1], [2, 2]).pValue).toBe(1);
    expect(twoSampleChiSquare([30, 10], [0, 0]).pValue).toBe(1);
  });
});
