import type { RunAnswer } from '@steward/client/answers';
import { compareRuns } from './compare-runs';

const run = (learner: string, auc: number): RunAnswer =>
  ({
    state: 'succeeded',
    pipeline: 'p',
    pipelineVersion: 1,
    dataset: 'd',
    datasetVersion: 2,
    trigger: 'person',
    startedAt: '2026-01-01T00:00:00Z',
    finishedAt: '2026-01-01T00:00:02Z',
    result: {
      learner,
      metrics: { auc },
      fairness: { demographicParityRatio: 0.9 },
      sensitiveInputs: [],
    },
  }) as unknown as RunAnswer;

it('sets runs side by side and tells in what they differ', () => {
  const rows = compareRuns([
    run('gbm', 0.81),
    run('logistic', 0.8),
    { ...run('x', 0), state: 'failed', result: null },
  ]);
  const of = (name: string) => rows.find((each) => each.name === name);
  expect(of('AUC')).toEqual({ name: 'AUC', values: ['0.8100', '0.8000', '–'], differs: true });
  expect(of('Learner')?.values).toEqual(['gbm', 'logistic', '–']);
  expect(of('Data')).toMatchObject({ differs: false });
  expect(of('Took')?.values[0]).toBe('2.0 s');
});
