import type { BreachAnswer } from '@steward/client/answers';
import type { ReactNode } from 'react';
import { inProject } from '../../api/request';
import { LIVE_MS } from '../../api/use-get';
import { count } from '../../parts/format';
import { Go, pageOf } from '../../parts/go';
import { Page } from '../../parts/page';
import { PagedTable } from '../../parts/paged-table';
import { State, Toned } from '../../parts/tone';
import { When } from '../../parts/when';
import { useMay } from '../../session/use-may';
import { breachClock } from './breach-clock';
import { OpenBreach } from './open-breach';

/** Breaches of personal data, with the clock of 72 hours. */
export function BreachesPage({ project }: { project: string }): ReactNode {
  return (
    <Page
      title="Breaches"
      about="GDPR Art. 33 and 34: from a time range, accounts, keys and a dataset to the subjects and records that may be exposed. The authority is notified within 72 hours of becoming aware."
      actions={useMay()('create', 'Breach', project) && <OpenBreach project={project} />}
    >
      <PagedTable<BreachAnswer>
        label="Breaches, newest first"
        path={inProject('governance', project, 'breaches')}
        every={LIVE_MS}
        keyOf={({ id }) => id}
        empty="There has been no breach."
        columns={[
          {
            header: 'Breach',
            cell: ({ id }) => <Go to={pageOf(project, 'breaches', id)}>{id.slice(-8)}</Go>,
          },
          { header: 'What happened', cell: ({ summary }) => summary ?? 'erased' },
          { header: 'State', cell: ({ state }) => <State of={state} /> },
          {
            header: 'Clock',
            cell: (breach) => {
              const { tone, says } = breachClock(breach);
              return <Toned tone={tone}>{says}</Toned>;
            },
          },
          {
            header: 'Subjects',
            figures: true,
            cell: ({ exposure }) => (exposure ? count(exposure.subjects) : 'being counted'),
          },
          { header: 'Predictions', figures: true, cell: ({ exposure }) => count(exposure?.predictionRows) },
          { header: 'Rows', figures: true, cell: ({ exposure }) => count(exposure?.datasetRows) },
          { header: 'Aware since', cell: ({ awareAt }) => <When at={awareAt} /> },
          { header: 'Notify until', cell: ({ dueAt }) => <When at={dueAt} /> },
        ]}
      />
    </Page>
  );
}
