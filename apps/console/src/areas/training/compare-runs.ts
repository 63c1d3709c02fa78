import type { RunAnswer } from '@steward/client/answers';
import { duration, figure, figureName } from '../../parts/format';

/** More than these do not stand side by side on a page. */
export const MOST_COMPARED = 5;

export interface ComparedRow {
  readonly name: string;
  readonly values: readonly string[];
  /** Whether the runs differ in it. */
  readonly differs: boolean;
}

const row = (name: string, values: readonly string[]): ComparedRow => ({
  name,
  values,
  differs: new Set(values).size > 1,
});

/** What was put in and what came out, a line each, a column a run. */
export function compareRuns(runs: readonly RunAnswer[]): ComparedRow[] {
  const metrics = [...new Set(runs.flatMap(({ result }) => Object.keys(result?.metrics ?? {})))];
  return [
    row(
      'State',
      runs.map(({ state }) => state),
    ),
    row(
      'Pipeline',
      runs.map((run) => `${run.pipeline} version ${run.pipelineVersion}`),
    ),
    row(
      'Data',
      runs.map((run) => `${run.dataset} version ${run.datasetVersion}`),
    ),
    row(
      'Asked by',
      runs.map(({ trigger }) => trigger),
    ),
    row(
      'Learner',
      runs.map(({ result }) => result?.learner ?? '–'),
    ),
    ...metrics.map((name) =>
      row(
        figureName(name),
        runs.map(({ result }) => figure(result?.metrics[name], 4)),
      ),
    ),
    row(
      'Demographic parity ratio',
      runs.map(({ result }) => figure(result?.fairness.demographicParityRatio, 4)),
    ),
    row(
      'Sensitive inputs',
      runs.map(({ result }) => result?.sensitiveInputs.join(', ') || 'none'),
    ),
    row(
      'Took',
      runs.map((run) => duration(run.startedAt, run.finishedAt)),
    ),
  ];
}
