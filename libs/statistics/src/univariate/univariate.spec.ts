import * as fc from 'fast-check';
import evidently from '../../reference/vectors/evidently.json';
import vectors from '../../reference/vectors/univariate.json';
import { kolmogorovUpperTail } from '../distributions/kolmogorov';
import { studentTwoSided } from '../distributions/student-t';
import { twoSampleG } from '../drift/two-sample-chi-square';
import { QuantileSketch } from '../profiles/quantile-sketch';
import { cramerVonMises } from './cramer-von-mises';
import { evidentlyCategorical, evidentlyNumeric } from './evidently-policy';
import { kolmogorovSmirnov, kolmogorovSmirnovOfSketches } from './kolmogorov-smirnov';
import { mannWhitney } from './mann-whitney';
import { fisherExact, proportionsZ } from './proportions';
import { wassersteinDistance } from './wasserstein';
import { welchT } from './welch-t';

/** Statistics to 1e-9 and p-values to 1e-6, relative; what lies below 1e-290 is out of scipy's own reach. */
function agrees(actual: number, expected: number | string, tolerance: number): void {
  const wanted = Number(expected);
  if (!Number.isFinite(wanted)) expect(actual).toBe(wanted);
  else expect(Math.abs(actual - wanted)).toBeLessThanOrEqual(tolerance * Math.abs(wanted) + 1e-290);
}

describe('two-sample tests agree with scipy', () => {
  it.each(vectors.cases.samples.map((entry) => [entry.name, entry] as const))('%s', (_, entry) => {
    const { reference, current } = entry;
    const exact = kolmogorovSmirnov(reference, current, { method: 'exact' });
    agrees(exact.statistic, entry.ks[0]!, 1e-9);
    agrees(exact.pValue, entry.ks[1]!, 1e-6);
    // For single rows scipy rounds the effective size 1/2 to 0 and has no p-value; ours is at least 1.
    const asymptotic = kolmogorovSmirnov(reference, current, { method: 'asymptotic' });
    if (entry.ks[2] !== 'NaN') agrees(asymptotic.pValue, entry.ks[2]!, 1e-6);
    const distance = wassersteinDistance(reference, current);
    agrees(distance.value, entry.wasserstein[0]!, 1e-9);
    agrees(distance.normalised, entry.wasserstein[1]!, 1e-9);
    if (entry.cvm) {
      const found = cramerVonMises(reference, current);
      agrees(found.statistic, entry.cvm[0]!, 1e-9);
      // scipy ends its series at terms of 1e-7, we at 1e-16.
      expect(Math.abs(found.pValue - entry.cvm[1]!)).toBeLessThan(1e-7);
    }
    if (entry.welch) {
      const found = welchT(reference, current);
      agrees(found.statistic, entry.welch[0]!, 1e-9);
      agrees(found.pValue, entry.welch[1]!, 1e-6);
    }
    if (entry.mannWhitney) {
      const found = mannWhitney(reference, current);
      agrees(found.statistic, entry.mannWhitney[0]!, 1e-9);
      agrees(found.pValue, entry.mannWhitney[1]!, 1e-6);
    }
  });

  it.each(vectors.cases.large.map((entry) => [`${entry.n} against ${entry.m}`, entry] as const))(
    '%s',
    (_, entry) => {
      const golden = 0.6180339887498949;
      const reference = Float64Array.from({ length: entry.n }, (_, i) => (i * golden) % 1);
      const current = Float64Array.from(
        { length: entry.m },
        (_, i) => (((i + 0.5) * golden) % 1) + entry.shift,
      );
      const found = kolmogorovSmirnov(reference, current);
      agrees(found.statistic, entry.ks[0]!, 1e-9);
      agrees(found.pValue, entry.ks[1]!, 1e-6);
      agrees(wassersteinDistance(reference, current).value, entry.wasserstein, 1e-9);
      const [left, right] = [new QuantileSketch(1), new QuantileSketch(2)];
      left.add(reference);
      right.add(current);
      const sketched = kolmogorovSmirnovOfSketches(left, right)!;
      expect(Math.abs(sketched.value - entry.ks[0]!)).toBeLessThanOrEqual(sketched.error);
    },
  );

  it('tables, G, and the distributions', () => {
    for (const { reference, current, z, fisher } of vectors.cases.tables) {
      const pair = [reference, current].map(([successes, trials]) => ({
        successes: successes!,
        trials: trials!,
      }));
      agrees(proportionsZ(pair[0]!, pair[1]!).statistic, z[0]!, 1e-9);
      agrees(proportionsZ(pair[0]!, pair[1]!).pValue, z[1]!, 1e-6);
      agrees(fisherExact(pair[0]!, pair[1]!).pValue, fisher[1]!, 1e-6);
      if (fisher[0] !== 'NaN') agrees(fisherExact(pair[0]!, pair[1]!).statistic, fisher[0]!, 1e-9);
    }
    for (const { reference, current, g } of vectors.cases.g) {
      agrees(twoSampleG(reference, current, 0).statistic, g[0]!, 1e-9);
      agrees(twoSampleG(reference, current, 0).pValue, g[1]!, 1e-6);
    }
    for (const [n, d, p] of vectors.cases.kolmogorov) agrees(kolmogorovUpperTail(d!, n!), p!, 1e-6);
    for (const [t, k, p] of vectors.cases.student) agrees(studentTwoSided(t!, k!), p!, 1e-10);
  });

  it.each(evidently.cases.map((entry, i) => [i, entry] as const))(
    "Evidently's default policy, case %i",
    (_, entry) => {
      const found =
        entry.kind === 'num'
          ? evidentlyNumeric(entry.reference as number[], entry.current as number[])
          : evidentlyCategorical(entry.reference as string[], entry.current as string[]);
      agrees(found.score, entry.score, 1e-9);
      expect([found.threshold, found.drifted]).toEqual([entry.threshold, entry.drifted]);
    },
  );
});

describe('two-sample tests', () => {
  const sample = fc.array(fc.oneof(fc.double({ min: -100, max: 100, noNaN: true }), fc.nat(3)), {
    minLength: 2,
    maxLength: 40,
  });
  const tests = { kolmogorovSmirnov, cramerVonMises, mannWhitney, welchT };

  it.each(Object.entries(tests))(
    '%s: finite p in [0, 1], indifferent to order and to exchanging the samples',
    (_, test) => {
      fc.assert(
        fc.property(sample, sample, (a, b) => {
          const found = test(a, b);
          expect(found.pValue).toBeGreaterThanOrEqual(0);
          expect(found.pValue).toBeLessThanOrEqual(1);
          expect(Number.isNaN(found.statistic + found.effectSize)).toBe(false);
          expect(test(a.toReversed(), b.toReversed())).toEqual(found);
          expect(test(b, a).pValue).toBeCloseTo(found.pValue, 9);
        }),
      );
    },
  );

  it('do not see shift and scale of the axis, except Wasserstein, which scales with it', () => {
    const whole = fc.array(fc.integer({ min: -50, max: 50 }), { minLength: 2, maxLength: 30 });
    fc.assert(
      fc.property(
        whole,
        whole,
        fc.integer({ min: 1, max: 9 }),
        fc.integer({ min: -9, max: 9 }),
        (a, b, scale, shift) => {
          const move = (values: number[]) => values.map((value) => value * scale + shift);
          for (const test of [kolmogorovSmirnov, cramerVonMises, mannWhitney]) {
            expect(test(move(a), move(b))).toEqual(test(a, b));
          }
          expect(wassersteinDistance(move(a), move(b)).value).toBeCloseTo(
            scale * wassersteinDistance(a, b).value,
            8,
          );
        },
      ),
    );
  });

  it('refuse empty samples, NaN and impossible counts', () => {
    expect(() => kolmogorovSmirnov([], [1])).toThrow("'reference' is 0");
    expect(() => wassersteinDistance([1], [1, Number.NaN])).toThrow("'current[1]' is NaN");
    expect(() => welchT([1], [1, 2])).toThrow("'reference' is 1");
    expect(() => fisherExact({ successes: 3, trials: 2 }, { successes: 1, trials: 2 })).toThrow(
      "'reference.successes' is 3",
    );
  });
});
