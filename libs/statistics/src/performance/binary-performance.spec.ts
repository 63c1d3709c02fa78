import * as fc from 'fast-check';
import vectors from '../../reference/vectors/core.json';
import { binaryPerformance } from './binary-performance';
import { confusionRates, fBeta, mergeConfusion } from './confusion';
import { judgePerformance } from './judge-performance';
import { rocAuc } from './roc-auc';

describe('binaryPerformance', () => {
  it.each(vectors.cases.binary.map((entry, i) => [i, entry] as const))(
    'case %i agrees with scikit-learn',
    (_, entry) => {
      const result = binaryPerformance(entry.labels, entry.scores, { threshold: entry.threshold });
      const { confusion: cells } = result;
      const found = [cells.truePositives, cells.falsePositives, cells.falseNegatives, cells.trueNegatives];
      expect(found).toEqual(entry.confusion);
      expect(result.auc!.value).toBeCloseTo(entry.auc, 12);
      expect(result.auc!.standardError).toBeCloseTo(entry.standardError, 12);
      expect(result.logLoss.value).toBeCloseTo(entry.logLoss, 12);
      expect(result.brier.value).toBeCloseTo(entry.brier, 12);
      expect(result.calibration.expectedError).toBeCloseTo(entry.ece, 12);
      expect(result.rates.accuracy!.value).toBeCloseTo(entry.accuracy, 12);
      expect(result.rates.precision!.value).toBeCloseTo(entry.precision, 12);
      expect(result.rates.recall!.value).toBeCloseTo(entry.recall, 12);
      expect(result.f1).toBeCloseTo(entry.f1, 12);
      expect(fBeta(cells, 2)).toBeCloseTo(entry.f2, 12);
      expect(result.matthewsCorrelation).toBeCloseTo(entry.mcc, 12);
      expect(result.kappa).toBeCloseTo(entry.kappa, 12);
      expect(result.balancedAccuracy).toBeCloseTo(entry.balancedAccuracy, 12);
    },
  );

  it('has no AUC and undefined rates for one class, and never NaN', () => {
    const result = binaryPerformance([true, true], [0.9, 0.2]);
    expect(result.auc).toBeNull();
    expect(result.rates.specificity).toBeNull();
    expect(result.balancedAccuracy).toBeNull();
    expect(JSON.stringify(result)).not.toMatch(/null,"contains":NaN/);
    const single = binaryPerformance([1], [1]);
    expect(single.logLoss.upper).toBe(Number.MAX_VALUE);
    expect(single.logLoss.value).toBeLessThan(1e-15);
  });

  it('gives finite figures within their bounds for any input', () => {
    const row = fc.tuple(fc.boolean(), fc.double({ min: 0, max: 1, noNaN: true }));
    fc.assert(
      fc.property(fc.array(row, { minLength: 1, maxLength: 80 }), (rows) => {
        const labels = rows.map(([label]) => label);
        const scores = rows.map(([, score]) => score);
        const result = binaryPerformance(labels, scores);
        const figures = [result.logLoss, result.brier, result.auc, ...Object.values(result.rates)];
        for (const figure of figures.filter((f) => f !== null)) {
          expect(figure.lower).toBeLessThanOrEqual(figure.value);
          expect(figure.value).toBeLessThanOrEqual(figure.upper);
          expect(Number.isFinite(figure.upper - figure.lower)).toBe(true);
        }
        expect(Math.abs(result.matthewsCorrelation)).toBeLessThanOrEqual(1 + 1e-12);
        const reversed = rocAuc(labels.toReversed(), scores.toReversed());
        expect(reversed?.value ?? null).toEqual(
          result.auc === null ? null : expect.closeTo(result.auc.value, 12),
        );
      }),
    );
  });

  it('refuses what it cannot use, by name and place', () => {
    expect(() => binaryPerformance([], [])).toThrow("'labels' is 0");
    expect(() => binaryPerformance([1, 0], [0.5])).toThrow("'probabilities' is 1");
    expect(() => binaryPerformance([1, 0], [0.5, 1.5])).toThrow("'probabilities[1]' is 1.5");
    expect(() => binaryPerformance([1, 2], [0.5, 0.5])).toThrow("'labels[1]' is 2");
    expect(() =>
      confusionRates({ truePositives: 0.5, falsePositives: 0, falseNegatives: 0, trueNegatives: 0 }),
    ).toThrow("'confusion[0]' is 0.5");
  });

  it('merges tables', () => {
    const table = { truePositives: 1, falsePositives: 2, falseNegatives: 3, trueNegatives: 4 };
    expect(mergeConfusion(table, table)).toEqual({
      truePositives: 2,
      falsePositives: 4,
      falseNegatives: 6,
      trueNegatives: 8,
    });
  });
});

describe('judgePerformance', () => {
  const labels = Array.from({ length: 400 }, (_, i) => i % 2);
  const good = binaryPerformance(
    labels,
    labels.map((label, i) => (i % 10 === 0 ? 0.5 : 0.2 + 0.6 * label)),
  );
  const useless = binaryPerformance(
    labels,
    labels.map((_, i) => ((i * 7) % 400) / 400),
  );

  it('alarms only where the interval excludes the bound', () => {
    expect(judgePerformance(good, { auc: { atLeast: 0.7 } }).verdict).toBe('no_alert');
    expect(judgePerformance(useless, { auc: { atLeast: 0.7 } }).verdict).toBe('alert');
    expect(judgePerformance(useless, { auc: { atLeast: useless.auc!.value + 0.01 } }).verdict).toBe(
      'no_alert',
    );
    const both = judgePerformance(useless, { auc: { atLeast: 0.4 }, logLoss: { atMost: 0.1 } });
    expect(both.findings.map(({ metric, verdict }) => [metric, verdict])).toEqual([
      ['logLoss', 'alert'],
      ['auc', 'no_alert'],
    ]);
  });

  it('says not enough data without outcomes or with too few', () => {
    expect(judgePerformance(null, { auc: { atLeast: 0.7 } }).verdict).toBe('not_enough_data');
    expect(judgePerformance(useless, { auc: { atLeast: 0.7 } }, { rows: 401 }).verdict).toBe(
      'not_enough_data',
    );
    expect(judgePerformance(useless, { auc: { atLeast: 0.7 } }, { perOutcome: 201 }).verdict).toBe(
      'not_enough_data',
    );
    expect(() => judgePerformance(good, { auc: {} })).toThrow("'bound'");
  });
});
