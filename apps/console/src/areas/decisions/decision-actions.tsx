import { NativeSelect } from '@mantine/core';
import type { WholeHeldDecisionAnswer } from '@steward/client/answers';
import type { ReactNode } from 'react';
import { AskDialog, fieldOf } from '../../parts/ask-dialog';
import { ReasonField } from '../../parts/reason-field';

/** Decide what waits; contest, for the subject, what was decided. */
export function DecisionActions({ path, of }: { path: string; of: WholeHeldDecisionAnswer }): ReactNode {
  return of.state === 'pending' || of.state === 'contested' ? (
    <AskDialog
      label="Decide"
      variant="filled"
      about={
        of.state === 'contested'
          ? 'It was contested: whoever decided before does not decide it now.'
          : `The model would say ${of.proposed}. Another answer overrides it.`
      }
      change={(fields) => ({
        method: 'POST',
        path: `${path}/decide`,
        body: {
          label: fieldOf(fields, 'label'),
          reason: fieldOf(fields, 'reason'),
          answer: fieldOf(fields, 'answer'),
        },
      })}
    >
      <NativeSelect
        name="label"
        label="Decision"
        data={of.classes.map((value) => ({
          value,
          label: value === of.proposed ? `${value} (as the model says)` : `${value} (overrides the model)`,
        }))}
      />
      <ReasonField description="For the books: why it is decided so." />
      <ReasonField name="answer" label="Answer" description="What the subject is told." />
    </AskDialog>
  ) : (
    <AskDialog
      label="Contest"
      about="On behalf of the subject: another person decides anew."
      change={(fields) => ({
        method: 'POST',
        path: `${path}/contest`,
        body: { reason: fieldOf(fields, 'reason') },
      })}
    >
      <ReasonField label="What the subject says" />
    </AskDialog>
  );
}
