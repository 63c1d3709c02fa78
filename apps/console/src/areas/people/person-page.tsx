import { Stack } from '@mantine/core';
import type { ReactNode } from 'react';
import { useGet } from '../../api/use-get';
import { AskDialog } from '../../parts/ask-dialog';
import { Card } from '../../parts/card';
import { Facts } from '../../parts/facts';
import { Go } from '../../parts/go';
import { Loaded } from '../../parts/loaded';
import { Page } from '../../parts/page';
import { State } from '../../parts/tone';
import { When } from '../../parts/when';
import { useMay } from '../../session/use-may';
import { SessionsTable } from '../account/sessions-table';
import type { AccountAnswer } from './people-answers';
import { RolesCard } from './roles-card';

/** One account: its state, its roles, its sessions. */
export function PersonPage({ id }: { id: string }): ReactNode {
  const path = `/governance/v1/users/${encodeURIComponent(id)}`;
  const query = useGet<AccountAnswer>(path);
  const mayUpdate = useMay()('update', 'User', null);
  return (
    <Page
      title={query.data?.displayName ?? 'Account'}
      above={[['People and machines', '/people']]}
      actions={mayUpdate && query.data && <AccountActions path={path} account={query.data} />}
    >
      <Loaded query={query} what="the account">
        {(account) => (
          <Stack gap="md">
            <Card title="Account">
              <Facts
                of={[
                  ['Name', account.user],
                  ['Kind', account.kind],
                  ['State', <State key="state" of={account.state} />],
                  ['Id', account.id],
                  ['Made', <When key="when" at={account.createdAt} />],
                  [
                    'What they did',
                    <Go key="audit" to={`/audit?actor=${encodeURIComponent(id)}`}>
                      entries of the audit log
                    </Go>,
                  ],
                ]}
              />
            </Card>
            <RolesCard path={path} account={account} />
            {account.kind === 'person' && (
              <Card title="Sessions">
                <SessionsTable principalId={id} mayEnd={mayUpdate} />
              </Card>
            )}
          </Stack>
        )}
      </Loaded>
    </Page>
  );
}

function AccountActions({ path, account }: { path: string; account: AccountAnswer }): ReactNode {
  const disable = account.state === 'active';
  return (
    <>
      <AskDialog
        label="End all sessions"
        about="Every session and token of this account ends within a second, in every service."
        change={() => ({ method: 'PATCH', path, body: { revokeTokens: true } })}
      />
      <AskDialog
        label={disable ? 'Disable' : 'Enable'}
        danger={disable}
        about={
          disable
            ? 'The account can do nothing until it is enabled again.'
            : 'The account can log in again, with the roles that it has.'
        }
        change={() => ({ method: 'PATCH', path, body: { state: disable ? 'disabled' : 'active' } })}
      />
    </>
  );
}
