import type { ReactNode } from 'react';
import { useGet } from '../../api/use-get';
import { Card } from '../../parts/card';
import { DataTable } from '../../parts/data-table';
import { Loaded } from '../../parts/loaded';
import { missingParts, type MissingPart, type ReportContent } from './report-content';
import { reportPath } from './report-kinds';

/** What the report ought to say and nobody has told Steward, with who owes it. */
export function MissingCard({ id }: { id: string }): ReactNode {
  const query = useGet<ReportContent>(reportPath(id, 'files', 'json'));
  return (
    <Card title="Missing parts">
      <Loaded query={query} what="what is missing">
        {(content) => (
          <DataTable<MissingPart>
            label="Missing parts"
            rows={missingParts(content)}
            keyOf={({ section, what }) => `${section} ${what}`}
            empty="Nothing is missing: every section could be filled."
            columns={[
              { header: 'Section', cell: ({ section }) => section },
              { header: 'Asked for by', cell: ({ basis }) => basis ?? '–' },
              { header: 'Missing', cell: ({ what }) => what },
              { header: 'Owed by', cell: ({ owedBy }) => owedBy },
            ]}
          />
        )}
      </Loaded>
    </Card>
  );
}
