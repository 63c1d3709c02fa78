import { Paper, SimpleGrid, Text } from '@mantine/core';
import type {
  AlertAnswer,
  ApprovalAnswer,
  DatasetAnswer,
  DeploymentAnswer,
  Page as Answer,
  RunAnswer,
  WindowAnswer,
} from '@steward/client/answers';
import type { UseQueryResult } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { sentenceOf } from '../../api/problem';
import type { Subject } from '@steward/access/actions';
import { inProject, type Query } from '../../api/request';
import { LIVE_MS, useGet } from '../../api/use-get';
import { several } from '../../parts/format';
import { Go, pageOf } from '../../parts/go';
import { State } from '../../parts/tone';
import { useMay } from '../../session/use-may';

interface StationProps {
  readonly title: string;
  readonly to: string;
  readonly state: ReactNode;
  readonly said: ReactNode;
}

function Station({ title, to, state, said }: StationProps): ReactNode {
  return (
    <Paper withBorder p="md" radius="md" component="li">
      <Text fw={600} size="sm" mb={6}>
        <Go to={to}>{title}</Go>
      </Text>
      {state}
      <Text size="sm" c="dimmed" mt={6}>
        {said}
      </Text>
    </Paper>
  );
}

/** What a list says, or why it does not come. */
function told<T>(
  { data, error, isPending, isEnabled }: UseQueryResult<Answer<T>>,
  say: (items: readonly T[]) => ReactNode,
): ReactNode {
  if (data) return say(data.items);
  if (error) return sentenceOf(error);
  return isPending && isEnabled ? '…' : 'You may not see this.';
}

/** The five stations of the loop, each with its state now. */
export function LoopStations({ project }: { project: string }): ReactNode {
  const may = useMay();
  const read = (subject: Subject, service: string, path: string, query: Query = {}) =>
    [
      inProject(service, project, path),
      { query, every: LIVE_MS, when: may('read', subject, project) },
    ] as const;
  const datasets = useGet<Answer<DatasetAnswer>>(...read('Dataset', 'ingestion', 'datasets', { limit: 100 }));
  const runs = useGet<Answer<RunAnswer>>(...read('Run', 'training', 'runs', { limit: 1 }));
  const approvals = useGet<Answer<ApprovalAnswer>>(
    ...read('ApprovalRequest', 'governance', 'approvals', { limit: 1 }),
  );
  const deployments = useGet<Answer<DeploymentAnswer>>(...read('Deployment', 'inference', 'deployments'));
  const windows = useGet<Answer<WindowAnswer>>(...read('Monitor', 'monitoring', 'windows', { limit: 5 }));
  const alerts = useGet<Answer<AlertAnswer>>(
    ...read('Alert', 'monitoring', 'alerts', { state: 'open', limit: 100 }),
  );
  const judged = windows.data?.items.find(({ state }) => state === 'judged');
  const [run, approval] = [runs.data?.items[0], approvals.data?.items[0]];
  const serving = deployments.data?.items ?? [];
  return (
    <SimpleGrid
      component="ol"
      cols={{ base: 1, xs: 2, lg: 5 }}
      spacing="sm"
      p={0}
      m={0}
      style={{ listStyle: 'none' }}
      aria-label="The loop"
    >
      <Station
        title="1 Data"
        to={pageOf(project, 'datasets')}
        state={<State of={datasets.data?.items.some(({ versions }) => versions > 0) ? 'ready' : 'empty'} />}
        said={told(
          datasets,
          (items) =>
            `${several(items.length, 'dataset')}, ${several(
              items.reduce((sum, { rows }) => sum + rows, 0),
              'row',
            )}`,
        )}
      />
      <Station
        title="2 Training"
        to={pageOf(project, 'runs')}
        state={<State of={run?.state ?? 'no run yet'} />}
        said={told(runs, () =>
          run
            ? `Last run of ${run.pipeline}, asked for by ${run.trigger === 'alert' ? 'an alert' : 'a person'}`
            : 'Start a pipeline.',
        )}
      />
      <Station
        title="3 Approval"
        to={pageOf(project, 'approvals')}
        state={<State of={approval?.state ?? 'no request yet'} />}
        said={told(approvals, () =>
          approval
            ? `Last request: ${approval.model} version ${approval.version}`
            : 'Every model waits for a second person.',
        )}
      />
      <Station
        title="4 Serving"
        to={pageOf(project, 'deployments')}
        state={
          <State
            of={
              serving.find(({ state }) => state !== 'serving')?.state ?? serving[0]?.state ?? 'nothing served'
            }
          />
        }
        said={told(
          deployments,
          (items) =>
            items.map(({ model, version }) => `${model} version ${version}`).join(', ') ||
            'No model has been approved.',
        )}
      />
      <Station
        title="5 Watching"
        to={pageOf(project, 'monitors')}
        state={<State of={judged?.verdict ?? 'no window yet'} />}
        said={told(alerts, (items) =>
          items.length === 0 ? 'No open alert' : several(items.length, 'open alert'),
        )}
      />
    </SimpleGrid>
  );
}
