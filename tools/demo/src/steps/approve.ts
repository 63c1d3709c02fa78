import type { StewardClient } from '@steward/client';
import type { DemoContext, DemoStep } from '../demo-context';
import { exampleText } from '../lending-data';
import { hold, until } from '../until';
import { approvalOf } from './train';

const SERVED_MS = 30_000;
const DECIDED_MS = 30_000;
const APPROVED = 'approved';

/** The code with which an approval is refused, or `approved`. A service that is away refuses nothing. */
function refusal(client: StewardClient, path: string): Promise<string> {
  return client.post(`${path}/approve`, {}).then(
    () => APPROVED,
    (error: { kind?: string; code: string }) => {
      if (error.kind === 'unavailable') throw error;
      return error.code;
    },
  );
}

/** Approves once: where the answer was lost, the request says that it is not open any more. */
async function grant(approver: StewardClient, path: string): Promise<boolean> {
  const { state } = await approver.get<{ state: string }>(path);
  if (state === 'open')
    await approver.post(`${path}/approve`, { reason: 'Figures and fairness are in order.' });
  return true;
}

/** Approves the model of those bytes and waits until it answers. Returns the seconds between. */
export async function approveAndServe(context: DemoContext, digest: string): Promise<number> {
  const { approver, engineer, options, project } = context;
  const approval = await approvalOf(context, digest);
  const failed = approval.gates.filter(({ passed }) => !passed).map(({ gate }) => gate);
  hold(failed.length === 0, `The gates ${failed.join(', ')} failed.`);
  const own = await until('governance to refuse who started the run', DECIDED_MS, () =>
    refusal(engineer, approval.path),
  );
  hold(own !== APPROVED, 'Who started the run could approve it.');
  context.summary.fourEyes = { refused: own };
  if (options.broken !== 'approval')
    await until('the approval', DECIDED_MS, () => grant(approver, approval.path));
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
