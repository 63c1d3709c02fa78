import type { ReactNode } from 'react';
import { inProject } from '../../api/request';
import { AskDialog } from '../../parts/ask-dialog';
import { words } from '../../parts/format';
import { Go, pageOf } from '../../parts/go';
import { Mono } from '../../parts/mono';
import { PagedTable } from '../../parts/paged-table';
import { When } from '../../parts/when';
import { useMay } from '../../session/use-may';

interface TermAnswer {
  readonly pseudonym: string;
  readonly because: 'restriction' | 'objection' | 'consent-withdrawn';
  readonly training: boolean;
  readonly inference: 'allowed' | 'person' | 'refused';
  readonly requestId: string | null;
  readonly since: string;
}

const INFERENCE = { allowed: 'allowed', person: 'a person decides', refused: 'refused' } as const;

/** Subjects who are left out: restricted, objecting, or with a consent withdrawn. */
export function SubjectTermsTable({ project }: { project: string }): ReactNode {
  const mayLift = useMay()('update', 'SubjectRequest', project);
  return (
    <PagedTable<TermAnswer>
      label="Subjects whose data are not processed as others’ are"
      path={inProject('governance', project, 'subject-terms')}
      keyOf={({ pseudonym, because }) => `${pseudonym} ${because}`}
      empty="No subject is restricted, objects, or has withdrawn a consent."
      columns={[
        { header: 'Subject', cell: ({ pseudonym }) => <Mono of={pseudonym} length={16} /> },
        { header: 'Because', cell: ({ because }) => words(because) },
        { header: 'Training', cell: ({ training }) => (training ? 'allowed' : 'left out') },
        { header: 'Predictions', cell: ({ inference }) => INFERENCE[inference] },
        {
          header: 'Request',
          cell: ({ requestId }) =>
            requestId ? (
              <Go to={pageOf(project, 'subject-requests', requestId)}>{requestId.slice(-8)}</Go>
            ) : (
              '–'
            ),
        },
        { header: 'Since', cell: ({ since }) => <When at={since} /> },
        {
          header: 'Lift',
          cell: ({ pseudonym, because }) =>
            mayLift && because !== 'consent-withdrawn' ? (
              <AskDialog
                label={`Lift the ${because}`}
                doIt="Lift it"
                about="The subject’s data are processed again, in every service."
                change={() => ({
                  method: 'POST',
                  path: inProject('governance', project, 'subject-terms', pseudonym, 'lift'),
                  body: { because },
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
