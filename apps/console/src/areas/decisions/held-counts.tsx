import { Stack } from '@mantine/core';
import type { HeldDecisionAnswer, Page } from '@steward/client/answers';
import type { ReactNode } from 'react';
import { inProject } from '../../api/request';
import { LIVE_MS, useGet } from '../../api/use-get';
import { Card } from '../../parts/card';
import { DataTable } from '../../parts/data-table';
import { count } from '../../parts/format';
import { Loaded } from '../../parts/loaded';
import { useMay } from '../../session/use-may';
import { DecisionPolicyCard } from './decision-policy-card';

interface StateCount {
  readonly model: string;
  readonly state: HeldDecisionAnswer['state'];
  readonly decisions: number;
}

const STATES = ['pending', 'contested', 'confirmed', 'overridden'] as const;

/** How many decisions of each model were held and how they ended, and the policies that hold them. */
export function HeldCounts({ project }: { project: string }): ReactNode {
  const query = useGet<Page<StateCount>>(inProject('governance', project, 'held-decisions', 'counts'), {
    every: LIVE_MS,
  });
  const mayReadPolicies = useMay()('read', 'ProcessingRecord', project);
  return (
    <Stack gap="md">
      <Card title="Counts">
        <Loaded query={query} what="the counts">
          {({ items }) => (
            <DataTable
              label="Held decisions by model and state"
              rows={[...new Set(items.map(({ model }) => model))]}
              keyOf={(model) => model}
              empty="No decision was held."
              columns={[
                { header: 'Model', cell: (model) => model },
                ...STATES.map((state) => ({
                  header: state,
                  figures: true,
                  cell: (model: string) =>
                    count(items.find((each) => each.model === model && each.state === state)?.decisions ?? 0),
                })),
              ]}
            />
          )}
        </Loaded>
      </Card>
      {mayReadPolicies && <DecisionPolicyCard project={project} />}
    </Stack>
  );
}
