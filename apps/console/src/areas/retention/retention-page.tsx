import type { ReactNode } from 'react';
import { Page } from '../../parts/page';
import { Tabbed } from '../../parts/tabbed';
import { HoldsTable } from './holds-table';
import { RunsTable } from './runs-table';
import { ScheduleCard } from './schedule-card';

/** Storage limitation: how long data are kept, runs that delete what has outlived its time, and legal holds. */
export function RetentionPage({ project }: { project: string }): ReactNode {
  return (
    <Page
      title="Retention"
      about="What has outlived its time is counted first, confirmed by a second person or by policy, and deleted by each service. Legal holds stop it (GDPR Art. 5(1)(e))."
    >
      <Tabbed
        parts={[
          ['schedule', 'How long', <ScheduleCard key="schedule" project={project} />],
          ['runs', 'Runs', <RunsTable key="runs" project={project} />],
          ['holds', 'Legal holds', <HoldsTable key="holds" project={project} />],
        ]}
      />
    </Page>
  );
}
