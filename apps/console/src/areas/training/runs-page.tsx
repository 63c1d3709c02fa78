import type { ReactNode } from 'react';
import { Page } from '../../parts/page';
import { RunsTable } from './runs-table';

export function RunsPage({ project }: { project: string }): ReactNode {
  return (
    <Page title="Runs" about="Every training run of the project, started by people or by alerts.">
      <RunsTable project={project} />
    </Page>
  );
}
