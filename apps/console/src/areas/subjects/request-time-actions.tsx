import { NativeSelect } from '@mantine/core';
import type { ReactNode } from 'react';
import { AskDialog, fieldOf } from '../../parts/ask-dialog';
import { ReasonField } from '../../parts/reason-field';
import type { SubjectRequestAnswer } from './subject-answers';

/** More time, once; or the subject takes the request back. */
export function RequestTimeActions({
  path,
  request,
}: {
  path: string;
  request: SubjectRequestAnswer;
}): ReactNode {
  return (
    <>
      {!request.extended && !request.overdue && (
        <AskDialog
          label="Extend"
          about="Once, where it is complex or there are many. The subject is told why within the first month."
          change={(fields) => ({
            method: 'POST',
            path: `${path}/extend`,
            body: { months: Number(fieldOf(fields, 'months')), reason: fieldOf(fields, 'reason') },
          })}
        >
          <NativeSelect
            name="months"
            label="By"
            data={[
              { value: '1', label: 'one month' },
              { value: '2', label: 'two months' },
            ]}
          />
          <ReasonField />
        </AskDialog>
      )}
      {request.state === 'received' && (
        <AskDialog
          label="Withdrawn"
          doIt="End it"
          about="It ends because the subject took it back."
          change={(fields) => ({
            method: 'POST',
            path: `${path}/withdraw`,
            body: fieldOf(fields, 'reason') === '' ? {} : { reason: fieldOf(fields, 'reason') },
          })}
        >
          <ReasonField optional />
        </AskDialog>
      )}
    </>
  );
}
