import type { ReactNode } from 'react';
import { useGet } from '../../api/use-get';
import { DataTable } from '../../parts/data-table';
import { several } from '../../parts/format';
import { Go, GoButton } from '../../parts/go';
import { Loaded } from '../../parts/loaded';
import { Page } from '../../parts/page';
import { Person } from '../../parts/person';
import { Toned } from '../../parts/tone';
import { When } from '../../parts/when';
import { useMay } from '../../session/use-may';
import type { RoleAnswer } from './role-answers';

/** Roles that can be given. */
export function RolesPage(): ReactNode {
  const query = useGet<{ items: readonly RoleAnswer[] }>('/governance/v1/roles');
  return (
    <Page
      title="Roles"
      about="A role is a list of rules. Every service applies the same ones, and a change reaches all of them within a second."
      actions={
        useMay()('update', 'Role', null) && (
          <GoButton to="/new-role" variant="filled">
            New role
          </GoButton>
        )
      }
    >
      <Loaded query={query} what="the roles">
        {({ items }) => (
          <DataTable<RoleAnswer>
            label="Roles"
            rows={items}
            keyOf={({ role }) => role}
            empty="There is no role."
            columns={[
              {
                header: 'Role',
                cell: ({ role }) => <Go to={`/roles/${encodeURIComponent(role)}`}>{role}</Go>,
              },
              {
                header: 'Kind',
                cell: ({ builtIn }) => (
                  <Toned tone={builtIn ? 'quiet' : 'info'}>{builtIn ? 'built in' : 'made here'}</Toned>
                ),
              },
              { header: 'What for', cell: ({ description }) => description || '–' },
              { header: 'Rules', cell: ({ rules }) => several(rules.length, 'rule') },
              {
                header: 'Second factor',
                cell: ({ requiresTotp }) => (requiresTotp ? 'needed' : 'not needed'),
              },
              { header: 'Changed by', cell: ({ changedBy }) => <Person id={changedBy} /> },
              { header: 'Changed', cell: ({ changedAt }) => <When at={changedAt} /> },
            ]}
          />
        )}
      </Loaded>
    </Page>
  );
}
