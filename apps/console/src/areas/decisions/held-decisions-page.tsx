import { NativeSelect, Stack } from '@mantine/core';
import type { HeldDecisionAnswer } from '@steward/client/answers';
import type { ReactNode } from 'react';
import { inProject } from '../../api/request';
import { LIVE_MS } from '../../api/use-get';
import { figure } from '../../parts/format';
import { Go, pageOf } from '../../parts/go';
import { Page } from '../../parts/page';
import { PagedTable } from '../../parts/paged-table';
import { Tabbed } from '../../parts/tabbed';
import { State } from '../../parts/tone';
import { useFilters } from '../../parts/use-filters';
import { When } from '../../parts/when';
import { useMay } from '../../session/use-may';
import { HeldByGroup } from './held-by-group';
import { HeldCounts } from './held-counts';
import { decisionTone } from './decision-tone';

const STATES = ['pending', 'contested', 'confirmed', 'overridden'];

/** Decisions that people make in the place of models: the queue, and how they end by model and by group. */
export function HeldDecisionsPage({ project }: { project: string }): ReactNode {
  const mayReadFigures = useMay()('read', 'Monitor', project);
  return (
    <Page
      title="Held decisions"
      about="GDPR Art. 22: decisions that a policy keeps from the model alone. A person decides, says why, and answers the subject; who contests is heard by another person."
    >
      <Tabbed
        parts={[
          ['queue', 'Queue', <Queue key="queue" project={project} />],
          ['counts', 'By model', <HeldCounts key="counts" project={project} />],
          ...(mayReadFigures
            ? ([['groups', 'By group', <HeldByGroup key="groups" project={project} />]] as const)
            : []),
        ]}
      />
    </Page>
  );
}

function Queue({ project }: { project: string }): ReactNode {
  const [{ state }, filter] = useFilters(['state']);
  return (
    <Stack gap="sm">
      <NativeSelect
        size="xs"
        w={200}
        label="State"
        value={state}
        data={[{ value: '', label: 'Every state' }, ...STATES]}
        onChange={({ currentTarget: { value } }) => filter({ state: value })}
      />
      <PagedTable<HeldDecisionAnswer>
        label="Held decisions, what waits longest first"
        path={inProject('governance', project, 'held-decisions')}
        query={{ state }}
        every={LIVE_MS}
        keyOf={({ id }) => id}
        empty={state === '' ? 'No decision was held.' : `No decision is ${state}.`}
        columns={[
          {
            header: 'Decision',
            cell: ({ id }) => <Go to={pageOf(project, 'held-decisions', id)}>{id.slice(-8)}</Go>,
          },
          { header: 'Model', cell: ({ model, version }) => `${model} version ${version}` },
          { header: 'The model says', cell: ({ proposed }) => proposed },
          { header: 'Score', figures: true, cell: ({ score }) => figure(score) },
          { header: 'Held because', cell: ({ because }) => because },
          { header: 'State', cell: (each) => <State of={each.state} tone={decisionTone(each.state)} /> },
          { header: 'Decided', cell: ({ label }) => label ?? '–' },
          { header: 'Held', cell: ({ heldAt }) => <When at={heldAt} /> },
        ]}
      />
    </Stack>
  );
}
