import { Button, Stack } from '@mantine/core';
import type { ReactNode } from 'react';
import { inProject } from '../../api/request';
import { LIVE_MS, useGet } from '../../api/use-get';
import { Card } from '../../parts/card';
import { DataTable } from '../../parts/data-table';
import { Facts } from '../../parts/facts';
import { plain, words } from '../../parts/format';
import { Go, pageOf } from '../../parts/go';
import { Loaded } from '../../parts/loaded';
import { Mono } from '../../parts/mono';
import { Page } from '../../parts/page';
import { Person } from '../../parts/person';
import { State } from '../../parts/tone';
import { When } from '../../parts/when';
import { useMay } from '../../session/use-may';
import { CertificateCard } from './certificate-card';
import { timeLeft, type RequestNoteAnswer, type WholeSubjectRequestAnswer } from './subject-answers';
import { SubjectRequestActions } from './subject-request-actions';

/** One request: its clock, its evidence, and what each service has answered. */
export function SubjectRequestPage({ project, id }: { project: string; id: string }): ReactNode {
  const path = inProject('governance', project, 'subject-requests', id);
  const query = useGet<WholeSubjectRequestAnswer>(path, { every: LIVE_MS });
  const { data } = query;
  return (
    <Page
      title={data ? `Request for ${data.kind}` : 'Request'}
      above={[['Data subjects', pageOf(project, 'subject-requests')]]}
      actions={
        data &&
        data.endedAt === null && <SubjectRequestActions project={project} path={path} request={data} />
      }
    >
      <Loaded query={query} what="the request">
        {(request) => (
          <Stack gap="md">
            <RequestFacts request={request} />
            <Result project={project} path={path} request={request} />
            <Card title="Services">
              <DataTable
                label="What each service has answered"
                rows={request.steps}
                keyOf={({ service }) => service}
                empty="It has not been carried out yet."
                columns={[
                  { header: 'Service', cell: ({ service }) => service },
                  { header: 'State', cell: ({ state }) => <State of={state} /> },
                  { header: 'Answered', cell: ({ answeredAt }) => <When at={answeredAt} /> },
                ]}
              />
            </Card>
            {request.kind === 'erasure' && request.state === 'fulfilled' && <CertificateCard path={path} />}
            <Notes notes={request.notes} />
          </Stack>
        )}
      </Loaded>
    </Page>
  );
}

function RequestFacts({ request }: { request: WholeSubjectRequestAnswer }): ReactNode {
  return (
    <Card title="Request">
      <Facts
        of={[
          [
            'State',
            <State key="state" of={request.state} tone={request.state === 'received' ? 'warn' : undefined} />,
          ],
          ['Subject', request.pseudonym],
          ['Time', timeLeft(request, Date.now())],
          ['Received', <When key="received" at={request.receivedAt} />],
          ['Due', <When key="due" at={request.dueAt} />],
          [
            'Answers for it',
            request.responsible ? <Person key="who" id={request.responsible} /> : 'nobody yet',
          ],
          ['Refused on the ground', request.ground ? words(request.ground) : null],
          ['Ended', request.endedAt ? <When key="ended" at={request.endedAt} /> : null],
          [
            'Chain of causes',
            <Go key="chain" to={`/audit?correlation=${encodeURIComponent(request.correlation)}`}>
              {request.correlation.slice(-8)}
            </Go>,
          ],
        ]}
      />
    </Card>
  );
}

interface ResultProps {
  readonly project: string;
  readonly path: string;
  readonly request: WholeSubjectRequestAnswer;
}

function Result({ project, path, request: { result, archive } }: ResultProps): ReactNode {
  const mayExport = useMay()('export', 'SubjectRequest', project);
  if (!result && !archive) return null;
  return (
    <Card
      title="What it came to"
      actions={
        archive &&
        archive.deletedAt === null &&
        mayExport && (
          <Button component="a" href={`${path}/archive`} download size="xs" variant="default">
            Download the archive
          </Button>
        )
      }
    >
      <Facts
        of={[
          ...Object.entries(result ?? {}).map(([name, value]) => [words(name), plain(value)] as const),
          ['Archive is kept until', archive ? <When key="expires" at={archive.expiresAt} /> : null],
          ['Downloads', archive?.downloads ?? null],
        ]}
      />
    </Card>
  );
}

function Notes({ notes }: { notes: readonly RequestNoteAnswer[] }): ReactNode {
  return (
    <Card title="Evidence">
      <DataTable<RequestNoteAnswer>
        label="Evidence and reasons"
        rows={notes}
        keyOf={({ id }) => id}
        empty="There is none. Before it is carried out, somebody says how it was established who asks."
        columns={[
          { header: 'Kind', cell: ({ kind }) => kind },
          { header: 'What', cell: ({ text, digest }) => text ?? <Mono of={digest} length={24} /> },
          { header: 'By', cell: ({ author }) => <Person id={author} /> },
          { header: 'When', cell: ({ createdAt }) => <When at={createdAt} /> },
        ]}
      />
    </Card>
  );
}
