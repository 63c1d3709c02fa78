import { Stack, Text } from '@mantine/core';
import type { ReactNode } from 'react';
import { inProject } from '../../api/request';
import { LIVE_MS, useGet } from '../../api/use-get';
import { AskDialog } from '../../parts/ask-dialog';
import { Card } from '../../parts/card';
import { DataTable } from '../../parts/data-table';
import { Facts } from '../../parts/facts';
import { count, several } from '../../parts/format';
import { Go, pageOf } from '../../parts/go';
import { Loaded } from '../../parts/loaded';
import { Page } from '../../parts/page';
import { Person } from '../../parts/person';
import { Toned } from '../../parts/tone';
import { When } from '../../parts/when';
import { useSession } from '../../session/session-provider';
import { useMay } from '../../session/use-may';
import { EvidenceCard } from './evidence-card';
import { PartsTable } from './parts-table';
import type { RetentionStepAnswer, WholeRetentionRunAnswer } from './retention-answers';
import { firstPerson, itemsOf, runState, runTone, scopeText } from './retention-words';

/** One run: what would go, who confirms it, how far each service is, and the signed evidence. */
export function RetentionRunPage({ project, id }: { project: string; id: string }): ReactNode {
  const path = inProject('governance', project, 'retention', 'runs', id);
  const query = useGet<WholeRetentionRunAnswer>(path, { every: LIVE_MS });
  const { data } = query;
  return (
    <Page
      title={`Retention run ${id.slice(-8)}`}
      above={[['Retention', `${pageOf(project, 'retention')}?tab=runs`]]}
      actions={data && <RunActions project={project} path={path} of={data} />}
    >
      <Loaded query={query} what="the run">
        {(run) => (
          <Stack gap="md">
            <RunFacts project={project} of={run} />
            <Card title={run.state === 'done' ? 'What was counted' : 'What would go'}>
              {run.counts === null ? (
                <Text size="sm" role="status">
                  The services count.
                </Text>
              ) : (
                <PartsTable
                  label="What was counted"
                  parts={run.counts}
                  empty="Nothing has outlived its time."
                />
              )}
              {run.held.length > 0 && (
                <Text size="sm">Stopped by legal holds: {run.held.map(scopeText).join('; ')}.</Text>
              )}
            </Card>
            <Progress of={run.steps} />
            {run.evidence !== null && <EvidenceCard path={`${path}/evidence`} />}
          </Stack>
        )}
      </Loaded>
    </Page>
  );
}

function RunActions({
  project,
  path,
  of,
}: {
  project: string;
  path: string;
  of: WholeRetentionRunAnswer;
}): ReactNode {
  const may = useMay();
  const items = itemsOf(of.counts ?? []);
  return (
    <>
      {(of.state === 'counting' || of.state === 'counted') && may('create', 'Retention', project) && (
        <AskDialog
          label="Cancel the run"
          about="It ends, and nothing is deleted."
          doIt="Cancel the run"
          size="sm"
          change={() => ({ method: 'POST', path: `${path}/cancel` })}
        />
      )}
      {of.state === 'counted' && may('sign', 'Retention', project) && (
        <AskDialog
          label="Confirm"
          doIt={`Delete ${several(items, 'item')}`}
          danger
          size="sm"
          about={`Every service deletes what it has counted, ${several(items, 'item')} in all. It cannot be taken back. Who opened the run cannot confirm it.`}
          change={() => ({ method: 'POST', path: `${path}/confirm` })}
        />
      )}
    </>
  );
}

function RunFacts({ project, of }: { project: string; of: WholeRetentionRunAnswer }): ReactNode {
  const { principalId } = useSession();
  const first = firstPerson(of);
  return (
    <Card title="Run">
      <Facts
        of={[
          [
            'State',
            <Toned key="state" tone={runTone(of.state)}>
              {runState(of)}
            </Toned>,
          ],
          ['Opened by', of.origin === 'schedule' ? 'the schedule' : <Person key="by" id={of.openedBy} />],
          ['Opened', <When key="at" at={of.openedAt} />],
          [
            'Who confirms',
            of.confirmedBy ? (
              <Person key="confirmed" id={of.confirmedBy} />
            ) : of.unattended ? (
              'the policy: nobody need'
            ) : first === null ? (
              'any person with the right'
            ) : first === principalId ? (
              'another person than you'
            ) : (
              <>
                another person than <Person id={first} />
              </>
            ),
          ],
          ['Confirmed', of.confirmedAt ? <When key="when" at={of.confirmedAt} /> : null],
          ['Covers', of.orders.map(scopeText).join('; ') || 'nothing'],
          ['Policy', of.policyVersion === 0 ? 'none: the purposes alone' : `version ${of.policyVersion}`],
          ['Deleted', of.deletedItems === null ? null : several(of.deletedItems, 'item')],
          ['Ended', of.endedAt ? <When key="ended" at={of.endedAt} /> : null],
          [
            'Chain of causes',
            <Go key="chain" to={`/audit?correlation=${encodeURIComponent(of.correlation)}`}>
              {of.correlation.slice(-8)}
            </Go>,
          ],
        ]}
      />
      {of.state === 'counted' && !of.unattended && (
        <Text size="sm">
          <Go to={pageOf(project, 'outbox')}>Who was told that it waits</Go>
        </Text>
      )}
    </Card>
  );
}

function Progress({ of }: { of: readonly RetentionStepAnswer[] }): ReactNode {
  return (
    <Card title="Progress by service">
      <DataTable
        label="Progress by service"
        rows={of}
        keyOf={({ mode, service }) => `${mode} ${service}`}
        empty="No service was asked yet."
        columns={[
          { header: 'Service', cell: ({ service }) => service },
          { header: 'Asked to', cell: ({ mode }) => mode },
          {
            header: 'State',
            cell: ({ answeredAt }) => (
              <Toned tone={answeredAt ? 'good' : 'info'}>{answeredAt ? 'answered' : 'at work'}</Toned>
            ),
          },
          { header: 'Items', figures: true, cell: ({ items }) => count(items) },
          { header: 'Held', figures: true, cell: ({ held }) => count(held) },
          { header: 'When', cell: ({ answeredAt }) => <When at={answeredAt} /> },
        ]}
      />
    </Card>
  );
}
