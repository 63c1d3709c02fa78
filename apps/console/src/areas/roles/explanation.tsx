import { Group, Stack, Text } from '@mantine/core';
import type { ReactNode } from 'react';
import { DataTable } from '../../parts/data-table';
import { Toned } from '../../parts/tone';
import type { ExplanationAnswer } from './role-answers';
import classes from './simulator.module.css';

/** A decision and why, in a sentence. */
export function Verdict({ of: { allowed, because } }: { of: ExplanationAnswer }): ReactNode {
  return (
    <Group gap="xs" wrap="nowrap" align="flex-start" role="status">
      <Toned tone={allowed ? 'good' : 'bad'}>{allowed ? 'allowed' : 'denied'}</Toned>
      <Text size="sm">{because}</Text>
    </Group>
  );
}

/** The same with the rules that speak of it, each with what came of it. */
export function Explanation({ of }: { of: ExplanationAnswer }): ReactNode {
  const { rules } = of;
  return (
    <Stack gap="xs" className={classes.answer}>
      <Verdict of={of} />
      <DataTable
        label="Rules that speak of it"
        rows={rules}
        keyOf={({ sentence }) => sentence}
        empty="No rule speaks of it."
        columns={[
          { header: 'Role', cell: ({ role }) => role },
          { header: 'Held', cell: ({ project }) => project ?? 'everywhere' },
          {
            header: 'Applies',
            cell: ({ matched }) => (matched === null ? 'not known' : matched ? 'yes' : 'no'),
          },
          { header: 'In words', cell: ({ sentence }) => sentence },
        ]}
      />
    </Stack>
  );
}
