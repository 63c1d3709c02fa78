import { Button, Group, NativeSelect, TextInput } from '@mantine/core';
import type { FormEvent, ReactNode } from 'react';
import { useSend } from '../../api/use-send';
import { fieldOf } from '../../parts/ask-dialog';
import { Card } from '../../parts/card';
import { words } from '../../parts/format';
import { Loaded } from '../../parts/loaded';
import { ProblemNote } from '../../parts/problem-note';
import { useRoleNames } from '../people/use-role-names';
import { Explanation } from './explanation';
import { questionOf } from './simulator-question';
import type { ExplanationAnswer } from './role-answers';
import { useVocabulary } from './vocabulary';

/** Asks whether somebody may do something and why, also with a role that is only tried. */
export function Simulator(): ReactNode {
  const vocabulary = useVocabulary();
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
