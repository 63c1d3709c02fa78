import type { WindowAnswer } from '@steward/client/answers';
import { driftSeries, fairnessSeries, performanceSeries, worstColumns } from './window-series';

const window = (id: string, openedAt: string, single: number, more: object = {}): WindowAnswer =>
  ({
    id,
    openedAt,
    report: {
      drift: {
        columns: [
          { name: 'pirat', psi: 0.01 },
          { name: 'single', psi: single },
        ],
      },
      fairness: { demographicParityRatio: { value: 0.9 }, equalizedOddsDifference: null },
    },
    outcomeReport: null,
    ...more,
  }) as unknown as WindowAnswer;

const windows = [
  window('b', '2026-01-02T00:00:00Z', 3.5, {
    outcomeReport: {
      performance: { auc: { value: 0.75 } },
      fairness: { demographicParityRatio: { value: 0.7 }, equalizedOddsDifference: { value: 0.1 } },
    },
  }),
  window('a', '2026-01-01T00:00:00Z', 0.02),
  window('c', '2026-01-03T00:00:00Z', 0, { report: null }),
];

it('draws judged windows, the oldest first', () => {
  expect(driftSeries(windows, ['single']).map(({ id, single }) => [id, single])).toEqual([
    ['a', 0.02],
    ['b', 3.5],
  ]);
  expect(driftSeries(windows, ['gone'])[0]).toMatchObject({ gone: null });
});

it('names the columns that drifted most', () => {
  expect(worstColumns(windows)).toEqual(['single', 'pirat']);
  expect(worstColumns(windows, 1)).toEqual(['single']);
});

it('takes fairness from outcomes where there are any', () => {
  expect(fairnessSeries(windows).map((point) => point['demographic parity ratio'])).toEqual([0.9, 0.7]);
});

it('has performance only where outcomes are in', () => {
  expect(performanceSeries(windows)).toMatchObject([{ id: 'b', AUC: 0.75 }]);
});
