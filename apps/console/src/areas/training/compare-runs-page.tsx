import { Text } from '@mantine/core';
import type { RunAnswer } from '@steward/client/answers';
import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { useSearchParams } from 'wouter';
import { inProject, request } from '../../api/request';
import { DataTable } from '../../parts/data-table';
import { Go, pageOf } from '../../parts/go';
import { Loaded } from '../../parts/loaded';
import { Page } from '../../parts/page';
import { Toned } from '../../parts/tone';
import { compareRuns, MOST_COMPARED } from './compare-runs';

/** Chosen runs side by side; which ones stands in the address. */
export function CompareRunsPage({ project }: { project: string }): ReactNode {
  const [search] = useSearchParams();
  const ids = (search.get('runs') ?? '').split(',').filter(Boolean).slice(0, MOST_COMPARED);
  const query = useQuery({
    queryKey: ['runs', project, ids],
    queryFn: () =>
      Promise.all(ids.map((id) => request<RunAnswer>('GET', inProject('training', project, 'runs', id)))),
  });
  return (
    <Page title="Comparison of runs" above={[['Runs', pageOf(project, 'runs')]]}>
      <Loaded query={query} what="the runs">
        {(runs) => (
          <>
            <Text size="sm">
              {runs.map(({ id }, at) => (
                <span key={id}>
                  {at > 0 && ', '}
                  <Go to={pageOf(project, 'runs', id)}>{id.slice(-8)}</Go>
                </span>
              ))}
            </Text>
            <DataTable
              label="Runs side by side"
              rows={compareRuns(runs)}
              keyOf={({ name }) => name}
              empty="Nothing to compare."
              columns={[
                { header: 'What', cell: ({ name }) => name },
                ...runs.map(({ id }, at) => ({
                  header: id.slice(-8),
                  cell: ({ values }: { values: readonly string[] }) => values[at],
                })),
                {
                  header: 'Differs',
                  cell: ({ differs }) => (differs ? <Toned tone="info">differs</Toned> : ''),
                },
              ]}
            />
          </>
        )}
      </Loaded>
    </Page>
  );
}
