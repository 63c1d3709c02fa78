import { Button, Code, NativeSelect, Stack, Text } from '@mantine/core';
import type { Page as Answer, WholeBreachAnswer } from '@steward/client/answers';
import { useState, type ReactNode } from 'react';
import { inProject } from '../../api/request';
import { LIVE_MS, useGet } from '../../api/use-get';
import { AskDialog, fieldOf } from '../../parts/ask-dialog';
import { Card } from '../../parts/card';
import { DataTable } from '../../parts/data-table';
import { Facts } from '../../parts/facts';
import { count, several } from '../../parts/format';
import { Go, pageOf } from '../../parts/go';
import { Loaded } from '../../parts/loaded';
import { Page } from '../../parts/page';
import { Person } from '../../parts/person';
import { Prose } from '../../parts/prose';
import { ReasonField } from '../../parts/reason-field';
import { State, Toned } from '../../parts/tone';
import { When } from '../../parts/when';
import { useMay } from '../../session/use-may';
import { breachClock } from './breach-clock';

/** One breach: its clock, what may be exposed, whom it concerns, and the drafts of both notifications. */
export function BreachPage({ project, id }: { project: string; id: string }): ReactNode {
  const path = inProject('governance', project, 'breaches', id);
  const query = useGet<WholeBreachAnswer>(path, { every: LIVE_MS });
  const { data } = query;
  const mayEnd = useMay()('update', 'Breach', project);
  return (
    <Page
      title={`Breach ${id.slice(-8)}`}
      above={[['Breaches', pageOf(project, 'breaches')]]}
      actions={data && data.state === 'open' && mayEnd && <EndBreach path={path} />}
    >
      <Loaded query={query} what="the breach">
        {(breach) => (
          <Stack gap="md">
            <BreachFacts of={breach} />
            <Exposure path={path} of={breach} />
            <Drafts path={path} />
          </Stack>
        )}
      </Loaded>
    </Page>
  );
}

function EndBreach({ path }: { path: string }): ReactNode {
  return (
    <AskDialog
      label="End it"
      variant="filled"
      about="Steward sends nothing: people notify, and say so here."
      change={(fields) => ({
        method: 'POST',
        path: `${path}/end`,
        body: { outcome: fieldOf(fields, 'outcome'), reason: fieldOf(fields, 'reason') },
      })}
    >
      <NativeSelect
        name="outcome"
        label="Outcome"
        data={[
          { value: 'notified', label: 'the authority was notified' },
          { value: 'not_notifiable', label: 'it need not be notified: no risk is likely' },
        ]}
      />
      <ReasonField least={10} most={8_000} />
    </AskDialog>
  );
}

function BreachFacts({ of }: { of: WholeBreachAnswer }): ReactNode {
  const clock = breachClock(of);
  const { scope } = of;
  return (
    <Card title="Breach">
      <Prose of={of.summary} none="What happened was erased." />
      <Facts
        of={[
          ['State', <State key="state" of={of.state} />],
          [
            'Clock',
            <Toned key="clock" tone={clock.tone}>
              {clock.says}
            </Toned>,
          ],
          ['Aware since', <When key="aware" at={of.awareAt} />],
          ['Notify the authority until', <When key="due" at={of.dueAt} />],
          ['From', <When key="from" at={scope.from} />],
          ['Until', <When key="to" at={scope.to} />],
          ['Accounts', scope.principals.join(', ') || 'any'],
          ['API keys', scope.keys.join(', ') || 'none named'],
          ['Dataset', scope.dataset ?? 'none named'],
          ['Opened by', <Person key="by" id={of.openedBy} />],
          ['Ended by', of.endedBy ? <Person key="ended" id={of.endedBy} /> : null],
          ['Ended', of.endedAt ? <When key="endedAt" at={of.endedAt} /> : null],
          ['Why', of.endReason ? <Prose key="why" of={of.endReason} /> : null],
          [
            'Chain of causes',
            <Go key="chain" to={`/audit?correlation=${encodeURIComponent(of.correlation)}`}>
              {of.correlation.slice(-8)}
            </Go>,
          ],
        ]}
      />
    </Card>
  );
}

function Exposure({ path, of: { exposure, audited } }: { path: string; of: WholeBreachAnswer }): ReactNode {
  const [shown, setShown] = useState(false);
  return (
    <Card
      title="What may be exposed"
      actions={
        exposure && (
          <Button size="xs" variant="default" onClick={() => setShown(!shown)} aria-expanded={shown}>
            {shown ? 'Hide the subjects' : 'Show the subjects'}
          </Button>
        )
      }
    >
      <Facts
        of={
          exposure
            ? [
                ['Subjects on rows', count(exposure.subjects)],
                ['Subjects named by the audit log', count(audited.subjects.length)],
                ['Predictions', count(exposure.predictionRows)],
                ['Rows of the dataset', count(exposure.datasetRows)],
              ]
            : [['Rows and subjects', 'ingestion is counting']]
        }
      />
      {shown && <Subjects path={`${path}/subjects`} />}
      <DataTable
        label="What the accounts did in that time, by the audit log"
        rows={audited.actions}
        keyOf={({ action, service }) => `${service} ${action}`}
        empty="The audit log has nothing of these accounts in that time."
        columns={[
          { header: 'Action', cell: ({ action }) => action },
          { header: 'Service', cell: ({ service }) => service },
          { header: 'Times', figures: true, cell: ({ times }) => count(times) },
        ]}
      />
    </Card>
  );
}

/** Most pseudonyms that the page lists; the file has all. */
const MOST_LISTED = 200;

function Subjects({ path }: { path: string }): ReactNode {
  const query = useGet<Answer<string>>(path);
  return (
    <Loaded query={query} what="the subjects">
      {({ items }) => (
        <Stack gap="xs">
          <Text size="sm">
            {several(items.length, 'subject')}
            {items.length > MOST_LISTED ? `, the first ${MOST_LISTED} of them here. ` : '. '}
            <a href={path} download="subjects.json">
              Download all
            </a>
          </Text>
          <DataTable
            label="Pseudonyms of all who may be concerned"
            rows={items.slice(0, MOST_LISTED)}
            keyOf={(pseudonym) => pseudonym}
            empty="Nobody, as far as it can be seen."
            columns={[{ header: 'Pseudonym', cell: (pseudonym) => pseudonym }]}
          />
        </Stack>
      )}
    </Loaded>
  );
}

function Drafts({ path }: { path: string }): ReactNode {
  const query = useGet<{ authority: string; subjects: string }>(`${path}/notification`);
  return (
    <Card title="Drafts of the notifications">
      <Text size="sm" c="dimmed">
        Filled with what is known here. What only people know stands as a blank.
      </Text>
      <Loaded query={query} what="the drafts">
        {({ authority, subjects }) => (
          <>
            <Draft title="To the authority (Art. 33)" text={authority} />
            <Draft title="To the subjects (Art. 34)" text={subjects} />
          </>
        )}
      </Loaded>
    </Card>
  );
}

const Draft = ({ title, text }: { title: string; text: string }): ReactNode => (
  <div>
    <Text size="sm" fw={600}>
      {title}
    </Text>
    <Code block tabIndex={0} aria-label={title} style={{ whiteSpace: 'pre-wrap' }}>
      {text}
    </Code>
  </div>
);
