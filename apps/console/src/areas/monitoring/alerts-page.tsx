import { NativeSelect, Textarea } from '@mantine/core';
import type { AlertAnswer } from '@steward/client/answers';
import type { ReactNode } from 'react';
import { inProject } from '../../api/request';
import { LIVE_MS } from '../../api/use-get';
import { AskDialog, fieldOf } from '../../parts/ask-dialog';
import { words } from '../../parts/format';
import { Go, pageOf } from '../../parts/go';
import { Page } from '../../parts/page';
import { PagedTable } from '../../parts/paged-table';
import { Person } from '../../parts/person';
import { State } from '../../parts/tone';
import { useFilters } from '../../parts/use-filters';
import { When } from '../../parts/when';
import { useMay } from '../../session/use-may';

/** Alerts, the newest first. */
export function AlertsPage({ project }: { project: string }): ReactNode {
  const mayAcknowledge = useMay()('acknowledge', 'Alert', project);
  const [{ state }, filter] = useFilters(['state']);
  return (
    <Page
      title="Alerts"
      about="An alert stays open until a full window shows nothing any more; to acknowledge it says that somebody looks after it."
      actions={
        <NativeSelect
          size="xs"
          aria-label="State"
          value={state}
          data={[{ value: '', label: 'Every state' }, 'open', 'resolved']}
          onChange={({ currentTarget: { value } }) => filter({ state: value })}
        />
      }
    >
      <PagedTable<AlertAnswer>
        label="Alerts"
        path={inProject('monitoring', project, 'alerts')}
        query={{ state }}
        every={LIVE_MS}
        keyOf={({ id }) => id}
        empty={state ? `No alert is ${state}.` : 'There has been no alert.'}
        columns={[
          {
            header: 'What',
            cell: ({ kind, columns }) =>
              `${words(kind)}${columns.length > 0 ? `: ${columns.join(', ')}` : ''}`,
          },
          { header: 'State', cell: (alert) => <State of={alert.state} /> },
          {
            header: 'Model',
            cell: ({ model, modelVersion }) => (
              <Go
                to={pageOf(project, 'models', model, modelVersion)}
              >{`${model} version ${modelVersion}`}</Go>
            ),
          },
          {
            header: 'Window',
            cell: ({ monitor, lastWindowId }) => (
              <Go to={pageOf(project, 'monitors', monitor, 'windows', lastWindowId)}>
                {lastWindowId.slice(-8)}
              </Go>
            ),
          },
          { header: 'Raised', cell: ({ raisedAt }) => <When at={raisedAt} /> },
          { header: 'Resolved', cell: ({ resolvedAt }) => <When at={resolvedAt} /> },
          {
            header: 'Seen by',
            cell: (alert) =>
              alert.acknowledgedBy ? (
                <Person id={alert.acknowledgedBy} />
              ) : alert.state === 'open' && mayAcknowledge ? (
                <Acknowledge project={project} id={alert.id} />
              ) : (
                'nobody'
              ),
          },
        ]}
      />
    </Page>
  );
}

function Acknowledge({ project, id }: { project: string; id: string }): ReactNode {
  return (
    <AskDialog
      label="Acknowledge"
      about="Says that you look after it. Your comment goes to the audit log."
      change={(fields) => {
        const reason = fieldOf(fields, 'reason');
        return {
          method: 'POST',
          path: `${inProject('monitoring', project, 'alerts', id)}/acknowledge`,
          body: reason === '' ? {} : { reason },
        };
      }}
    >
      <Textarea name="reason" label="Comment" maxLength={2000} autosize minRows={3} />
    </AskDialog>
  );
}
