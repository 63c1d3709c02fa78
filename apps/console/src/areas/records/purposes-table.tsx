import { Stack } from '@mantine/core';
import type { BookEntryAnswer, Page, PurposeAnswer } from '@steward/client/answers';
import type { ReactNode } from 'react';
import { inProject } from '../../api/request';
import { useGet } from '../../api/use-get';
import { Card } from '../../parts/card';
import { DataTable } from '../../parts/data-table';
import { DefinitionDialog } from '../../parts/definition-dialog';
import { Go, pageOf } from '../../parts/go';
import { Loaded } from '../../parts/loaded';
import { Person } from '../../parts/person';
import { State, Toned } from '../../parts/tone';
import { When } from '../../parts/when';
import { useMay } from '../../session/use-may';
import { basisText, categoryText, PURPOSE_TEMPLATE } from './purpose-words';

/** All purposes of a project. */
export function PurposesTable({ project }: { project: string }): ReactNode {
  const path = inProject('governance', project, 'processing', 'purposes');
  const query = useGet<Page<BookEntryAnswer<PurposeAnswer>>>(path);
  const mayWrite = useMay()('update', 'ProcessingRecord', project);
  return (
    <Card
      title="Purposes"
      actions={
        mayWrite && (
          <DefinitionDialog
            label="New purpose"
            kind="Purpose"
            text={PURPOSE_TEMPLATE}
            doIt="Write it"
            about="What is bound to it is judged anew at once, in every service. In YAML or JSON."
            pathOf={(name) => inProject('governance', project, 'processing', 'purposes', name)}
          />
        )
      }
    >
      <Loaded query={query} what="the purposes">
        {({ items }) => (
          <Stack gap="md">
            <DataTable
              label="Purposes"
              rows={items}
              keyOf={({ name }) => name}
              empty="No purpose yet. Without one nothing is bound, and nothing is refused, unless the project requires purposes."
              columns={[
                {
                  header: 'Purpose',
                  cell: ({ name, content }) => (
                    <Go to={pageOf(project, 'records', 'purposes', name)}>{content.title}</Go>
                  ),
                },
                { header: 'State', cell: ({ content }) => <State of={content.state} /> },
                {
                  header: 'Lawful basis',
                  cell: ({ content }) => (
                    <Toned tone={content.lawfulBasis ? 'good' : 'bad'}>
                      {basisText(content.lawfulBasis)}
                    </Toned>
                  ),
                },
                {
                  header: 'Special categories',
                  cell: ({ content }) => content.specialCategories.map(categoryText).join('; ') || 'none',
                },
                { header: 'Version', figures: true, cell: ({ version }) => version },
                { header: 'Changed by', cell: ({ changedBy }) => <Person id={changedBy} /> },
                { header: 'Changed', cell: ({ changedAt }) => <When at={changedAt} /> },
              ]}
            />
          </Stack>
        )}
      </Loaded>
    </Card>
  );
}
