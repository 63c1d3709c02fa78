import { Badge, Button, Group, TextInput } from '@mantine/core';
import type { AuditEntryAnswer } from '@steward/client/answers';
import { Fragment, useEffect, useState, type FormEvent, type ReactNode } from 'react';
import { useFilters } from '../../parts/use-filters';
import { Go } from '../../parts/go';
import { idText } from '../../parts/format';
import { Page } from '../../parts/page';
import { PagedTable } from '../../parts/paged-table';
import { Person } from '../../parts/person';
import { State } from '../../parts/tone';
import { When } from '../../parts/when';

const FILTERS = ['project', 'action', 'actor', 'object', 'correlation'] as const;
const LABELS: Readonly<Record<(typeof FILTERS)[number], string>> = {
  project: 'Project',
  action: 'Action',
  actor: 'Actor (id)',
  object: 'Object (id)',
  correlation: 'Correlation id',
};

/** Who did what: the newest first, each entry with its proof. */
export function AuditPage(): ReactNode {
  const [filters, filter] = useFilters(FILTERS);
  const given = new URLSearchParams(Object.entries(filters).filter(([, value]) => value !== ''));
  return (
    <Page
      title="Audit log"
      about="Every change and every refusal, in one log that only grows. Open an entry to have your browser verify that it stands in the signed log."
      actions={
        <Button
          component="a"
          href={`/governance/v1/audit/excerpt?${given}`}
          download="steward-audit-excerpt.ndjson"
          variant="default"
          size="xs"
        >
          Download with proofs
        </Button>
      }
    >
      <Filters values={filters} onChange={filter} />
      <PagedTable<AuditEntryAnswer>
        label="Audit entries"
        path="/governance/v1/audit/entries"
        query={{ ...filters, order: 'newest' }}
        keyOf={({ index }) => index}
        empty="No entry fits, or you may read none."
        columns={[
          { header: 'Entry', figures: true, cell: ({ index }) => <Go to={`/audit/${index}`}>{index}</Go> },
          { header: 'Time', cell: ({ time }) => <When at={time} /> },
          {
            header: 'Who',
            cell: ({ actor, project }) =>
              actor.kind === 'service' ? actor.id : <Person id={actor.id} of={project} />,
          },
          { header: 'Action', cell: ({ action }) => action },
          {
            header: 'Object',
            cell: ({ object }) => (
              <>
                {object.kind} {breakable(idText(object.id))}
              </>
            ),
          },
          { header: 'Project', cell: ({ project }) => project ?? '–' },
          { header: 'Outcome', cell: ({ outcome }) => <State of={outcome} /> },
          {
            header: 'Causes',
            cell: ({ correlation }) => (
              <Go to={`/audit?correlation=${encodeURIComponent(correlation)}`}>{idText(correlation)}</Go>
            ),
          },
        ]}
      />
    </Page>
  );
}

/** Paths may go on in the next line behind each slash. */
const breakable = (text: string): ReactNode =>
  text.split(/(?<=\/)/).map((part, at) => (
    <Fragment key={at}>
      {part}
      <wbr />
    </Fragment>
  ));

type Values = Readonly<Record<(typeof FILTERS)[number], string>>;

function Filters({ values, onChange }: { values: Values; onChange: (values: Values) => void }): ReactNode {
  const [draft, setDraft] = useState(values);
  const signature = JSON.stringify(values);
  useEffect(() => setDraft(JSON.parse(signature) as Values), [signature]);
  const active = FILTERS.filter((name) => values[name] !== '');
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    onChange(draft);
  };
  const clear = (): void => onChange(Object.fromEntries(FILTERS.map((name) => [name, ''])) as Values);
  return (
    <form onSubmit={submit} role="search" aria-label="Audit entries">
      <Group gap="xs" align="flex-end">
        {FILTERS.map((name) => (
          <TextInput
            key={name}
            size="xs"
            w={150}
            label={LABELS[name]}
            value={draft[name]}
            onChange={({ currentTarget: { value } }) => setDraft({ ...draft, [name]: value })}
          />
        ))}
        <Button size="xs" type="submit">
          Search
        </Button>
        {active.length > 0 && (
          <Button
            size="xs"
            variant="default"
            onClick={clear}
            rightSection={<Badge size="xs">{active.length}</Badge>}
          >
            Clear
          </Button>
        )}
      </Group>
    </form>
  );
}
