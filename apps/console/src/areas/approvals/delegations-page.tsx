import { Textarea, TextInput } from '@mantine/core';
import type { DelegationAnswer, Page as Answer } from '@steward/client/answers';
import type { ReactNode } from 'react';
import { inProject } from '../../api/request';
import { useGet } from '../../api/use-get';
import { AskDialog, fieldOf } from '../../parts/ask-dialog';
import { DataTable } from '../../parts/data-table';
import { Loaded } from '../../parts/loaded';
import { Page } from '../../parts/page';
import { Person } from '../../parts/person';
import { PersonSelect } from '../../parts/person-select';
import { Toned } from '../../parts/tone';
import { When } from '../../parts/when';
import { useSession } from '../../session/session-provider';
import { useMay } from '../../session/use-may';
import { delegationState } from './delegation-state';

/** A moment that was typed in the reader's time zone. */
const momentOf = (text: string): string => new Date(text).toISOString();

/** Who lets whom approve in his place, and when. */
export function DelegationsPage({ project }: { project: string }): ReactNode {
  const path = inProject('governance', project, 'approval-delegations');
  const query = useGet<Answer<DelegationAnswer>>(path);
  const { principalId } = useSession();
  const mayDelegate = useMay()('delegate', 'ApprovalRequest', project);
  return (
    <Page
      title="Delegations"
      about="Who may approve can let another do it for a time, where the policy allows it, for requests that are opened from then on. It is no way round four eyes."
      actions={mayDelegate && <Delegate path={path} />}
    >
      <Loaded query={query} what="the delegations">
        {({ items }) => (
          <DataTable<DelegationAnswer>
            label="Delegations"
            rows={items.toReversed()}
            keyOf={({ id }) => id}
            empty="Nobody has delegated."
            columns={[
              { header: 'Whose word', cell: ({ from }) => <Person id={from} /> },
              { header: 'Is given by', cell: ({ to }) => <Person id={to} /> },
              { header: 'From', cell: ({ startsAt }) => <When at={startsAt} /> },
              { header: 'Until', cell: ({ endsAt }) => <When at={endsAt} /> },
              {
                header: 'State',
                cell: (each) => {
                  const state = delegationState(each, Date.now());
                  return <Toned tone={state === 'in force' ? 'good' : 'quiet'}>{state}</Toned>;
                },
              },
              {
                header: 'End',
                cell: ({ id, from, revokedAt }) =>
                  mayDelegate && from === principalId && revokedAt === null ? (
                    <AskDialog
                      label="Take back"
                      danger
                      about="What was decided by it no longer counts."
                      change={() => ({ method: 'DELETE', path: `${path}/${encodeURIComponent(id)}` })}
                    />
                  ) : (
                    '–'
                  ),
              },
            ]}
          />
        )}
      </Loaded>
    </Page>
  );
}

function Delegate({ path }: { path: string }): ReactNode {
  return (
    <AskDialog
      label="Delegate"
      variant="filled"
      size="sm"
      change={(fields) => ({
        method: 'POST',
        path,
        body: {
          to: fieldOf(fields, 'to'),
          startsAt: momentOf(fieldOf(fields, 'from')),
          endsAt: momentOf(fieldOf(fields, 'until')),
          reason: fieldOf(fields, 'reason'),
        },
      })}
    >
      <PersonSelect name="to" label="To" path={`${path}/delegates`} />
      <TextInput name="from" label="From" type="datetime-local" required />
      <TextInput name="until" label="Until" type="datetime-local" required />
      <Textarea name="reason" label="Reason" required minLength={3} maxLength={2000} autosize minRows={2} />
    </AskDialog>
  );
}
