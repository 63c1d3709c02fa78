import { Checkbox, Group, NativeSelect, Stack, TextInput } from '@mantine/core';
import type { ReactNode } from 'react';
import { inProject } from '../../api/request';
import { LIVE_MS } from '../../api/use-get';
import { AskDialog, fieldOf } from '../../parts/ask-dialog';
import { Go, pageOf } from '../../parts/go';
import { fromLocalTime } from '../../parts/time-field';
import { Page } from '../../parts/page';
import { PagedTable } from '../../parts/paged-table';
import { Person } from '../../parts/person';
import { Tabbed } from '../../parts/tabbed';
import { State, Toned } from '../../parts/tone';
import { useFilters } from '../../parts/use-filters';
import { When } from '../../parts/when';
import { useMay } from '../../session/use-may';
import { FindSubject } from './find-subject';
import { SubjectTermsTable } from './subject-terms-table';
import { REQUEST_KINDS, REQUEST_STATES, timeLeft, type SubjectRequestAnswer } from './subject-answers';

/** What data subjects have asked for. */
export function SubjectRequestsPage({ project }: { project: string }): ReactNode {
  const may = useMay();
  return (
    <Page
      title="Data subjects"
      about="Requests under the GDPR: each has a clock, a person who answers for it, evidence, and an end."
      actions={
        <>
          {may('resolve', 'DataSubject', project) && <FindSubject project={project} />}
          {may('create', 'SubjectRequest', project) && <OpenRequest project={project} />}
        </>
      }
    >
      <Tabbed
        parts={[
          ['requests', 'Requests', <Requests key="requests" project={project} />],
          ['terms', 'Left out', <SubjectTermsTable key="terms" project={project} />],
        ]}
      />
    </Page>
  );
}

function Requests({ project }: { project: string }): ReactNode {
  const [{ state, kind, overdue }, filter] = useFilters(['state', 'kind', 'overdue']);
  return (
    <Stack gap="sm">
      <Group gap="xs" align="flex-end">
        <NativeSelect
          size="xs"
          aria-label="Kind"
          value={kind}
          data={[{ value: '', label: 'Every kind' }, ...REQUEST_KINDS]}
          onChange={({ currentTarget: { value } }) => filter({ kind: value })}
        />
        <NativeSelect
          size="xs"
          aria-label="State"
          value={state}
          data={[
            { value: '', label: 'Every state' },
            ...REQUEST_STATES.map((value) => ({ value, label: value.replace('_', ' ') })),
          ]}
          onChange={({ currentTarget: { value } }) => filter({ state: value })}
        />
        <Checkbox
          size="xs"
          label="Overdue alone"
          checked={overdue === 'true'}
          onChange={({ currentTarget: { checked } }) => filter({ overdue: checked ? 'true' : '' })}
        />
      </Group>
      <PagedTable<SubjectRequestAnswer>
        label="Requests of data subjects"
        path={inProject('governance', project, 'subject-requests')}
        query={{ state, kind, overdue }}
        every={LIVE_MS}
        keyOf={({ id }) => id}
        empty="No data subject has asked for anything."
        columns={[
          {
            header: 'Request',
            cell: (each) => <Go to={pageOf(project, 'subject-requests', each.id)}>{each.kind}</Go>,
          },
          { header: 'Subject', cell: ({ pseudonym }) => pseudonym },
          {
            header: 'State',
            cell: (each) => <State of={each.state} tone={each.state === 'received' ? 'warn' : undefined} />,
          },
          {
            header: 'Time',
            cell: (each) => <Toned tone={each.overdue ? 'bad' : 'quiet'}>{timeLeft(each, Date.now())}</Toned>,
          },
          { header: 'Answers for it', cell: ({ responsible }) => <Person id={responsible} /> },
          { header: 'Received', cell: ({ receivedAt }) => <When at={receivedAt} /> },
          { header: 'Due', cell: ({ dueAt }) => <When at={dueAt} /> },
        ]}
      />
    </Stack>
  );
}

function OpenRequest({ project }: { project: string }): ReactNode {
  return (
    <AskDialog
      label="Open a request"
      variant="filled"
      about="The subject is named by its pseudonym, as ingestion gives it. The clock of one month runs from when it was received."
      change={(fields) => ({
        method: 'POST',
        path: inProject('governance', project, 'subject-requests'),
        body: {
          pseudonym: fieldOf(fields, 'pseudonym'),
          kind: fieldOf(fields, 'kind'),
          receivedAt: fromLocalTime(fieldOf(fields, 'received')) ?? undefined,
        },
      })}
    >
      <TextInput name="pseudonym" label="Pseudonym" placeholder="sub_…" required data-autofocus />
      <NativeSelect name="kind" label="What is asked for" data={REQUEST_KINDS} />
      <TextInput name="received" label="Received" description="Empty: now." type="datetime-local" />
    </AskDialog>
  );
}
