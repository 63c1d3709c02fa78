import { Button, Code, Stack, Text } from '@mantine/core';
import type { ReportAnswer } from '@steward/client/answers';
import type { ReactNode } from 'react';
import { pathWith } from '../../api/request';
import { useGet } from '../../api/use-get';
import { Card } from '../../parts/card';
import { DataTable } from '../../parts/data-table';
import { Facts } from '../../parts/facts';
import { bytes } from '../../parts/format';
import { Loaded } from '../../parts/loaded';
import { Page } from '../../parts/page';
import { Person } from '../../parts/person';
import { When } from '../../parts/when';
import { MissingCard } from './missing-card';
import { REPORT_FORMATS, reportPath } from './report-kinds';
import classes from './report-page.module.css';
import { ReportProofCard } from './report-proof-card';
import { aboutOf } from './reports-page';

/** The beginning of time stands for a period that nobody bounded. */
const EPOCH = '1970-01-01T00:00:00.000Z';

/** One report: what it says, what it lacks, its files, and the proof of them. */
export function ReportPage({ id }: { id: string }): ReactNode {
  const query = useGet<ReportAnswer>(reportPath(id));
  const title = query.data?.title ?? 'Report';
  return (
    <Page title={title} above={[['Reports', '/reports']]}>
      <Loaded query={query} what="the report">
        {(report) => (
          <Stack gap="md">
            <ReportFacts report={report} />
            <ReportProofCard id={id} />
            <MissingCard id={id} />
            <Content id={id} title={title} />
          </Stack>
        )}
      </Loaded>
    </Page>
  );
}

function ReportFacts({ report }: { report: ReportAnswer }): ReactNode {
  const { id, period, issuedBy, issuedAt, files } = report;
  return (
    <Card title="Report and its files">
      <Facts
        of={[
          ['About', aboutOf(report)],
          ['From', period.from === EPOCH ? 'the beginning' : <When key="from" at={period.from} />],
          ['Until', <When key="to" at={period.to} />],
          ['Made by', <Person key="who" id={issuedBy} />],
          ['Made', <When key="when" at={issuedAt} />],
          ['Id', id],
        ]}
      />
      <DataTable
        label="Files of the report"
        rows={REPORT_FORMATS.filter((format) => files[format])}
        keyOf={(format) => format}
        empty="The report has no file."
        columns={[
          {
            header: 'File',
            cell: (format) => (
              <Button
                component="a"
                href={reportPath(id, 'files', format)}
                download
                size="xs"
                variant="default"
              >
                Download {format.toUpperCase()}
              </Button>
            ),
          },
          { header: 'Size', figures: true, cell: (format) => bytes(files[format]?.size ?? 0) },
          {
            header: 'SHA-256',
            cell: (format) => <Code className={classes.digest}>{files[format]?.digest}</Code>,
          },
        ]}
      />
    </Card>
  );
}

/** The report's own page, in a frame that runs nothing and has no origin. */
function Content({ id, title }: { id: string; title: string }): ReactNode {
  const source = pathWith(reportPath(id, 'files', 'html'), { as: 'page' });
  return (
    <Card
      title="Content"
      actions={
        <Button component="a" href={source} target="_blank" rel="noopener" size="xs" variant="default">
          Open in a new tab
        </Button>
      }
    >
      <iframe className={classes.frame} title={`Content: ${title}`} src={source} sandbox="" />

      <Text size="xs" c="dimmed">
        The file as it was signed. It runs no script and loads nothing.
      </Text>
    </Card>
  );
}
