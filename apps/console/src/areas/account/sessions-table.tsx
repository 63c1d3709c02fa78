import type { ReactNode } from 'react';
import { AskDialog } from '../../parts/ask-dialog';
import { PagedTable } from '../../parts/paged-table';
import { Person } from '../../parts/person';
import { Toned } from '../../parts/tone';
import { When } from '../../parts/when';

interface SessionItem {
  readonly sessionId: string;
  readonly principalId: string;
  readonly kind: 'cookie' | 'token';
  readonly createdAt: string;
  readonly expiresAt: string;
  readonly address: string | null;
  readonly userAgent: string | null;
  readonly current: boolean;
}

/** Sessions of one person, of everybody (`*`), or one's own. */
export function SessionsTable({ principalId, mayEnd }: { principalId?: string; mayEnd: boolean }): ReactNode {
  return (
    <PagedTable<SessionItem>
      label="Sessions"
      path="/governance/v1/sessions"
      query={{ principalId }}
      keyOf={({ sessionId }) => sessionId}
      empty="There is no session."
      columns={[
        ...(principalId === '*'
          ? [{ header: 'Who', cell: (session: SessionItem) => <Person id={session.principalId} /> }]
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
