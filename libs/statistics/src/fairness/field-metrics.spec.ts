import vectors from '../../reference/vectors/fairness.json';
import { fairnessReport } from './fairness-report';
import { countGroupOutcomes } from './group-outcomes';
import { scoresByGroup } from './group-scores';
import {
  coefficientOfVariation,
  generalisedEntropy,
  smoothedDifferentialFairness,
  theilIndex,
} from './inequality';
import { conditionalDemographicDisparity, labelBias } from './label-bias';
import { consistency, flipTest } from './neighbours';
import { disparityToOverall, type GroupRate } from './overall-disparity';
import { compareTwoGroups } from './two-group-comparison';

const close = (actual: number | null, expected: number) =>
  expect(Math.abs(actual! - expected)).toBeLessThanOrEqual(1e-9 * Math.abs(expected) + 1e-14);

describe.each(vectors.cases.map((entry, i) => [i, entry] as const))('case %i', (_, entry) => {
  const side = entry.disadvantaged.map((flag) => (flag === 1 ? 'd' : 'a'));
  const groups = countGroupOutcomes(entry.decision, entry.outcome, [{ name: 'side', values: side }]);
  const [advantaged, disadvantaged] = groups.toJSON().groups;
  const compared = compareTwoGroups(disadvantaged!, advantaged!);

  it('agrees with AIF360', () => {
    for (const [name, expected] of Object.entries(entry.aif360)) {
      close(compared[name as keyof typeof entry.aif360], expected);
    }
    const all = { truePositives: 0, falsePositives: 0, falseNegatives: 0, trueNegatives: 0 };
    for (const group of [advantaged!, disadvantaged!]) {
      for (const cell of Object.keys(all) as (keyof typeof all)[]) all[cell] += group[cell];
    }
    close(theilIndex(all), entry.theil);
    close(generalisedEntropy(all, 2), entry.entropy2);
    close(generalisedEntropy(all, 3), entry.entropy3);
    close(generalisedEntropy(all), entry.ge);
    close(coefficientOfVariation(all), Math.sqrt(2 * entry.ge));
    close(smoothedDifferentialFairness(groups), entry.differentialFairness);
    const features = entry.features.map((row, i) => [...row, 1 - entry.disadvantaged[i]!]);
    close(consistency(features, entry.decision), entry.consistency);
  });

  it('agrees with SageMaker Clarify', () => {
    for (const [name, expected] of Object.entries(entry.clarify)) {
      close(compared[name as keyof typeof entry.clarify], expected);
    }
    close(compared.statisticalParityDifference, -entry.dppl);
    close(compared.equalOpportunityDifference, -entry.rd);
    close(flipTest(entry.features, entry.disadvantaged, entry.decision), entry.ft);
    close(conditionalDemographicDisparity(entry.disadvantaged, entry.decision, entry.strata), entry.cddpl);
    close(conditionalDemographicDisparity(entry.disadvantaged, entry.outcome, entry.strata), entry.cddl);
    const outcomes = (flag: number) =>
      [0, 1].map((y) => entry.outcome.filter((o, i) => o === y && entry.disadvantaged[i] === flag).length);
    const bias = labelBias(outcomes(1), outcomes(0), 1);
    for (const [name, expected] of Object.entries(entry.labels))
      close(bias[name as keyof typeof entry.labels], expected);
  });

  it("agrees with Fairlearn's to_overall", () => {
    const strata = countGroupOutcomes(entry.decision, entry.outcome, [{ name: 's', values: entry.strata }]);
    const report = fairnessReport(strata);
    for (const [name, expected] of Object.entries(entry.toOverall)) {
      const found = disparityToOverall(report, name as GroupRate)!;
      close(found.difference, expected.difference);
      close(found.ratio, expected.ratio);
    }
  });
});

describe('what is not defined', () => {
  const none = { truePositives: 0, falsePositives: 0, falseNegatives: 0, trueNegatives: 0 };

  it('is null, and what is wrong is named', () => {
    const refused = { ...none, trueNegatives: 5 };
    expect(compareTwoGroups(refused, refused)).toMatchObject({
      disparateImpact: null,
      averageOddsDifference: null,
    });
    expect(() => compareTwoGroups(none, refused)).toThrow("'disadvantaged' is 0");
    expect(generalisedEntropy({ ...none, falseNegatives: 3 })).toBeNull();
    expect(generalisedEntropy({ ...none, falseNegatives: 3, truePositives: 1 }, 0)).toBe(Infinity);
    expect(conditionalDemographicDisparity([], [], [])).toBeNull();
    expect(flipTest([[1], [2]], [1, 1], [0, 1])).toBeNull();
    expect(() => labelBias([1, 2], [3, 4], 2)).toThrow("'favourable' is 2");
    expect(() => consistency([[1], [1, 2]], [0, 1])).toThrow("'features[1]' is 2");
  });
});

describe('scoresByGroup', () => {
  it('gives each group its AUC and calibration', () => {
    const groups = scoresByGroup([1, 0, 1, 0, 1], [0.9, 0.1, 0.2, 0.8, 0.7], ['a', 'a', 'b', 'b', null]);
    expect(groups.map(({ label, rows, auc }) => [label, rows, auc?.value ?? null])).toEqual([
      ['a', 2, 1],
      ['b', 2, 0],
      [null, 1, null],
    ]);
    expect(groups[0]!.calibration.expectedError).toBeCloseTo(0.1, 12);
  });
});
