import type { CanaryGateAnswer } from '@steward/client/answers';
import { gateSeries } from './gate-series';

const gate = (name: string, value: number | null): CanaryGateAnswer => ({
  gate: name,
  verdict: 'waiting',
  difference: value === null ? null : { value, lower: value - 0.1, upper: value + 0.1 },
  observed: 10,
  minimum: 200,
  tolerance: 0.01,
  margin: 0.05,
});

it('makes one series a gate, without what was never seen', () => {
  const series = gateSeries([
    { step: 0, at: '2026-11-28T10:00:00.000Z', gates: [gate('errors', null), gate('outcomes', null)] },
    { step: 0, at: '2026-11-28T10:00:05.000Z', gates: [gate('errors', 0.2), gate('outcomes', null)] },
    { step: 1, at: '2026-11-28T10:00:10.000Z', gates: [gate('errors', 0.1)] },
  ]);
  expect(series.map((each) => each.gate)).toEqual(['errors']);
  expect(series[0]).toMatchObject({ tolerance: 0.01 });
  expect(series[0]!.rows.map(({ value, step }) => [value, step])).toEqual([
    [0.2, 0],
    [0.1, 1],
  ]);
  expect(gateSeries([])).toEqual([]);
});
