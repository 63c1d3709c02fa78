import type { DeploymentAnswer } from '@steward/client/answers';
import type { ReactNode } from 'react';
import { inProject } from '../../api/request';
import { LIVE_MS } from '../../api/use-get';
import { Go, pageOf } from '../../parts/go';
import { Mono } from '../../parts/mono';
import { Page } from '../../parts/page';
import { PagedTable } from '../../parts/paged-table';
import { State } from '../../parts/tone';
import { When } from '../../parts/when';

/** What inference serves, and what it refused and why. */
export function DeploymentsPage({ project }: { project: string }): ReactNode {
  return (
    <Page
      title="Deployments"
      about="Inference serves what the champion alias points at, and loads the bytes only if they have the approved digest."
    >
      <PagedTable<DeploymentAnswer>
        label="Deployments"
        path={inProject('inference', project, 'deployments')}
        every={LIVE_MS}
        keyOf={({ name, alias }) => `${name} ${alias}`}
        empty="Nothing is served: no model has been approved."
        columns={[
          {
            header: 'Name in the protocol',
            cell: ({ name, model }) => <Go to={pageOf(project, 'deployments', model)}>{name}</Go>,
          },
          { header: 'Alias', cell: ({ alias }) => alias },
          {
            header: 'Version',
            cell: ({ model, version }) => (
              <Go to={pageOf(project, 'models', model, version)}>{`${model} version ${version}`}</Go>
            ),
          },
          { header: 'State', cell: ({ state }) => <State of={state} /> },
          { header: 'Why not', cell: ({ failure }) => failure ?? '–' },
          { header: 'Digest', cell: ({ digest }) => <Mono of={digest} /> },
          { header: 'Changed', cell: ({ changedAt }) => <When at={changedAt} /> },
        ]}
      />
    </Page>
  );
}
