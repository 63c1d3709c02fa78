import { Checkbox, NativeSelect, Stack, Text, TextInput } from '@mantine/core';
import type { BindingAnswer, BookEntryAnswer, Page, PurposeAnswer } from '@steward/client/answers';
import type { ReactNode } from 'react';
import { inProject } from '../../api/request';
import { useGet } from '../../api/use-get';
import { AskDialog, fieldOf } from '../../parts/ask-dialog';
import { Card } from '../../parts/card';
import { DataTable } from '../../parts/data-table';
import { Go, pageOf } from '../../parts/go';
import { Loaded } from '../../parts/loaded';
import { Person } from '../../parts/person';
import { When } from '../../parts/when';
import { useMay } from '../../session/use-may';

const KINDS = ['dataset', 'pipeline', 'model', 'deployment'];

/** What is bound to which purposes: training and inference refuse where these give no basis. */
export function BindingsTable({ project }: { project: string }): ReactNode {
  const query = useGet<Page<BindingAnswer>>(inProject('governance', project, 'processing', 'bindings'));
  const mayWrite = useMay()('update', 'ProcessingRecord', project);
  return (
    <Card title="Bindings" actions={mayWrite && <Bind project={project} />}>
      <Loaded query={query} what="the bindings">
        {({ items }) => (
          <DataTable
            label="Bindings to purposes"
            rows={items}
            keyOf={({ kind, name }) => `${kind}/${name}`}
            empty="Nothing is bound to a purpose."
            columns={[
              { header: 'What', cell: ({ kind }) => kind },
              {
                header: 'Name',
                cell: ({ kind, name }) => <Bound project={project} kind={kind} name={name} />,
              },
              { header: 'Purposes', cell: ({ purposes }) => purposes.join(', ') },
              { header: 'By', cell: ({ changedBy }) => <Person id={changedBy} /> },
              { header: 'When', cell: ({ changedAt }) => <When at={changedAt} /> },
              {
                header: 'Change',
                cell: (binding) => (mayWrite ? <Bind project={project} binding={binding} /> : '–'),
              },
            ]}
          />
        )}
      </Loaded>
    </Card>
  );
}

const Bound = ({ project, kind, name }: { project: string; kind: string; name: string }): ReactNode => (
  <Go to={pageOf(project, `${kind}s`, name)}>{name}</Go>
);

function Bind({ project, binding }: { project: string; binding?: BindingAnswer }): ReactNode {
  const purposes = useGet<Page<BookEntryAnswer<PurposeAnswer>>>(
    inProject('governance', project, 'processing', 'purposes'),
  );
  const names = purposes.data?.items.map(({ name }) => name) ?? [];
  return (
    <AskDialog
      label={binding ? 'Rebind' : 'Bind'}
      doIt="Save"
      variant={binding ? 'default' : 'filled'}
      about="Without a purpose it is taken out of the bindings."
      change={(fields) => ({
        method: 'PUT',
        path: inProject(
          'governance',
          project,
          'processing',
          'bindings',
          binding?.kind ?? fieldOf(fields, 'kind'),
          binding?.name ?? fieldOf(fields, 'name'),
        ),
        body: { purposes: fields.getAll('purpose') },
      })}
    >
      {binding ? (
        <Text size="sm">{`${binding.kind} ${binding.name}`}</Text>
      ) : (
        <>
          <NativeSelect name="kind" label="What" data={KINDS} />
          <TextInput name="name" label="Name" required />
        </>
      )}
      <Stack gap="xs" role="group" aria-label="Purposes">
        {names.map((name) => (
          <Checkbox
            key={name}
            name="purpose"
            value={name}
            label={name}
            defaultChecked={binding?.purposes.includes(name)}
          />
        ))}
        {names.length === 0 && <Text size="sm">There is no purpose yet: write one first.</Text>}
      </Stack>
    </AskDialog>
  );
}
