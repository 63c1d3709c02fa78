import type { DatasetAnswer } from '@steward/client/answers';
import type { ReactNode } from 'react';
import { inProject } from '../../api/request';
import { LIVE_MS } from '../../api/use-get';
import { count } from '../../parts/format';
import { Go, pageOf } from '../../parts/go';
import { Page } from '../../parts/page';
import { PagedTable } from '../../parts/paged-table';
import { useMay } from '../../session/use-may';
import { RegisterContract } from './register-contract';

/** The datasets of a project. */
export function DatasetsPage({ project }: { project: string }): ReactNode {
  const mayRegister = useMay()('create', 'Contract', project);
  return (
    <Page
      title="Datasets"
      about="A contract says what rows must look like; what breaks it goes to quarantine, and every upload makes a new version."
      actions={mayRegister && <RegisterContract project={project} />}
    >
      <PagedTable<DatasetAnswer>
        label="Datasets"
        path={inProject('ingestion', project, 'datasets')}
        every={LIVE_MS}
        keyOf={({ name }) => name}
        empty="There is no dataset yet. Register a contract to begin."
        columns={[
          { header: 'Dataset', cell: ({ name }) => <Go to={pageOf(project, 'datasets', name)}>{name}</Go> },
          { header: 'Contract', figures: true, cell: ({ contractVersion }) => `version ${contractVersion}` },
          { header: 'Versions', figures: true, cell: ({ versions }) => count(versions) },
          { header: 'Rows', figures: true, cell: ({ rows }) => count(rows) },
        ]}
      />
    </Page>
  );
}
