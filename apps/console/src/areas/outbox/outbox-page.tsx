import { NativeSelect } from '@mantine/core';
import type { NotificationAnswer, Page as Answer } from '@steward/client/answers';
import type { ReactNode } from 'react';
import { inProject } from '../../api/request';
import { LIVE_MS, useGet } from '../../api/use-get';
import { AskDialog } from '../../parts/ask-dialog';
import { words } from '../../parts/format';
import { Go } from '../../parts/go';
import { Page } from '../../parts/page';
import { PagedTable } from '../../parts/paged-table';
import { Person } from '../../parts/person';
import { Toned, type Tone } from '../../parts/tone';
import { useFilters } from '../../parts/use-filters';
import { When } from '../../parts/when';
import { useMay } from '../../session/use-may';

const TONES: Readonly<Record<NotificationAnswer['state'], Tone>> = {
  waiting: 'warn',
  delivered: 'good',
  dead: 'bad',
  shown: 'quiet',
};
const KINDS = ['approval', 'alert', 'emergency-access', 'breach', 'subject-request'];

/** What waits for whom, and how telling the webhook of it went. */
export function OutboxPage({ project }: { project: string }): ReactNode {
  const [{ state, kind, which }, filter] = useFilters(['state', 'kind', 'which']);
  const path = inProject('governance', project, 'notifications');
  const mayRetry = useMay()('replay', 'Notification', project);
  const { data } = useGet<Answer<NotificationAnswer> & { webhook: string | null }>(path, {
    query: { limit: 1 },
  });
  return (
    <Page
      title="Outbox"
      about={
        data?.webhook
          ? `What waits for people is told to ${data.webhook}, signed, once each; what it refuses is tried again for a day.`
          : 'What waits for people. No webhook is configured (STEWARD_WEBHOOK_URL), so it is shown here alone.'
      }
      actions={
        <>
          <NativeSelect
            size="xs"
            aria-label="Which"
            value={which}
            data={[
              { value: '', label: 'What waits still' },
              { value: 'all', label: 'Everything' },
            ]}
            onChange={({ currentTarget: { value } }) => filter({ which: value })}
          />
          <NativeSelect
            size="xs"
            aria-label="Kind"
            value={kind}
            data={[
              { value: '', label: 'Every kind' },
              ...KINDS.map((value) => ({ value, label: words(value) })),
            ]}
            onChange={({ currentTarget: { value } }) => filter({ kind: value })}
          />
          <NativeSelect
            size="xs"
            aria-label="Delivery"
            value={state}
            data={[{ value: '', label: 'Every delivery' }, ...Object.keys(TONES)]}
            onChange={({ currentTarget: { value } }) => filter({ state: value })}
          />
        </>
      }
    >
      <PagedTable<NotificationAnswer>
        label="Notifications, newest first"
        path={path}
        query={{ state, kind, open: which === 'all' ? '' : 'true' }}
        every={LIVE_MS}
        keyOf={({ id }) => id}
        empty={which === 'all' ? 'There has been no notification.' : 'Nothing waits for anybody.'}
        columns={[
          { header: 'What', cell: ({ summary, page }) => <Go to={page}>{summary}</Go> },
          { header: 'Kind', cell: (each) => words(each.kind) },
          {
            header: 'For whom',
            cell: ({ roles, people }) => (
              <>
                {roles.map(words).join(' or ')}
                {people.map((id) => (
                  <span key={id}>
                    {', '}
                    <Person id={id} />
                  </span>
                ))}
              </>
            ),
          },
          { header: 'Due', cell: ({ dueAt }) => <When at={dueAt} /> },
          { header: 'Waits still', cell: ({ settledAt }) => (settledAt === null ? 'yes' : 'no') },
          { header: 'Webhook', cell: (each) => <Toned tone={TONES[each.state]}>{each.state}</Toned> },
          {
            header: 'Tries',
            cell: ({ attempts, fault }) => (fault === null ? attempts : `${attempts}: ${fault}`),
          },
          { header: 'Since', cell: ({ createdAt }) => <When at={createdAt} /> },
          {
            header: 'Again',
            cell: ({ id, state: delivery }) =>
              delivery === 'dead' && mayRetry ? (
                <AskDialog
                  label="Send again"
                  about="From the first try on. The receiver knows it by the same id."
                  change={() => ({
                    method: 'POST',
                    path: inProject('governance', project, 'notifications', id, 'retry'),
                  })}
                />
              ) : (
                '–'
              ),
          },
        ]}
      />
    </Page>
  );
}
