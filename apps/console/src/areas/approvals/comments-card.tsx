import { Textarea } from '@mantine/core';
import type { ApprovalAnswer, CommentAnswer } from '@steward/client/answers';
import type { ReactNode } from 'react';
import { inProject } from '../../api/request';
import { AskDialog, fieldOf } from '../../parts/ask-dialog';
import { Card } from '../../parts/card';
import { DataTable } from '../../parts/data-table';
import { Person } from '../../parts/person';
import { When } from '../../parts/when';
import { useMay } from '../../session/use-may';

/** Remarks on a request; they decide nothing. */
export function CommentsCard({
  project,
  approval,
}: {
  project: string;
  approval: ApprovalAnswer;
}): ReactNode {
  return (
    <Card
      title="Comments"
      actions={
        useMay()('comment', 'ApprovalRequest', project) && (
          <AskDialog
            label="Add a comment"
            about="It decides nothing, and stays with the request."
            change={(fields) => ({
              method: 'POST',
              path: `${inProject('governance', project, 'approvals', approval.id)}/comments`,
              body: { text: fieldOf(fields, 'text') },
            })}
          >
            <Textarea name="text" label="Comment" required maxLength={4000} autosize minRows={3} />
          </AskDialog>
        )
      }
    >
      <DataTable<CommentAnswer>
        label="Comments"
        rows={approval.comments ?? []}
        keyOf={({ id }) => id}
        empty="Nobody has commented."
        columns={[
          { header: 'Who', cell: ({ person }) => <Person id={person} /> },
          { header: 'Comment', cell: ({ text }) => text ?? 'erased' },
          { header: 'When', cell: ({ at }) => <When at={at} /> },
        ]}
      />
    </Card>
  );
}
