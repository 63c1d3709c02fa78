import type { ReactNode } from 'react';
import { Page } from '../../parts/page';
import { Tabbed } from '../../parts/tabbed';
import { useMay } from '../../session/use-may';
import { BindingsTable } from './bindings-table';
import { ConsentsTable } from './consents-table';
import { PurposesTable } from './purposes-table';
import { RecordOfProcessing } from './record-of-processing';

/** The books of processing: the record of Art. 30, purposes, what is bound to them, and consents. */
export function RecordsPage({ project }: { project: string }): ReactNode {
  const mayReadConsents = useMay()('read', 'Consent', project);
  return (
    <Page
      title="Records"
      about="What personal data are processed for. The record of processing (GDPR Art. 30) is generated from these books and from what the services told; nothing is typed twice."
    >
      <Tabbed
        parts={[
          ['record', 'Record of processing', <RecordOfProcessing key="record" project={project} />],
          ['purposes', 'Purposes', <PurposesTable key="purposes" project={project} />],
          ['bindings', 'Bindings', <BindingsTable key="bindings" project={project} />],
          ...(mayReadConsents
            ? ([['consents', 'Consents', <ConsentsTable key="consents" project={project} />]] as const)
            : []),
        ]}
      />
    </Page>
  );
}
