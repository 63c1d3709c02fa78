import type { PipelineAnswer } from '@steward/client/answers';
import type { ReactNode } from 'react';
import { inProject } from '../../api/request';
import { Go, pageOf } from '../../parts/go';
import { Page } from '../../parts/page';
import { PagedTable } from '../../parts/paged-table';
import { Person } from '../../parts/person';
import { When } from '../../parts/when';
import { useMay } from '../../session/use-may';
import { DefinitionDialog } from '../../parts/definition-dialog';

/** How models are made: each pipeline in its current version. */
export function PipelinesPage({ project }: { project: string }): ReactNode {
  const mayUpdate = useMay()('update', 'Pipeline', project);
  return (
    <Page
      title="Pipelines"
      about="A pipeline says which dataset, which learners and how they are validated."
      actions={
        mayUpdate && (
          <DefinitionDialog
            label="New pipeline"
            kind="Pipeline"
            pathOf={(name) => inProject('training', project, 'pipelines', name)}
          />
        )
      }
    >
      <PagedTable<PipelineAnswer>
        label="Pipelines"
        path={inProject('training', project, 'pipelines')}
        keyOf={({ pipeline }) => pipeline}
        empty="There is no pipeline yet."
        columns={[
          {
            header: 'Pipeline',
            cell: ({ pipeline }) => <Go to={pageOf(project, 'pipelines', pipeline)}>{pipeline}</Go>,
          },
          { header: 'Version', figures: true, cell: ({ version }) => version },
          {
            header: 'Dataset',
            cell: ({ definition }) => (
              <Go to={pageOf(project, 'datasets', definition.dataset)}>{definition.dataset}</Go>
            ),
          },
          { header: 'Model', cell: ({ definition }) => definition.model },
          {
            header: 'Learners',
            cell: ({ definition }) => definition.learners.map(({ kind }) => kind).join(', '),
          },
          { header: 'Changed by', cell: ({ changedBy }) => <Person id={changedBy} /> },
          { header: 'Changed', cell: ({ changedAt }) => <When at={changedAt} /> },
        ]}
      />
    </Page>
  );
}
