import { Textarea } from '@mantine/core';
import type { ApprovalAnswer } from '@steward/client/answers';
import type { ReactNode } from 'react';
import { inProject } from '../../api/request';
import { AskDialog, fieldOf } from '../../parts/ask-dialog';
import { useMay } from '../../session/use-may';

/** Approve and reject, for who may. Governance refuses who is excluded, whatever the console shows. */
export function ApprovalActions({
  project,
  approval,
}: {
  project: string;
  approval: ApprovalAnswer;
}): ReactNode {
  const may = useMay();
  const path = inProject('governance', project, 'approvals', approval.id);
  if (approval.state === 'changes_requested' && may('update', 'ApprovalRequest', project))
    return (
      <AskDialog
        label="Answer the requested changes"
        variant="filled"
        size="sm"
        about="A new round begins: everybody decides anew, and you cannot approve."
        change={(fields) => ({
          method: 'POST',
          path: `${path}/answer`,
          body: { reason: fieldOf(fields, 'reason') },
        })}
      >
        <Textarea name="reason" label="Answer" required minLength={3} maxLength={2000} autosize minRows={3} />
      </AskDialog>
    );
  if (approval.state !== 'open' || !may('approve', 'ApprovalRequest', project)) return null;
  return (
    <>
      <AskDialog
        label="Reject"
        danger
        size="sm"
        about="The request is closed. The reason stays with it."
        change={(fields) => ({
          method: 'POST',
          path: `${path}/reject`,
          body: { reason: fieldOf(fields, 'reason') },
        })}
      >
        <Textarea name="reason" label="Reason" required minLength={3} maxLength={2000} autosize minRows={3} />
      </AskDialog>
      <AskDialog
        label="Request changes"
        size="sm"
        about="The request waits until whoever asked for it answers; then everybody decides anew."
        change={(fields) => ({
          method: 'POST',
          path: `${path}/request-changes`,
          body: { reason: fieldOf(fields, 'reason') },
        })}
      >
        <Textarea
          name="reason"
          label="What to change"
          required
          minLength={3}
          maxLength={2000}
          autosize
          minRows={3}
        />
      </AskDialog>
      <AskDialog
        label="Approve"
        variant="filled"
        size="sm"
        about={`The alias ${approval.alias} moves to exactly these bytes (${approval.digest.slice(0, 12)}) once enough people have approved.`}
        change={(fields) => {
          const reason = fieldOf(fields, 'reason');
          return {
            method: 'POST',
            path: `${path}/approve`,
            body: { digest: approval.digest, ...(reason === '' ? {} : { reason }) },
          };
        }}
      >
        <Textarea
          name="reason"
          label="Reason (optional)"
          minLength={3}
          maxLength={2000}
          autosize
          minRows={3}
        />
      </AskDialog>
    </>
  );
}
