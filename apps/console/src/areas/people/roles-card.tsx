import { Button, Group, NativeSelect } from '@mantine/core';
import type { Page } from '@steward/client/answers';
import type { ReactNode } from 'react';
import { useGet } from '../../api/use-get';
import { useSend } from '../../api/use-send';
import { AskDialog, fieldOf } from '../../parts/ask-dialog';
import { Card } from '../../parts/card';
import { DataTable } from '../../parts/data-table';
import { ProblemNote } from '../../parts/problem-note';
import type { RoleOfPerson } from '../../session/session';
import { useMay } from '../../session/use-may';
import { withBinding, withoutBinding, type AccountAnswer } from './people-answers';
import { useRoleNames } from './use-role-names';

/** The roles of an account; each holds in one project or everywhere. */
export function RolesCard({ path, account }: { path: string; account: AccountAnswer }): ReactNode {
  const mayUpdate = useMay()('update', 'User', null);
  const send = useSend();
  const setTo = (roles: readonly RoleOfPerson[]) => ({
    method: 'PUT' as const,
    path: `${path}/roles`,
    body: { roles },
  });
  return (
    <Card
      title="Roles"
      actions={mayUpdate && <AddRole onAdd={(role) => setTo(withBinding(account.roles, role))} />}
    >
      {send.error && <ProblemNote error={send.error} />}
      <DataTable<RoleOfPerson>
        label="Roles"
        rows={account.roles}
        keyOf={({ role, project }) => `${role} ${project}`}
        empty="No role: the account may do nothing."
        columns={[
          { header: 'Role', cell: ({ role }) => role },
          { header: 'Where', cell: ({ project }) => project ?? 'everywhere' },
          ...(mayUpdate
            ? [
                {
                  header: 'Take away',
                  cell: (binding: RoleOfPerson) => (
                    <Button
                      size="compact-xs"
                      variant="default"
                      aria-label={`Take away ${binding.role} ${binding.project ?? 'everywhere'}`}
                      loading={send.isPending}
                      onClick={() => send.mutate(setTo(withoutBinding(account.roles, binding)))}
                    >
                      Take away
                    </Button>
                  ),
                },
              ]
            : []),
        ]}
      />
    </Card>
  );
}

function AddRole({
  onAdd,
}: {
  onAdd: (role: RoleOfPerson) => { method: 'PUT'; path: string; body: unknown };
}): ReactNode {
  const roles = useRoleNames();
  const { data } = useGet<Page<{ project: string }>>('/governance/v1/projects', { query: { limit: 1000 } });
  const projects = data?.items.map(({ project }) => project) ?? [];
  return (
    <AskDialog
      label="Add a role"
      doIt="Add"
      change={(fields) =>
        onAdd({ role: fieldOf(fields, 'role'), project: fieldOf(fields, 'project') || null })
      }
    >
      <Group grow>
        <NativeSelect name="role" label="Role" data={roles} data-autofocus />
        <NativeSelect name="project" label="Where" data={[{ value: '', label: 'everywhere' }, ...projects]} />
      </Group>
    </AskDialog>
  );
}
