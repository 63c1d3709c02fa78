import { Button, Group, NativeSelect, NumberInput, Stack, TextInput } from '@mantine/core';
import type { ConsentAnswer } from '@steward/client/answers';
import { useState, type FormEvent, type ReactNode } from 'react';
import { inProject } from '../../api/request';
import { AskDialog, fieldOf } from '../../parts/ask-dialog';
import { Card } from '../../parts/card';
import { Mono } from '../../parts/mono';
import { PagedTable } from '../../parts/paged-table';
import { Person } from '../../parts/person';
import { Toned } from '../../parts/tone';
import { useFilters } from '../../parts/use-filters';
import { When } from '../../parts/when';
import { useMay } from '../../session/use-may';

/** Consents given and withdrawn, by pseudonym. */
export function ConsentsTable({ project }: { project: string }): ReactNode {
  const [{ subject, purpose }, filter] = useFilters(['subject', 'purpose']);
  const mayRecord = useMay()('record', 'Consent', project);
  const submit = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault();
    const fields = new FormData(event.currentTarget);
    filter({ subject: fieldOf(fields, 'subject'), purpose: fieldOf(fields, 'purpose') });
  };
  return (
    <Card title="Consents" actions={mayRecord && <RecordConsent project={project} />}>
      <form onSubmit={submit} key={`${subject} ${purpose}`}>
        <Group gap="xs" align="flex-end">
          <TextInput name="subject" label="Pseudonym" placeholder="sub_…" size="xs" defaultValue={subject} />
          <TextInput name="purpose" label="For the purpose" size="xs" defaultValue={purpose} />
          <Button type="submit" size="xs" variant="default">
            Search
          </Button>
        </Group>
      </form>
      <Stack gap="sm">
        <PagedTable<ConsentAnswer>
          label="Consents, newest first"
          path={inProject('governance', project, 'consents')}
          query={{ subject, purpose }}
          keyOf={({ id }) => id}
          empty="No consent was recorded."
          columns={[
            { header: 'Subject', cell: ({ pseudonym }) => <Mono of={pseudonym} length={16} /> },
            { header: 'Purpose', cell: (each) => each.purpose },
            {
              header: 'State',
              cell: ({ state }) => <Toned tone={state === 'given' ? 'good' : 'warn'}>{state}</Toned>,
            },
            { header: 'Text', figures: true, cell: ({ textVersion }) => textVersion ?? '–' },
            { header: 'Digest of the text', cell: ({ textDigest }) => <Mono of={textDigest} /> },
            { header: 'Said', cell: ({ at }) => <When at={at} /> },
            { header: 'Recorded by', cell: ({ recordedBy }) => <Person id={recordedBy} /> },
          ]}
        />
      </Stack>
    </Card>
  );
}

function RecordConsent({ project }: { project: string }): ReactNode {
  const [state, setState] = useState('given');
  return (
    <AskDialog
      label="Record a consent"
      doIt="Record"
      variant="filled"
      about="What the subject said, by the pseudonym that ingestion gives it. A withdrawal leaves it out of training and predictions."
      change={(fields) => ({
        method: 'POST',
        path: inProject('governance', project, 'consents'),
        body: {
          events: [
            {
              pseudonym: fieldOf(fields, 'pseudonym'),
              purpose: fieldOf(fields, 'purpose'),
              state,
              textVersion: state === 'given' ? Number(fieldOf(fields, 'text')) : null,
            },
          ],
        },
      })}
    >
      <TextInput name="pseudonym" label="Pseudonym" placeholder="sub_…" required data-autofocus />
      <TextInput name="purpose" label="Purpose" required />
      <NativeSelect
        name="state"
        label="What the subject said"
        data={['given', 'withdrawn']}
        value={state}
        onChange={({ currentTarget: { value } }) => setState(value)}
      />
      {state === 'given' && (
        <NumberInput
          name="text"
          label="Version of the text that was seen"
          required
          min={1}
          defaultValue={1}
        />
      )}
    </AskDialog>
  );
}
