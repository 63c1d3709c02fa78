import { NativeSelect } from '@mantine/core';
import type { ReportAnswer } from '@steward/client/answers';
import { useAbility } from '@casl/react';
import type { ReactNode } from 'react';
import { Go } from '../../parts/go';
import { Page } from '../../parts/page';
import { PagedTable } from '../../parts/paged-table';
import { Person } from '../../parts/person';
import { Toned } from '../../parts/tone';
import { useFilters } from '../../parts/use-filters';
import { When } from '../../parts/when';
import { mayAnywhere, type SessionAbility } from '../../session/session';
import { useMay } from '../../session/use-may';
import { NewReport } from './new-report';
import { REPORT_KINDS, REPORTS } from './report-kinds';

/** What a report is about, in words. */
export const aboutOf = ({ project, model, dataset }: ReportAnswer): string =>
  [project ?? 'the whole installation', model && `model ${model}`, dataset && `dataset ${dataset}`]
    .filter(Boolean)
    .join(', ');

/** Reports that were issued, of a project or of all that the person may read. */
export function ReportsPage({ project }: { project?: string }): ReactNode {
  const [{ kind }, filter] = useFilters(['kind']);
  const may = useMay();
  const anywhere = mayAnywhere(useAbility<SessionAbility>(), 'create', 'Report');
  const mayMake = project === undefined ? anywhere : may('create', 'Report', project);
  return (
    <Page
      title={project === undefined ? 'Reports' : `Reports on ${project}`}
      about="Each is made from evidence, signed, and entered into the audit log, so that anybody can check its files offline."
      actions={
        <>
          <NativeSelect
            size="xs"
            aria-label="Kind"
            value={kind}
            data={[
              { value: '', label: 'Every kind' },
              ...REPORT_KINDS.map((each) => ({ value: each.kind, label: each.title })),
            ]}
            onChange={({ currentTarget: { value } }) => filter({ kind: value })}
          />
          {mayMake && <NewReport project={project} />}
        </>
      }
    >
      <PagedTable<ReportAnswer>
        label="Reports"
        path={REPORTS}
        query={{ project, kind }}
        keyOf={({ id }) => id}
        empty={kind ? 'No report of this kind was made.' : 'No report was made yet.'}
        columns={[
          {
            header: 'Report',
            cell: ({ id, title }) => <Go to={`/reports/${encodeURIComponent(id)}`}>{title}</Go>,
          },
          { header: 'About', cell: aboutOf },
          {
            header: 'Missing parts',
            cell: ({ missing }) => (
              <Toned tone={missing === 0 ? 'good' : 'warn'}>{missing === 0 ? 'none' : missing}</Toned>
            ),
          },
          { header: 'Made by', cell: ({ issuedBy }) => <Person id={issuedBy} /> },
          { header: 'Made', cell: ({ issuedAt }) => <When at={issuedAt} /> },
        ]}
      />
    </Page>
  );
}
