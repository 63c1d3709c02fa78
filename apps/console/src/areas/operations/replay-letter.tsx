import { Text } from '@mantine/core';
import type { DeadLetterAnswer, LaterEventAnswer } from '@steward/client/answers';
import type { ReactNode } from 'react';
import { useGet } from '../../api/use-get';
import { AskDialog } from '../../parts/ask-dialog';
import { DataTable } from '../../parts/data-table';
import { Loaded } from '../../parts/loaded';
import { When } from '../../parts/when';

interface Props {
  readonly service: string;
  readonly letter: DeadLetterAnswer;
}

/** Has an event handled again, after showing which later ones of its key were handled since. */
export function ReplayLetter({ service, letter }: Props): ReactNode {
  const path = `/${service}/v1/dead-letters/${encodeURIComponent(letter.id)}`;
  return (
    <AskDialog
      label="Replay"
      about={letter.reason}
      change={(fields) => {
        const seen = fields.get('laterSeen');
        return {
          method: 'POST',
          path: `${path}/replay`,
          body: typeof seen === 'string' && seen !== '' ? { laterSeen: Number(seen) } : {},
        };
      }}
    >
      <Later path={path} />
    </AskDialog>
  );
}

function Later({ path }: { path: string }): ReactNode {
  const query = useGet<{ later: readonly LaterEventAnswer[] }>(path);
  return (
    <Loaded query={query} what="later events">
      {({ later }) => (
        <>
          <input type="hidden" name="laterSeen" value={later.at(-1)?.offset ?? ''} />
          {later.length > 0 && (
            <Text size="sm">
              These later events of the same key were handled already; replaying now puts this one after them.
            </Text>
          )}
          <DataTable
            label="Later events of the same key"
            rows={later}
            keyOf={({ offset }) => offset}
            empty="No later event of the same key was handled since."
            columns={[
              { header: 'Event', cell: ({ type }) => type },
              { header: 'Time', cell: ({ time }) => <When at={time} /> },
            ]}
          />
        </>
      )}
    </Loaded>
  );
}
