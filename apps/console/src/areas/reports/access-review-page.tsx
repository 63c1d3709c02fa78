import { Stack } from '@mantine/core';
import type { Page as Answer, ReportAnswer } from '@steward/client/answers';
import type { ReactNode } from 'react';
import { useGet } from '../../api/use-get';
import { Card } from '../../parts/card';
import { DataTable } from '../../parts/data-table';
import { Facts } from '../../parts/facts';
import { Go } from '../../parts/go';
import { Loaded } from '../../parts/loaded';
import { Page } from '../../parts/page';
import { When } from '../../parts/when';
import { useMay } from '../../session/use-may';
import { NewReport } from './new-report';
import { accessReviewOf, type ReportContent, type ReportTable } from './report-content';
import { REPORTS, reportPath } from './report-kinds';

/** Who had which right, who used it, and which rights nobody used: from the newest access review. */
export function AccessReviewPage(): ReactNode {
  const query = useGet<Answer<ReportAnswer>>(REPORTS, { query: { kind: 'access-review', limit: 1 } });
  return (
    <Page
      title="Access review"
      about="Rights that are held, and those that nobody used in the period: take them back where they are not needed."
      actions={useMay()('create', 'Report', null) && <NewReport kind="access-review" />}
    >
      <Loaded query={query} what="the newest access review">
        {({ items }) =>
          items[0] ? (
            <Review report={items[0]} />
          ) : (
            <Card title="No access review yet">Have one made: it says who had what, and who used it.</Card>
          )
        }
      </Loaded>
    </Page>
  );
}

function Review({ report: { id, period, project } }: { report: ReportAnswer }): ReactNode {
  const query = useGet<ReportContent>(reportPath(id, 'files', 'json'));
  return (
    <Stack gap="md">
      <Card title="Review">
        <Facts
          of={[
            ['Of', project ?? 'the whole installation'],
            ['As of', <When key="to" at={period.to} />],
            [
              'Report',
              <Go key="report" to={`/reports/${encodeURIComponent(id)}`}>
                with its proof and files
              </Go>,
            ],
          ]}
        />
      </Card>
      <Loaded query={query} what="the review">
        {(content) => {
          const { held, unused } = accessReviewOf(content);
          return (
            <>
              <ReviewTable
                title="Not used"
                table={unused}
                empty="Every right that is held was used in the period."
              />
              <ReviewTable title="Held" table={held} empty="Nobody holds a role." />
            </>
          );
        }}
      </Loaded>
    </Stack>
  );
}

function ReviewTable(props: { title: string; table: ReportTable | null; empty: string }): ReactNode {
  const { caption = props.title, columns = [], rows = [] } = props.table ?? {};
  return (
    <Card title={props.title}>
      <DataTable<{ readonly cells: readonly string[]; readonly at: number }>
        label={caption}
        rows={rows.map(({ cells }, at) => ({ cells, at }))}
        keyOf={({ at }) => at}
        empty={props.empty}
        columns={columns.map((header, column) => ({
          header,
          cell: ({ cells }) => cells[column] || '–',
        }))}
      />
    </Card>
  );
}
