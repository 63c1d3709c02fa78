import type { DemoContext, DemoStep } from '../demo-context';
import { exampleText } from '../lending-data';
import { hold, until } from '../until';
import { approvalOf } from './train';

const SERVED_MS = 10_000;

/** Approves the model of those bytes and waits until it answers. Returns the seconds between. */
export async function approveAndServe(context: DemoContext, digest: string): Promise<number> {
  const { approver, engineer, options, project } = context;
  const approval = await approvalOf(context, digest);
  const failed = approval.gates.filter(({ passed }) => !passed).map(({ gate }) => gate);
  hold(failed.length === 0, `The gates ${failed.join(', ')} failed.`);
  const own = await engineer.post(`${approval.path}/approve`, {}).then(
    () => null,
    (error: { code: string }) => error.code,
  );
  hold(own !== null, 'Who started the run could approve it.');
  context.summary.fourEyes = { refused: own };
  if (options.broken !== 'approval')
    await approver.post(`${approval.path}/approve`, { reason: 'Figures and fairness are in order.' });
  const started = Date.now();
  await until(`version ${approval.version} to be served`, SERVED_MS, async () => {
    const { items } = await engineer.get<{ items: { digest: string; state: string }[] }>(
      `/inference/v1/projects/${project}/deployments`,
    );
    return items.some((each) => each.digest === digest && each.state === 'serving');
  });
  return (Date.now() - started) / 1000;
}

export const approve: DemoStep = {
  title: 'A second person approves; inference serves the champion',
  run: async (context) => {
    const { engineer, options, project, summary } = context;
    if (options.broken !== 'monitor') {
      const monitor = `/monitoring/v1/projects/${project}/monitors/approval`;
      await engineer.put(monitor, exampleText('monitor.yaml'), { type: 'application/yaml' });
    }
    const seconds = await approveAndServe(context, summary.modelDigest!);
    summary.approvalToServedSeconds = seconds;
    return `who started the run was refused (${summary.fourEyes?.refused}); served ${seconds.toFixed(2)} s after the approval`;
  },
};
