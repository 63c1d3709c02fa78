import { SimpleGrid } from '@mantine/core';
import type { ReactNode } from 'react';
import { Card } from '../../parts/card';
import { Go } from '../../parts/go';
import { Page } from '../../parts/page';
import { PagedTable } from '../../parts/paged-table';
import { State } from '../../parts/tone';
import type { AccountAnswer } from './people-answers';

/** Who holds a role in a project. */
export function MembersPage({ project }: { project: string }): ReactNode {
  return (
    <Page
      title={`Members of ${project}`}
      about="People and machines with a role in this project. Who holds a role everywhere is not listed; roles are given on a person's page."
    >
      <SimpleGrid cols={{ base: 1, xl: 2 }}>
        <Card title="People">
          <Members project={project} label="People with a role" path="/governance/v1/users" />
        </Card>
        <Card title="Machines">
          <Members project={project} label="Machines with a role" path="/governance/v1/machines" />
        </Card>
      </SimpleGrid>
    </Page>
  );
}

function Members({ project, label, path }: { project: string; label: string; path: string }): ReactNode {
  return (
    <PagedTable<AccountAnswer>
      label={label}
      path={path}
      query={{ project }}
      cursor={path.endsWith('users') ? 'people' : 'machines'}
      keyOf={({ id }) => id}
      empty="None holds a role in this project."
      columns={[
        { header: 'Name', cell: ({ id, user }) => <Go to={`/people/${id}`}>{user}</Go> },
        { header: 'Shown as', cell: ({ displayName }) => displayName },
        { header: 'State', cell: ({ state }) => <State of={state} /> },
        {
          header: 'Roles here',
          cell: ({ roles }) =>
            roles
              .filter((binding) => binding.project === project)
              .map(({ role }) => role)
              .join(', '),
        },
      ]}
    />
  );
}
