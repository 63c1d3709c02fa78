import { Button } from '@mantine/core';
import type { QuarantineAnswer } from '@steward/client/answers';
import type { ReactNode } from 'react';
import { inProject } from '../../api/request';
import { pageOf } from '../../parts/go';
import { Page } from '../../parts/page';
import { PagedTable } from '../../parts/paged-table';

/** Rows that broke the contract, and by which rule. Identifiers are masked by ingestion. */
export function QuarantinePage(props: { project: string; dataset: string; batch: string }): ReactNode {
  const { project, dataset, batch } = props;
  const path = inProject('ingestion', project, 'datasets', dataset, 'batches', batch, 'quarantine');
  return (
    <Page
      title={`Quarantine of an upload to ${dataset}`}
      above={[
        ['Datasets', pageOf(project, 'datasets')],
        [dataset, `${pageOf(project, 'datasets', dataset)}?tab=uploads`],
      ]}
      about="A row is listed once for every rule that it breaks."
      actions={
        <Button component="a" href={`${path}.csv`} download variant="default" size="xs">
          Download as CSV
        </Button>
      }
    >
      <PagedTable<QuarantineAnswer>
        label="Rows in quarantine"
        path={path}
        keyOf={({ row, column, rule }) => `${row} ${column} ${rule}`}
        empty="Nothing is in quarantine."
        columns={[
          { header: 'Row', figures: true, cell: ({ row }) => row },
          { header: 'Line', figures: true, cell: ({ line }) => line ?? '–' },
          { header: 'Column', cell: ({ column }) => column ?? '–' },
          { header: 'Rule', cell: ({ rule }) => rule },
          { header: 'Value', cell: ({ value }) => value ?? '–' },
        ]}
      />
    </Page>
  );
}
