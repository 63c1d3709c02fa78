import { Textarea, TextInput } from '@mantine/core';
import type { ReactNode } from 'react';
import { Problem } from '../../api/problem';
import { AskDialog, fieldOf } from '../../parts/ask-dialog';
import type { RoleAnswer, RuleAnswer } from './role-answers';

const EXAMPLE: readonly RuleAnswer[] = [
  { action: ['update'], subject: ['ModelAlias'] },
  { action: ['update'], subject: ['ModelAlias'], conditions: { alias: 'champion' }, inverted: true },
];

function rulesOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new Problem(
      400,
      'CONSOLE.NOT_JSON',
      'The rules are not JSON: look for a missing comma or quotation mark.',
    );
  }
}

/** Makes a role, or changes one of one's own. */
export function RoleEditor({ role }: { role?: RoleAnswer }): ReactNode {
  return (
    <AskDialog
      label={role ? 'Change' : 'New role'}
      doIt={role ? 'Change the role' : 'Make the role'}
      variant={role ? 'default' : 'filled'}
      size="sm"
      change={(fields) => ({
        method: 'PUT',
        path: `/governance/v1/roles/${encodeURIComponent(role?.role ?? fieldOf(fields, 'role'))}`,
        body: { description: fieldOf(fields, 'description'), rules: rulesOf(fieldOf(fields, 'rules')) },
      })}
    >
      {!role && <TextInput name="role" label="Name" required data-autofocus />}
      <TextInput name="description" label="What for" defaultValue={role?.description} />
      <Textarea
        name="rules"
        label="Rules"
        description="JSON: actions on subjects, with conditions; inverted forbids"
        defaultValue={JSON.stringify(role?.rules ?? EXAMPLE, null, 2)}
        required
        autosize
        minRows={10}
        maxRows={20}
        styles={{ input: { fontFamily: 'var(--mantine-font-family-monospace)' } }}
      />
    </AskDialog>
  );
}
