import { Button, Checkbox, Group, Stack, Text } from '@mantine/core';
import type { RunAnswer } from '@steward/client/answers';
import { useState, type ReactNode } from 'react';
import { useLocation } from 'wouter';
import { inProject } from '../../api/request';
import { LIVE_MS } from '../../api/use-get';
import { duration, figure } from '../../parts/format';
import { Go, pageOf } from '../../parts/go';
import { PagedTable } from '../../parts/paged-table';
import { State } from '../../parts/tone';
import { When } from '../../parts/when';
import { MOST_COMPARED } from './compare-runs';

/** Runs, the newest first; some of them can be chosen to be compared. */
export function RunsTable({ project, pipeline }: { project: string; pipeline?: string }): ReactNode {
  const [, go] = useLocation();
  const [chosen, choose] = useState<readonly string[]>([]);
  const toggle = (id: string): void =>
    choose(chosen.includes(id) ? chosen.filter((each) => each !== id) : [...chosen, id]);
  return (
    <Stack gap="sm">
      <Group gap="sm">
        <Button
          size="xs"
          onClick={() => go(`${pageOf(project, 'runs', 'compare')}?runs=${chosen.join(',')}`)}
          disabled={chosen.length < 2 || chosen.length > MOST_COMPARED}
          variant="default"
        >
          Compare the chosen runs
        </Button>
        <Text size="xs" c="dimmed">
          {chosen.length === 0 ? `Choose 2 to ${MOST_COMPARED} runs.` : `${chosen.length} chosen`}
        </Text>
      </Group>
      <PagedTable<RunAnswer>
        label="Runs"
        path={inProject('training', project, 'runs')}
        query={{ pipeline }}
        every={LIVE_MS}
        keyOf={({ id }) => id}
        empty="There has been no run yet."
        columns={[
          {
            header: 'Choose',
            cell: ({ id }) => (
              <Checkbox
                size="xs"
                aria-label={`Choose run ${id.slice(-8)}`}
                checked={chosen.includes(id)}
                onChange={() => toggle(id)}
              />
            ),
          },
          { header: 'Run', cell: ({ id }) => <Go to={pageOf(project, 'runs', id)}>{id.slice(-8)}</Go> },
          { header: 'State', cell: ({ state }) => <State of={state} /> },
          { header: 'Pipeline', cell: (run) => `${run.pipeline} version ${run.pipelineVersion}` },
          { header: 'Data', cell: (run) => `${run.dataset} version ${run.datasetVersion}` },
          { header: 'Asked by', cell: ({ trigger }) => (trigger === 'alert' ? 'an alert' : 'a person') },
          { header: 'Learner', cell: ({ result }) => result?.learner ?? '–' },
          { header: 'AUC', figures: true, cell: ({ result }) => figure(result?.metrics.auc) },
          {
            header: 'Model',
            cell: ({ result }) =>
              result ? (
                <Go
                  to={pageOf(project, 'models', result.model, result.version)}
                >{`${result.model} version ${result.version}`}</Go>
              ) : (
                '–'
              ),
          },
          { header: 'Started', cell: ({ createdAt }) => <When at={createdAt} /> },
          { header: 'Took', figures: true, cell: (run) => duration(run.startedAt, run.finishedAt) },
        ]}
      />
    </Stack>
  );
}
