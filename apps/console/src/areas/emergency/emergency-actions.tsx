import { NativeSelect, NumberInput, Select, Textarea } from '@mantine/core';
import type { Page } from '@steward/client/answers';
import type { ReactNode } from 'react';
import { sentenceOf } from '../../api/problem';
import { inProject } from '../../api/request';
import { useGet } from '../../api/use-get';
import { AskDialog, fieldOf } from '../../parts/ask-dialog';

const LONGEST_MINUTES = 240;
const pathOf = (project: string, ...rest: readonly string[]): string =>
  inProject('governance', project, 'emergency-accesses', ...rest);

const Reason = ({ label = 'Reason' }: { label?: string }): ReactNode => (
  <Textarea name="reason" label={label} required minLength={10} maxLength={2000} autosize minRows={3} />
);

/** Takes a role for a short time, at once. */
export function TakeEmergency({ project }: { project: string }): ReactNode {
  return (
    <AskDialog
      label="Break glass"
      doIt="Take the role now"
      danger
      size="sm"
      about={`You get the role in ${project} at once. Administrators and privacy officers are told, all that you do is kept, and another person reviews it. A role that approves cannot be taken.`}
      change={(fields) => ({
        method: 'POST',
        path: pathOf(project),
        body: {
          role: fieldOf(fields, 'role'),
          minutes: Number(fieldOf(fields, 'minutes')),
          reason: fieldOf(fields, 'reason'),
        },
      })}
    >
      <RoleToTake project={project} />
      <NumberInput name="minutes" label="Minutes" min={1} max={LONGEST_MINUTES} defaultValue={60} required />
      <Reason />
    </AskDialog>
  );
}

/** Chooses one of the roles that can be taken. */
function RoleToTake({ project }: { project: string }): ReactNode {
  const { data, error } = useGet<Page<{ role: string }>>(pathOf(project, 'roles'));
  return (
    <Select
      name="role"
      label="Role"
      placeholder="Search by name"
      required
      searchable
      data-autofocus
      data={data?.items.map(({ role }) => role) ?? []}
      nothingFoundMessage="There is no such role that can be taken."
      error={error ? sentenceOf(error) : undefined}
    />
  );
}

/** Ends it before its time. */
export function EndEmergency({ project, id }: { project: string; id: string }): ReactNode {
  return (
    <AskDialog
      label="End it now"
      about="The rights go within a second. The review stays open until somebody else signs it."
      change={() => ({ method: 'POST', path: pathOf(project, id, 'end') })}
    />
  );
}

/** Says whether it was justified. Governance refuses who took it, and whoever has role or account from that person. */
export function SignEmergency({ project, id }: { project: string; id: string }): ReactNode {
  return (
    <AskDialog
      label="Sign the review"
      variant="filled"
      size="sm"
      about="Look first at what was done. Your name and your words stay with the emergency."
      change={(fields) => ({
        method: 'POST',
        path: pathOf(project, id, 'sign'),
        body: { justified: fieldOf(fields, 'verdict') === 'yes', reason: fieldOf(fields, 'reason') },
      })}
    >
      <NativeSelect
        name="verdict"
        label="Was it justified?"
        data={[
          { value: 'yes', label: 'Yes, it was justified' },
          { value: 'no', label: 'No, it was not justified' },
        ]}
        data-autofocus
      />
      <Reason label="In words" />
    </AskDialog>
  );
}
