import { buildReference, countAgainst } from '@steward/statistics';
import type { ModelDescriptor } from '@steward/contracts';
import { MonitorDefinition } from '../monitors/monitor-definition';
import { judgeOutcomes, judgeWindow } from './judge-window';
import type { WindowRow } from './observation-window';

const descriptor = {
  classes: ['no', 'yes'],
  favourable: 'no',
  decisionThreshold: 0.5,
  groups: ['afam'],
} as unknown as ModelDescriptor;
const definition = MonitorDefinition.parse({
  model: 'approval',
  fairness: { demographicParityRatio: 0.8 },
  performance: { minimumAuc: 0.7 },
});

const reference = buildReference([
  {
    kind: 'categorical',
    name: 'single',
    values: Array.from({ length: 1000 }, (_, i) => (i % 5 === 0 ? 'yes' : 'no')),
  },
  { kind: 'numeric', name: 'pirat', values: Array.from({ length: 1000 }, (_, i) => (i % 97) / 97) },
]);

function counts(singleShare: number, missing = 0) {
  const window = countAgainst(reference);
  for (let i = 0; i < 300; i++) {
    window.add('single', i < 300 * singleShare ? 'yes' : 'no');
    window.add('pirat', i < 300 * missing ? NaN : (i % 97) / 97);
  }
  return window;
}

const rows = (
  deniedOfBlack: number,
  scored: (denied: boolean, i: number) => number = () => 0.4,
): WindowRow[] =>
  Array.from({ length: 300 }, (_, i) => {
    const afam = i < 60 ? 'yes' : 'no';
    const denied = i < 60 ? i < deniedOfBlack : i % 10 === 0;
    return {
      predictionId: 'p',
      row: i,
      score: scored(denied, i),
      label: denied ? 'yes' : 'no',
      groups: { afam },
      outcome: denied ? 'yes' : 'no',
    };
  });

const finding = (report: { findings: readonly { kind: string }[] }, kind: string) =>
  report.findings.find((each) => each.kind === kind);

describe('judgeWindow', () => {
  it('finds nothing where nothing moved', () => {
    const report = judgeWindow(counts(0.2), null, rows(6), descriptor, definition);
    expect(report.findings.map(({ verdict }) => verdict)).toEqual(['no_alert', 'no_alert', 'no_alert']);
    expect(report.previousDrift).toBeNull();
  });

  it('names the column that moved first, and keeps the comparison with the reference before', () => {
    const report = judgeWindow(counts(0.8), counts(0.2), rows(6), descriptor, definition);
    expect(finding(report, 'drift')).toMatchObject({ verdict: 'alert', columns: ['single'] });
    expect(report.previousDrift?.verdict).toBe('no_alert');
  });

  it('finds columns that went missing', () => {
    const report = judgeWindow(counts(0.2, 0.3), null, rows(6), descriptor, definition);
    expect(finding(report, 'data_quality')).toMatchObject({ verdict: 'alert', columns: ['pirat'] });
  });

  it('finds decisions that keep one group out, and says nothing of groups that are too small', () => {
    expect(
      finding(judgeWindow(counts(0.2), null, rows(45), descriptor, definition), 'fairness'),
    ).toMatchObject({
      verdict: 'alert',
      columns: ['demographicParityRatio'],
    });
    const few = rows(45).map((row, i) => ({ ...row, groups: { afam: i < 20 ? 'yes' : 'no' } }));
    expect(finding(judgeWindow(counts(0.2), null, few, descriptor, definition), 'fairness')).toMatchObject({
      verdict: 'not_enough_data',
    });
  });
});

describe('judgeOutcomes', () => {
  it('raises performance only when the whole interval lies below the bound', () => {
    const good = judgeOutcomes(
      rows(6, (denied) => (denied ? 0.9 : 0.1)),
      descriptor,
      definition,
    );
    expect(finding(good, 'performance')).toMatchObject({ verdict: 'no_alert' });
    const useless = judgeOutcomes(
      rows(6, (_, i) => (i % 7) / 7),
      descriptor,
      definition,
    );
    expect(finding(useless, 'performance')).toMatchObject({ verdict: 'alert', columns: ['auc'] });
  });

  it('says "not enough data" with few outcomes or none', () => {
    const none = rows(6).map((row) => ({ ...row, outcome: null }));
    expect(judgeOutcomes(none, descriptor, definition)).toMatchObject({
      rows: 0,
      performance: null,
      findings: [{ verdict: 'not_enough_data' }],
    });
  });
});
