import { Button, Progress, Stack, Text } from '@mantine/core';
import type { EvaluationAnswer, RunAnswer } from '@steward/client/answers';
import type { ReactNode } from 'react';
import { inProject } from '../../api/request';
import { useGet } from '../../api/use-get';
import { useSend } from '../../api/use-send';
import { Card } from '../../parts/card';
import { DataTable } from '../../parts/data-table';
import { Facts } from '../../parts/facts';
import { duration, figure, figureName, idText, plain, words } from '../../parts/format';
import { Go, pageOf } from '../../parts/go';
import { Loaded } from '../../parts/loaded';
import { Page } from '../../parts/page';
import { Person } from '../../parts/person';
import { ProblemNote } from '../../parts/problem-note';
import { State } from '../../parts/tone';
import { When } from '../../parts/when';
import { useMay } from '../../session/use-may';
import { RunCurves } from './run-curves';

/** While a run goes on, it is looked at this often. */
const RUNNING_MS = 1_500;
const isGoing = (run: RunAnswer | undefined): boolean => run?.state === 'queued' || run?.state === 'running';

/** One run: how far it is, what it was made of, what came out. */
export function RunPage({ project, id }: { project: string; id: string }): ReactNode {
  const path = inProject('training', project, 'runs', id);
  const query = useGet<RunAnswer>(path, { every: RUNNING_MS });
  const mayUpdate = useMay()('update', 'Run', project);
  const cancel = useSend();
  return (
    <Page
      title={`Run ${id.slice(-8)}`}
      above={[['Runs', pageOf(project, 'runs')]]}
      actions={
        mayUpdate &&
        isGoing(query.data) && (
          <Button
            size="xs"
            variant="default"
            loading={cancel.isPending}
            onClick={() => cancel.mutate({ method: 'POST', path: `${path}/cancel` })}
          >
            Cancel the run
          </Button>
        )
      }
    >
      {cancel.error && <ProblemNote error={cancel.error} />}
      <Loaded query={query} what="the run">
        {(run) => (
          <Stack gap="md">
            <RunFacts project={project} run={run} />
            {run.result && <Outcome project={project} run={run} result={run.result} />}
          </Stack>
        )}
      </Loaded>
    </Page>
  );
}

function RunFacts({ project, run }: { project: string; run: RunAnswer }): ReactNode {
  const { progress } = run;
  return (
    <Card title="Run">
      {isGoing(run) && progress && (
        <>
          <Text size="sm" role="status">
            {words(progress.step)}
            {progress.learner ? ` (${progress.learner})` : ''}: {progress.done} of {progress.total}
          </Text>
          <Progress
            value={(100 * progress.done) / Math.max(1, progress.total)}
            aria-label="Progress of the run"
          />
        </>
      )}
      <Facts
        of={[
          ['State', <State key="state" of={run.state} />],
          ['Failure', run.failureMessage],
          [
            'Pipeline',
            <Go
              key="pipeline"
              to={pageOf(project, 'pipelines', run.pipeline)}
            >{`${run.pipeline} version ${run.pipelineVersion}`}</Go>,
          ],
          [
            'Data',
            <Go
              key="data"
              to={pageOf(project, 'datasets', run.dataset)}
            >{`${run.dataset} version ${run.datasetVersion}`}</Go>,
          ],
          ['Started by', run.trigger === 'alert' ? 'an alert' : <Person key="who" id={run.startedBy} />],
          ['Started', <When key="when" at={run.startedAt} />],
          ['Took', duration(run.startedAt, run.finishedAt)],
          ['Attempt', run.attempt],
          [
            'Chain of causes',
            <Go key="chain" to={`/audit?correlation=${encodeURIComponent(run.correlation)}`}>
              {idText(run.correlation)}
            </Go>,
          ],
        ]}
      />
    </Card>
  );
}

function Outcome({
  project,
  run,
  result,
}: {
  project: string;
  run: RunAnswer;
  result: NonNullable<RunAnswer['result']>;
}): ReactNode {
  const path = inProject(
    'training',
    project,
    'models',
    result.model,
    'versions',
    result.version,
    'evaluation',
  );
  const evaluation = useGet<EvaluationAnswer>(path);
  return (
    <>
      <Card title="What came out">
        <Facts
          of={[
            [
              'Model',
              <Go
                key="model"
                to={pageOf(project, 'models', result.model, result.version)}
              >{`${result.model} version ${result.version}`}</Go>,
            ],
            ['Learner', result.learner],
            ...Object.entries(result.metrics).map(
              ([name, value]) => [figureName(name), figure(value)] as const,
            ),
            ['Demographic parity ratio', figure(result.fairness.demographicParityRatio)],
            ['Sensitive inputs', result.sensitiveInputs.join(', ') || 'none'],
          ]}
        />
      </Card>
      <Loaded query={evaluation} what="the evaluation">
        {(found) => (
          <>
            <Card title="Learners">
              <DataTable
                label="Learners"
                rows={found.learners}
                keyOf={({ kind, params }) => `${kind} ${JSON.stringify(params)}`}
                empty="No learner."
                columns={[
                  { header: 'Learner', cell: ({ kind }) => kind },
                  {
                    header: 'Parameters',
                    cell: ({ params }) =>
                      Object.entries(params)
                        .map(([name, value]) => `${name} ${plain(value)}`)
                        .join(', ') || '–',
                  },
                  {
                    header: `Mean ${figureName(found.metric)}`,
                    figures: true,
                    cell: ({ mean }) => figure(mean),
                  },
                  { header: 'Deviation', figures: true, cell: ({ deviation }) => figure(deviation) },
                  {
                    header: 'Chosen',
                    cell: (learner) => (found.learners[found.chosen] === learner ? 'yes' : ''),
                  },
                ]}
              />
            </Card>
            <RunCurves evaluation={found} title={`Run ${run.id.slice(-8)}`} />
          </>
        )}
      </Loaded>
    </>
  );
}
