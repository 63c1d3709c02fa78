import { Button, Group, NativeSelect, TextInput } from '@mantine/core';
import { Actions, Subjects } from '@steward/access/actions';
import type { FormEvent, ReactNode } from 'react';
import { useLocation } from 'wouter';
import { fieldOf } from '../../parts/ask-dialog';
import { Card } from '../../parts/card';
import { words } from '../../parts/format';
import { useMay } from '../../session/use-may';
import { whyAddress, type WhyQuestion } from './why-question';

/** Asks another question; its answer has an address of its own. */
export function WhyForm({ of }: { of: WhyQuestion }): ReactNode {
  const [, go] = useLocation();
  const may = useMay();
  const mayAskForOthers = may('read', 'Role', null) && may('read', 'User', null);
  const [[field, value] = ['', '']] = Object.entries(of.fields);
  const ask = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const name = fieldOf(form, 'field');
    go(
      whyAddress({
        action: fieldOf(form, 'action'),
        subject: fieldOf(form, 'subject'),
        project: fieldOf(form, 'project'),
        person: mayAskForOthers ? fieldOf(form, 'person') : '',
        fields: { ...of.fields, ...(name === '' ? {} : { [name]: fieldOf(form, 'value') }) },
      }),
    );
  };
  return (
    <Card title="Ask something else">
      <form onSubmit={ask}>
        <Group gap="xs" align="flex-end">
          {mayAskForOthers && (
            <TextInput
              size="xs"
              w={150}
              name="person"
              label="Who (user or id)"
              placeholder="yourself"
              defaultValue={of.person}
            />
          )}
          <NativeSelect
            size="xs"
            name="action"
            label="Action"
            data={Actions.filter((each) => each !== 'manage')}
            defaultValue={of.action || 'read'}
          />
          <NativeSelect
            size="xs"
            name="subject"
            label="Kind of object"
            data={Subjects.filter((each) => each !== 'all').map((each) => ({
              value: each,
              label: words(each),
            }))}
            defaultValue={of.subject || 'Project'}
          />
          <TextInput
            size="xs"
            w={140}
            name="project"
            label="In project"
            placeholder="none"
            defaultValue={of.project}
          />
          <TextInput
            size="xs"
            w={110}
            name="field"
            label="Known field"
            placeholder="alias"
            defaultValue={field}
          />
          <TextInput
            size="xs"
            w={110}
            name="value"
            label="Its value"
            placeholder="champion"
            defaultValue={value}
          />
          <Button size="xs" type="submit">
            Ask
          </Button>
        </Group>
      </form>
    </Card>
  );
}
