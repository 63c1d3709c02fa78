import * as fc from 'fast-check';
import vectors from '../../reference/vectors/core.json';
import { fairnessReport } from './fairness-report';
import { countGroupOutcomes, GroupOutcomes } from './group-outcomes';
import { judgeFairness } from './judge-fairness';

const METRICS = [
  'demographicParityDifference',
  'demographicParityRatio',
  'equalOpportunityDifference',
  'equalOpportunityRatio',
  'equalizedOddsDifference',
  'equalizedOddsRatio',
] as const;

describe('fairnessReport', () => {
  it.each(vectors.cases.fairness.map((entry, i) => [i, entry] as const))(
    'case %i agrees with Fairlearn',
    (_, entry) => {
      const groups = countGroupOutcomes(entry.prediction, entry.outcome, [
        { name: 'race', values: entry.groups },
      ]);
      const report = fairnessReport(groups);
      for (const metric of METRICS) {
        const disparity = report[metric]!;
        expect(disparity.value).toBeCloseTo(entry[metric], 12);
        expect(disparity.lower).toBeLessThanOrEqual(disparity.value);
        expect(disparity.upper).toBeGreaterThanOrEqual(disparity.value);
      }
    },
  );

  const group = (rows: number, selected: number, label: string, outcomes = new GroupOutcomes(['g'])) => {
    for (let i = 0; i < rows; i++) outcomes.add([label], i < selected, i % 2 === 0);
    return outcomes;
  };

  it('does not compare small groups, and says so', () => {
    const report = fairnessReport(group(29, 3, 'b', group(100, 80, 'a')));
    expect(report.groups.map((g) => [g.labels.g, g.enoughRows, g.enoughOutcomes])).toEqual([
      ['a', true, true],
      ['b', false, false],
    ]);
    expect(report.demographicParityRatio).toBeNull();
    const bounds = { demographicParityRatio: { atLeast: 0.8 }, equalizedOddsDifference: { atMost: 0.2 } };
    expect(judgeFairness(report, bounds).verdict).toBe('not_enough_data');
  });

  it('compares decisions before any outcome is known, errors only after', () => {
    const groups = new GroupOutcomes(['g']);
    for (let i = 0; i < 100; i++) groups.add([i % 2 ? 'a' : 'b'], i % 4 === 0, null);
    const report = fairnessReport(groups);
    expect(report.demographicParityDifference).not.toBeNull();
    expect(report.equalizedOddsDifference).toBeNull();
    expect(report.groups[0]!.truePositiveRate).toBeNull();
  });

  it('alarms where the interval excludes the bound, not where the figure alone is beyond it', () => {
    const clear = fairnessReport(group(400, 100, 'b', group(400, 360, 'a')));
    const bounds = { demographicParityRatio: { atLeast: 0.8 } };
    expect(judgeFairness(clear, bounds)).toMatchObject({
      verdict: 'alert',
      findings: [{ bound: { atLeast: 0.8 } }],
    });
    expect(clear.demographicParityRatio).toMatchObject({
      lowest: { g: 'b' },
      highest: { g: 'a' },
      comparedGroups: 2,
    });
    const noisy = fairnessReport(group(40, 28, 'b', group(40, 36, 'a')));
    expect(noisy.demographicParityRatio!.value).toBeLessThan(0.8);
    expect(judgeFairness(noisy, bounds).verdict).toBe('no_alert');
  });

  it('gives one attribute alone, their intersections, and leaves unknown labels out of comparisons', () => {
    const groups = new GroupOutcomes(['sex', 'race']);
    for (let i = 0; i < 400; i++)
      groups.add([i % 2 ? 'f' : 'm', i % 5 ? 'x' : null], i % 3 === 0, i % 7 === 0);
    const bySex = fairnessReport(groups, { by: ['sex'] });
    expect(bySex.groups.map((g) => [g.labels, g.rows])).toEqual([
      [{ sex: 'f' }, 200],
      [{ sex: 'm' }, 200],
    ]);
    const both = fairnessReport(groups);
    expect(both.groups).toHaveLength(4);
    expect(both.demographicParityDifference!.comparedGroups).toBe(2);
    expect(both.overall.rows).toBe(400);
    expect(() => fairnessReport(groups, { by: ['age'] })).toThrow('\'by\' is "age"');
  });

  it('intervals cover the true largest difference and smallest ratio at least as often as they say', () => {
    const shares = [0.5, 0.6, 0.75];
    let difference = 0;
    let ratio = 0;
    let seed = 7;
    const next = () => (seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0) / 4294967296;
    for (let trial = 0; trial < 400; trial++) {
      const groups = new GroupOutcomes(['g']);
      shares.forEach((share, g) => {
        for (let i = 0; i < 60; i++) groups.add([String(g)], next() < share, null);
      });
      const report = fairnessReport(groups);
      const d = report.demographicParityDifference!;
      const r = report.demographicParityRatio!;
      if (d.lower <= 0.25 && d.upper >= 0.25) difference++;
      if (r.lower <= 0.5 / 0.75 && r.upper >= 0.5 / 0.75) ratio++;
    }
    expect(difference).toBeGreaterThan(0.93 * 400);
    expect(ratio).toBeGreaterThan(0.93 * 400);
  });
});

describe('GroupOutcomes', () => {
  const row = fc.tuple(fc.constantFrom('a', 'b', null), fc.boolean(), fc.option(fc.boolean()));
  const rows = fc.array(row, { maxLength: 60 });
  const counted = (list: [string | null, boolean, boolean | null][]) => {
    const groups = new GroupOutcomes(['g']);
    for (const [label, predicted, actual] of list) groups.add([label], predicted, actual);
    return groups;
  };

  it('merges exactly, whatever the order, and survives JSON', () => {
    fc.assert(
      fc.property(rows, rows, (a, b) => {
        const merged = JSON.stringify(counted(a).merge(counted(b)));
        expect(JSON.stringify(counted([...b, ...a]))).toBe(merged);
        expect(JSON.stringify(GroupOutcomes.parse(JSON.parse(merged)))).toBe(merged);
      }),
    );
  });

  it('refuses too many groups, damaged snapshots and other attributes', () => {
    const two = new GroupOutcomes(['g'], 1);
    two.add(['a'], true, true);
    expect(() => two.add(['b'], true, true)).toThrow('more than 1 combinations');
    const cells = {
      rows: 1,
      selected: 2,
      truePositives: 0,
      falsePositives: 0,
      falseNegatives: 0,
      trueNegatives: 0,
    };
    const damaged = { version: 1 as const, attributes: ['g'], groups: [{ labels: ['a'], ...cells }] };
    expect(() => GroupOutcomes.parse(damaged)).toThrow("'group.selected' is 2");
    expect(() => two.merge(new GroupOutcomes(['h']))).toThrow("'other.attributes'");
    expect(() => two.add([], true, true)).toThrow("'labels' is 0");
    expect(() => countGroupOutcomes([1], [null, 1], [])).toThrow("'favourableOutcome' is 2");
  });
});
