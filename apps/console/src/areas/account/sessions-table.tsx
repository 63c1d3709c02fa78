import type { SessionAnswer } from '@steward/client/answers';
import type { ReactNode } from 'react';
import { AskDialog } from '../../parts/ask-dialog';
import { PagedTable } from '../../parts/paged-table';
import { Person } from '../../parts/person';
import { Toned } from '../../parts/tone';
import { When } from '../../parts/when';

/** Sessions of one person, of everybody (`*`), or one's own. */
export function SessionsTable({ principalId, mayEnd }: { principalId?: string; mayEnd: boolean }): ReactNode {
  return (
    <PagedTable<SessionAnswer>
      label="Sessions"
      path="/governance/v1/sessions"
      query={{ principalId }}
      keyOf={({ sessionId }) => sessionId}
      empty="There is no session."
      columns={[
        ...(principalId === '*'
          ? [{ header: 'Who', cell: (session: SessionAnswer) => <Person id={session.principalId} /> }]
          : []),
        { header: 'Kind', cell: ({ kind }) => (kind === 'cookie' ? 'browser' : 'program') },
        { header: 'Began', cell: ({ createdAt }) => <When at={createdAt} /> },
        { header: 'Ends', cell: ({ expiresAt }) => <When at={expiresAt} /> },
        { header: 'Address', cell: ({ address }) => address ?? '–' },
        { header: 'Browser', cell: ({ userAgent }) => userAgent ?? '–' },
        {
          header: 'End',
          cell: ({ sessionId, current }) =>
            current ? (
              <Toned tone="info">this one</Toned>
            ) : mayEnd ? (
              <AskDialog
                label="End"
                about="The session ends within a second, in every service."
                change={() => ({
                  method: 'DELETE',
                  path: `/governance/v1/sessions/${encodeURIComponent(sessionId)}`,
                })}
              />
            ) : (
              '–'
            ),
        },
      ]}
    />
  );
}
