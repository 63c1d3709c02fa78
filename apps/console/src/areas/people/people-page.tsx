import { Group, PasswordInput, SegmentedControl, TextInput } from '@mantine/core';
import type { ReactNode } from 'react';
import { AskDialog, fieldOf } from '../../parts/ask-dialog';
import { Go } from '../../parts/go';
import { Page } from '../../parts/page';
import { PagedTable } from '../../parts/paged-table';
import { State } from '../../parts/tone';
import { useFilters } from '../../parts/use-filters';
import { When } from '../../parts/when';
import { useMay } from '../../session/use-may';
import { bindingText, type AccountAnswer } from './people-answers';

/** Accounts of people and of machines. */
export function PeoplePage(): ReactNode {
  const mayCreate = useMay()('create', 'User', null);
  const [{ kind }, filter] = useFilters(['kind']);
  const machines = kind === 'machines';
  return (
    <Page
      title="People and machines"
      about="People log in; machines call with API keys. What they may do comes from their roles."
      actions={
        mayCreate && (
          <Group gap="xs">
            <NewMachine />
            <NewPerson />
          </Group>
        )
      }
    >
      <SegmentedControl
        size="xs"
        w="fit-content"
        aria-label="Kind of account"
        value={machines ? 'machines' : 'people'}
        onChange={(value) => filter({ kind: value })}
        data={[
          { value: 'people', label: 'People' },
          { value: 'machines', label: 'Machines' },
        ]}
      />
      <PagedTable<AccountAnswer>
        label={machines ? 'Machines' : 'People'}
        path={machines ? '/governance/v1/machines' : '/governance/v1/users'}
        keyOf={({ id }) => id}
        empty={machines ? 'No machine has an account.' : 'Nobody has an account.'}
        columns={[
          { header: 'Name', cell: ({ id, user }) => <Go to={`/people/${id}`}>{user}</Go> },
          { header: 'Shown as', cell: ({ displayName }) => displayName },
          { header: 'State', cell: ({ state }) => <State of={state} /> },
          { header: 'Roles', cell: ({ roles }) => roles.map(bindingText).join(', ') || 'none' },
          { header: 'Made', cell: ({ createdAt }) => <When at={createdAt} /> },
        ]}
      />
    </Page>
  );
}

function NewPerson(): ReactNode {
  return (
    <AskDialog
      label="New person"
      doIt="Make the account"
      variant="filled"
      size="sm"
      change={(fields) => ({
        method: 'POST',
        path: '/governance/v1/users',
        body: {
          user: fieldOf(fields, 'user'),
          password: fields.get('password'),
          displayName: fieldOf(fields, 'displayName') || undefined,
        },
      })}
    >
      <TextInput name="user" label="User" autoComplete="off" required data-autofocus />
      <TextInput name="displayName" label="Shown as" autoComplete="off" />
      <PasswordInput
        name="password"
        label="First password"
        description="12 characters or more"
        autoComplete="new-password"
        minLength={12}
        required
      />
    </AskDialog>
  );
}

function NewMachine(): ReactNode {
  return (
    <AskDialog
      label="New machine"
      doIt="Make the account"
      size="sm"
      change={(fields) => ({
        method: 'POST',
        path: '/governance/v1/machines',
        body: { name: fieldOf(fields, 'name') },
      })}
    >
      <TextInput name="name" label="Name" required data-autofocus />
    </AskDialog>
  );
}
