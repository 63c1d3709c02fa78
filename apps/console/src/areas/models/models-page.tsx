import type { ModelAnswer } from '@steward/client/answers';
import type { ReactNode } from 'react';
import { inProject } from '../../api/request';
import { figure } from '../../parts/format';
import { Go, pageOf } from '../../parts/go';
import { Page } from '../../parts/page';
import { PagedTable } from '../../parts/paged-table';
import { When } from '../../parts/when';
import { useMay } from '../../session/use-may';
import { ImportModel } from './import-model';

/** The models of a project. */
export function ModelsPage({ project }: { project: string }): ReactNode {
  return (
    <Page
      title="Models"
      about="Every version that a run has made or that was brought from elsewhere, and which alias points where."
      actions={useMay()('create', 'Model', project) && <ImportModel project={project} />}
    >
      <PagedTable<ModelAnswer>
        label="Models"
        path={inProject('training', project, 'models')}
        keyOf={({ model }) => model}
        empty="No run has made a model yet."
        columns={[
          { header: 'Model', cell: ({ model }) => <Go to={pageOf(project, 'models', model)}>{model}</Go> },
          { header: 'Versions', figures: true, cell: ({ versions }) => versions },
          { header: 'Newest', cell: ({ newest }) => `version ${newest.version}, ${newest.learner}` },
          { header: 'AUC of the newest', figures: true, cell: ({ newest }) => figure(newest.metrics.auc) },
          {
            header: 'Aliases',
            cell: ({ aliases }) =>
              aliases.map(({ alias, version }) => `${alias}: version ${version}`).join(', ') || 'none',
          },
          { header: 'Made', cell: ({ newest }) => <When at={newest.registeredAt} /> },
        ]}
      />
    </Page>
  );
}
