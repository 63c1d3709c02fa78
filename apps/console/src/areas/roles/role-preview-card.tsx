import { Button, Group, NativeSelect, Stack, Text, TextInput } from '@mantine/core';
import type { UseQueryResult } from '@tanstack/react-query';
import { useState, type FormEvent, type ReactNode } from 'react';
import { Problem } from '../../api/problem';
import { useSend } from '../../api/use-send';
import { fieldOf } from '../../parts/ask-dialog';
import { Card } from '../../parts/card';
import { DataTable } from '../../parts/data-table';
import { words } from '../../parts/format';
import { ProblemNote } from '../../parts/problem-note';
import { Verdict } from './explanation';
import type { ExplanationAnswer, MatrixAnswer, RuleAnswer } from './role-answers';
import { previewRows } from './role-preview';
import { fieldWords, type Vocabulary } from './vocabulary';

interface RolePreviewCardProps {
  readonly rules: readonly RuleAnswer[] | null;
  readonly query: UseQueryResult<MatrixAnswer>;
  readonly vocabulary: Vocabulary;
  readonly projects: readonly string[];
  readonly project: string;
  readonly onProject: (project: string) => void;
}

/** What the role would let its holders do, as governance decides it, before it is kept. */
export function RolePreviewCard(props: RolePreviewCardProps): ReactNode {
  const { rules, query, projects, project, onProject } = props;
  const { data, error } = query;
  const refused = error instanceof Problem && error.status === 400;
  return (
    <Card
      title="What this role may do"
      actions={
        <NativeSelect
          size="xs"
          aria-label="Objects of project"
          value={project}
          data={[
            { value: '', label: 'objects of no project' },
            ...projects.map((name) => ({ value: name, label: `objects of ${name}` })),
          ]}
          onChange={({ currentTarget: { value } }) => onProject(value)}
        />
      }
    >
      {rules === null || refused ? (
        <Text size="sm" c="dimmed">
          Governance says it once nothing is wrong with the rules.
        </Text>
      ) : (
        <>
          {error && <ProblemNote error={error} />}
          {data && (
            <DataTable
              label="What this role may do"
              rows={previewRows(data)}
              keyOf={({ subject }) => subject}
              empty="Nothing, to objects of this project."
              columns={[
                { header: 'Objects', cell: ({ subject }) => words(subject) },
                { header: 'Always', cell: ({ always }) => always.join(', ') || '–' },
                { header: 'Where conditions hold', cell: ({ sometimes }) => sometimes.join(', ') || '–' },
              ]}
            />
          )}
          <TryIt {...props} rules={rules} />
        </>
      )}
    </Card>
  );
}

function TryIt({
  rules,
  vocabulary: { actions, subjects, conditionFields },
  project,
}: RolePreviewCardProps & { rules: readonly RuleAnswer[] }): ReactNode {
  const [subject, setSubject] = useState('ModelAlias');
  const send = useSend<ExplanationAnswer>();
  const fields = (conditionFields[subject] ?? []).filter((field) => field !== 'project' && field !== 'tags');
  const ask = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const known = fields.map((field) => [field, fieldOf(form, `of-${field}`)] as const);
    send.mutate({
      method: 'POST',
      path: '/governance/v1/decisions/explain',
      body: {
        action: fieldOf(form, 'action'),
        subject,
        object: {
          ...Object.fromEntries(known.filter(([, value]) => value !== '')),
          project: project || null,
        },
        proposed: { roles: { preview: { rules } }, bindings: [{ role: 'preview', project: null }] },
      },
    });
  };
  return (
    <Stack gap="xs">
      <form onSubmit={ask} aria-label="Try it on an object">
        <Group gap="xs" align="flex-end">
          <NativeSelect
            size="xs"
            name="action"
            label="May a holder"
            data={actions.filter((each) => each !== 'manage')}
            defaultValue="update"
          />
          <NativeSelect
            size="xs"
            label="this"
            value={subject}
            data={subjects
              .filter((each) => each !== 'all')
              .map((each) => ({ value: each, label: words(each) }))}
            onChange={({ currentTarget: { value } }) => setSubject(value)}
          />
          {fields.map((field) => (
            <TextInput
              key={field}
              size="xs"
              w={104}
              name={`of-${field}`}
              label={`of ${fieldWords(field)}`}
              placeholder="not known"
            />
          ))}
          <Button size="xs" variant="default" type="submit" loading={send.isPending}>
            Try
          </Button>
        </Group>
      </form>
      {send.error && <ProblemNote error={send.error} />}
      {send.data && <Verdict of={send.data} />}
    </Stack>
  );
}
