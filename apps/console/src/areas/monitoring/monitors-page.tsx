import type { MonitorAnswer } from '@steward/client/answers';
import type { ReactNode } from 'react';
import { inProject } from '../../api/request';
import { DefinitionDialog } from '../../parts/definition-dialog';
import { count, words } from '../../parts/format';
import { Go, pageOf } from '../../parts/go';
import { Page } from '../../parts/page';
import { PagedTable } from '../../parts/paged-table';
import { Person } from '../../parts/person';
import { When } from '../../parts/when';
import { useMay } from '../../session/use-may';

/** What is watched. */
export function MonitorsPage({ project }: { project: string }): ReactNode {
  const mayUpdate = useMay()('update', 'Monitor', project);
  return (
    <Page
      title="Monitors"
      about="A monitor compares each window of predictions with the data that the model was made on."
      actions={
        mayUpdate && (
          <DefinitionDialog
            label="New monitor"
            kind="Monitor"
            pathOf={(name) => inProject('monitoring', project, 'monitors', name)}
          />
        )
      }
    >
      <PagedTable<MonitorAnswer>
        label="Monitors"
        path={inProject('monitoring', project, 'monitors')}
        keyOf={({ name }) => name}
        empty="Nothing is watched yet."
        columns={[
          { header: 'Monitor', cell: ({ name }) => <Go to={pageOf(project, 'monitors', name)}>{name}</Go> },
          { header: 'Model', cell: ({ definition }) => definition.model },
          {
            header: 'Window',
            figures: true,
            cell: ({ definition }) => `${count(definition.windowRows)} rows`,
          },
          {
            header: 'Asks for retraining on',
            cell: ({ definition }) => definition.retrain.on.map(words).join(', ') || 'nothing',
          },
          { header: 'Version', figures: true, cell: ({ version }) => version },
          { header: 'Changed by', cell: ({ changedBy }) => <Person id={changedBy} /> },
          { header: 'Changed', cell: ({ changedAt }) => <When at={changedAt} /> },
        ]}
      />
    </Page>
  );
}
