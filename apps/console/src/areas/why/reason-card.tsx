import { Paper, Stack, Title } from '@mantine/core';
import type { ReactNode } from 'react';
import { DataTable } from '../../parts/data-table';
import { plain } from '../../parts/format';
import { Go } from '../../parts/go';
import { Toned, type Tone } from '../../parts/tone';
import { useMay } from '../../session/use-may';
import { Verdict } from '../roles/explanation';
import { conditionText, type ExplanationAnswer } from '../roles/role-answers';

type Rule = ExplanationAnswer['rules'][number];

/** The verdict in a sentence, and every rule that spoke of it with the conditions that decided. */
export function ReasonCard({ title, of }: { title: ReactNode; of: ExplanationAnswer }): ReactNode {
  const { rules } = of;
  const mayReadRoles = useMay()('read', 'Role', null);
  return (
    <Paper withBorder p="md" radius="md" component="section">
      <Stack gap="sm">
        <Title order={2}>{title}</Title>
        <Verdict of={of} />
        <DataTable
          label="Rules that speak of it"
          rows={rules}
          keyOf={({ sentence }) => sentence}
          empty="No rule of the roles that are held speaks of it, and what no rule permits is denied."
          columns={[
            {
              header: 'Role',
              cell: ({ role }) =>
                mayReadRoles ? <Go to={`/roles/${encodeURIComponent(role)}`}>{role}</Go> : role,
            },
            { header: 'Held', cell: ({ project }) => project ?? 'everywhere' },
            { header: 'Says', cell: ({ inverted }) => (inverted ? 'forbids' : 'permits') },
            {
              header: 'Came of it',
              cell: (rule) => {
                const { tone, text } = outcomeOf(rule, of);
                return <Toned tone={tone}>{text}</Toned>;
              },
            },
            { header: 'Conditions that decided', cell: ({ failed }) => <Failed of={failed} /> },
          ]}
        />
      </Stack>
    </Paper>
  );
}

function outcomeOf(rule: Rule, { because }: ExplanationAnswer): { tone: Tone; text: string } {
  if (rule.sentence === because && (rule.matched === true || rule.inverted))
    return { tone: rule.inverted ? 'bad' : 'good', text: 'decided' };
  if (rule.matched === true) return { tone: 'quiet', text: 'applies' };
  return { tone: 'warn', text: rule.matched === null ? 'could not be judged' : 'does not apply' };
}

function Failed({ of }: { of: Rule['failed'] }): ReactNode {
  if (of.length === 0) return '–';
  return of.map(({ field, operator, expected, actual, holds }) => (
    <div key={`${field} ${operator}`}>
      {`${conditionText({ [field]: { [operator]: expected } })}: `}
      <strong>
        {holds === null ? 'it is not known here' : `it is ${actual === null ? 'none' : plain(actual)}`}
      </strong>
    </div>
  ));
}
