import { Stack } from '@mantine/core';
import type { ReactNode } from 'react';
import { useLocation } from 'wouter';
import { useGet } from '../../api/use-get';
import { AskDialog } from '../../parts/ask-dialog';
import { Card } from '../../parts/card';
import { DataTable } from '../../parts/data-table';
import { Facts } from '../../parts/facts';
import { GoButton } from '../../parts/go';
import { Loaded } from '../../parts/loaded';
import { Page } from '../../parts/page';
import { Person } from '../../parts/person';
import { Toned } from '../../parts/tone';
import { When } from '../../parts/when';
import { useMay } from '../../session/use-may';
import { conditionText, type RoleAnswer, type RuleAnswer } from './role-answers';

/** One role: its rules in words. */
export function RolePage({ role }: { role: string }): ReactNode {
  const path = `/governance/v1/roles/${encodeURIComponent(role)}`;
  const query = useGet<RoleAnswer>(path);
  const may = useMay();
  const own = query.data && !query.data.builtIn ? query.data : null;
  return (
    <Page
      title={`Role ${role}`}
      above={[['Roles', '/roles']]}
      actions={
        own && (
          <>
            {may('delete', 'Role', null) && <DeleteRole path={path} />}
            {may('update', 'Role', null) && (
              <GoButton to={`/roles/${encodeURIComponent(role)}/change`}>Change</GoButton>
            )}
          </>
        )
      }
    >
      <Loaded query={query} what="the role">
        {(found) => (
          <Stack gap="md">
            <Card title="Role">
              <Facts
                of={[
                  ['Kind', found.builtIn ? 'built in: it changes with the software' : 'made here'],
                  ['What for', found.description || '–'],
                  ['Version', found.version],
                  ['Second factor', found.requiresTotp ? 'needed' : 'not needed'],
                  ['Changed by', found.changedBy ? <Person key="who" id={found.changedBy} /> : null],
                  ['Changed', found.changedAt ? <When key="when" at={found.changedAt} /> : null],
                ]}
              />
            </Card>
            <Card title="Rules">
              <DataTable<RuleAnswer>
                label="Rules"
                rows={found.rules}
                keyOf={(rule) => JSON.stringify(rule)}
                empty="The role permits nothing."
                columns={[
                  {
                    header: 'Verdict',
                    cell: ({ inverted }) => (
                      <Toned tone={inverted ? 'bad' : 'good'}>{inverted ? 'forbids' : 'permits'}</Toned>
                    ),
                  },
                  { header: 'Actions', cell: ({ action }) => action.join(', ') },
                  { header: 'Subjects', cell: ({ subject }) => subject.join(', ') },
                  { header: 'Where', cell: ({ conditions }) => conditionText(conditions) || 'always' },
                ]}
              />
            </Card>
          </Stack>
        )}
      </Loaded>
    </Page>
  );
}

function DeleteRole({ path }: { path: string }): ReactNode {
  const [, go] = useLocation();
  return (
    <AskDialog
      label="Delete"
      danger
      size="sm"
      about="A role that somebody holds cannot be deleted."
      change={() => ({ method: 'DELETE', path })}
      done={() => {
        go('/roles');
        return null;
      }}
    />
  );
}
