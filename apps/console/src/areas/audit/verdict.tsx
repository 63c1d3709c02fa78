import { Paper, Text } from '@mantine/core';
import type { ReactNode } from 'react';
import { DataTable } from '../../parts/data-table';
import { Toned } from '../../parts/tone';
import classes from './verdict.module.css';
import type { Check } from './verify-entry';

interface VerdictProps {
  readonly of: { readonly holds: boolean; readonly checks: readonly Check[] };
  /** What is said where everything holds. */
  readonly good: string;
  /** What is said where something does not. */
  readonly bad: string;
}

/** What this browser checked, and how it went. */
export function Verdict({ of: { holds, checks }, good, bad }: VerdictProps): ReactNode {
  return (
    <Paper role="status" className={classes.verdict} data-holds={holds} p="md">
      <Text fw={700} className={classes.title}>
        {holds ? good : bad}
      </Text>
      <DataTable<Check>
        label="Checks"
        rows={checks}
        keyOf={({ what }) => what}
        empty="Nothing was checked."
        columns={[
          { header: 'Check', cell: ({ what }) => what },
          {
            header: 'Result',
            cell: (check) => (
              <Toned tone={check.holds ? 'good' : 'bad'}>{check.holds ? 'holds' : 'fails'}</Toned>
            ),
          },
          { header: 'What was checked', cell: ({ said }) => said },
        ]}
      />
    </Paper>
  );
}
