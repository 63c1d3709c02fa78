import type { DemoStep } from '../demo-context';
import { hold, until } from '../until';
import { approveAndServe } from './approve';
import { waitForRun, type RunAnswer } from './train';

/** Outcomes become labelled rows, the alert becomes a retraining, the candidate is compared and approved. */
export const answer: DemoStep = {
  title: 'The alert retrains on the labelled rows; the candidate is compared and approved',
  run: async (context) => {
    const { engineer, project, summary, say } = context;
    const started = await until('the retraining to start', 60_000, async () => {
      const { items } = await engineer.get<{ items: RunAnswer[] }>(`/training/v1/projects/${project}/runs`);
      const { items: waiting } = await engineer.get<{ items: { state: string }[] }>(
        `/training/v1/projects/${project}/retrain-requests`,
      );
      if (waiting[0]) say(`retrain request: ${waiting[0].state.replaceAll('_', ' ')}`);
      return items.find(({ trigger }) => trigger === 'alert');
    });
    const run = await waitForRun(engineer, project, started.id, say);
    summary.runs!.push({
      id: run.id,
      trigger: run.trigger,
      state: run.state,
      datasetVersion: run.datasetVersion,
    });
    const result = run.result!;
    const comparison = result.comparison?.figures ?? null;
    hold(comparison !== null && comparison.rows > 0, 'Champion and candidate were compared on no rows.');
    summary.comparison = comparison;
    const seconds = await approveAndServe(context, result.digest);
    summary.retrained = { version: result.version, digest: result.digest, approvalToServedSeconds: seconds };
    const auc = (value: number | null) => value?.toFixed(3) ?? '-';
    return `trained on dataset version ${run.datasetVersion}; on ${comparison.rows} rows new to both: champion ${auc(comparison.championAuc)}, candidate ${auc(comparison.candidateAuc)}; version ${result.version} served ${seconds.toFixed(2)} s after the approval`;
  },
};
