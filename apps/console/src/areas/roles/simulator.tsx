import { Button, Group, NativeSelect, Stack, Text, TextInput } from '@mantine/core';
import type { FormEvent, ReactNode } from 'react';
import { useGet } from '../../api/use-get';
import { useSend } from '../../api/use-send';
import { fieldOf } from '../../parts/ask-dialog';
import { Card } from '../../parts/card';
import { DataTable } from '../../parts/data-table';
import { words } from '../../parts/format';
import { Loaded } from '../../parts/loaded';
import { ProblemNote } from '../../parts/problem-note';
import { Toned } from '../../parts/tone';
import { useRoleNames } from '../people/use-role-names';
import classes from './simulator.module.css';
import { questionOf } from './simulator-question';
import type { ExplanationAnswer } from './role-answers';

interface Vocabulary {
  readonly actions: readonly string[];
  readonly subjects: readonly string[];
}

/** Asks whether somebody may do something and why, also with a role that is only tried. */
export function Simulator(): ReactNode {
  const vocabulary = useGet<Vocabulary>('/governance/v1/roles/vocabulary');
  const roles = useRoleNames();
  const send = useSend<ExplanationAnswer>();
  const ask = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault();
    const fields = new FormData(event.currentTarget);
    const of = (name: string): string => fieldOf(fields, name);
    send.mutate({
      method: 'POST',
      path: '/governance/v1/decisions/explain',
      body: questionOf({
        person: of('person'),
        action: of('action'),
        subject: of('subject'),
        project: of('project'),
        field: of('field'),
        value: of('value'),
        role: of('role'),
      }),
    });
  };
  return (
    <Card title="May somebody?">
      <Loaded query={vocabulary} what="the vocabulary of rules">
        {({ actions, subjects }) => (
          <form onSubmit={ask}>
            <Group gap="xs" align="flex-end">
              <TextInput size="xs" name="person" label="Who (user or id)" placeholder="yourself" w={150} />
              <NativeSelect
                size="xs"
                name="action"
                label="Action"
                data={actions.filter((name) => name !== 'manage')}
                defaultValue="read"
              />
              <NativeSelect
                size="xs"
                name="subject"
                label="Kind of object"
                data={subjects
                  .filter((name) => name !== 'all')
                  .map((name) => ({ value: name, label: words(name) }))}
              />
              <TextInput size="xs" name="project" label="In project" placeholder="none" w={130} />
              <TextInput size="xs" name="field" label="Known field" placeholder="alias" w={110} />
              <TextInput size="xs" name="value" label="Its value" placeholder="champion" w={110} />
              <NativeSelect
                size="xs"
                name="role"
                label="If only the role were"
                data={[{ value: '', label: 'as it is now' }, ...roles]}
              />
              <Button size="xs" type="submit" loading={send.isPending}>
                Ask
              </Button>
            </Group>
          </form>
        )}
      </Loaded>
      {send.error && <ProblemNote error={send.error} />}
      {send.data && <Explanation of={send.data} />}
    </Card>
  );
}

function Explanation({ of: { allowed, because, rules } }: { of: ExplanationAnswer }): ReactNode {
  return (
    <Stack gap="xs" role="status" className={classes.answer}>
      <Group gap="xs" wrap="nowrap" align="flex-start">
        <Toned tone={allowed ? 'good' : 'bad'}>{allowed ? 'allowed' : 'denied'}</Toned>
        <Text size="sm">{because}</Text>
      </Group>
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
