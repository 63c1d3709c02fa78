import { PasswordInput, Stack } from '@mantine/core';
import type { ReactNode } from 'react';
import { AskDialog } from '../../parts/ask-dialog';
import { Card } from '../../parts/card';
import { DataTable } from '../../parts/data-table';
import { Facts } from '../../parts/facts';
import { Page } from '../../parts/page';
import { When } from '../../parts/when';
import { SecondFactor } from './second-factor';
import { useSession } from '../../session/session-provider';

/** Who one is, what one may be, and one's password. */
export function AccountPage(): ReactNode {
  const { displayName, user, principalId, roles, expiresAt, totp } = useSession();
  return (
    <Page title={displayName} about="Your account." actions={<ChangePassword />}>
      <Stack gap="md">
        <Card title="Account">
          <Facts
            of={[
              ['User', user],
              ['Id', principalId],
              ['Session ends', <When key="when" at={expiresAt} />],
              ['Second factor', totp ? 'confirmed' : 'none'],
            ]}
          />
          <SecondFactor confirmed={totp} />
        </Card>
        <Card title="Roles">
          <DataTable
            label="Your roles"
            rows={roles}
            keyOf={({ role, project }) => `${role} ${project}`}
            empty="You have no role. An administrator gives you one."
            columns={[
              { header: 'Role', cell: ({ role }) => role },
              { header: 'Where', cell: ({ project }) => project ?? 'everywhere' },
            ]}
          />
        </Card>
      </Stack>
    </Page>
  );
}

function ChangePassword(): ReactNode {
  return (
    <AskDialog
      label="Change password"
      about="All your sessions end, this one too."
      change={(fields) => ({
        method: 'PUT',
        path: '/governance/v1/me/password',
        body: { current: fields.get('current'), password: fields.get('password') },
      })}
    >
      <PasswordInput
        name="current"
        label="Password now"
        autoComplete="current-password"
        required
        data-autofocus
      />
      <PasswordInput
        name="password"
        label="New password"
        description="12 characters or more"
        autoComplete="new-password"
        minLength={12}
        required
      />
    </AskDialog>
  );
}
