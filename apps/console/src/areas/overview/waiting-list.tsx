import type {
  AlertAnswer,
  ApprovalAnswer,
  DeadLetterAnswer,
  NotificationAnswer,
  Page as Answer,
  RetrainAnswer,
} from '@steward/client/answers';
import { useQueries } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { inProject, request } from '../../api/request';
import { LIVE_MS, useGet } from '../../api/use-get';
import { Card } from '../../parts/card';
import { DataTable } from '../../parts/data-table';
import { Go, pageOf } from '../../parts/go';
import { ProblemNote } from '../../parts/problem-note';
import { When } from '../../parts/when';
import { mayAnywhere, type SessionAbility } from '../../session/session';
import { useAbility } from '@casl/react';
import { useMay } from '../../session/use-may';
import { waitingFor } from './waiting';

const SERVICES = ['ingestion', 'training', 'inference', 'monitoring', 'governance'];
const MOST = 100;

/** Dead letters of all services; none for who may not see them. */
function useLetters() {
  const when = mayAnywhere(useAbility<SessionAbility>(), 'read', 'DeadLetter');
  return useQueries({
    queries: SERVICES.map((service) => ({
      queryKey: [`/${service}/v1/dead-letters`, { state: 'waiting', limit: MOST }],
      queryFn: () =>
        request<Answer<DeadLetterAnswer>>('GET', `/${service}/v1/dead-letters`, {
          query: { state: 'waiting', limit: MOST },
        }),
      enabled: when,
      refetchInterval: LIVE_MS,
    })),
    combine: (results) =>
      results.flatMap(({ data }, at) =>
        (data?.items ?? []).map((letter) => ({ ...letter, service: SERVICES[at]! })),
      ),
  });
}

export function WaitingList({ project }: { project: string }): ReactNode {
  const may = useMay();
  const options = { query: { state: 'open', limit: MOST }, every: LIVE_MS };
  const approvals = useGet<Answer<ApprovalAnswer>>(inProject('governance', project, 'approvals'), {
    ...options,
    when: may('read', 'ApprovalRequest', project),
  });
  const alerts = useGet<Answer<AlertAnswer>>(inProject('monitoring', project, 'alerts'), {
    ...options,
    when: may('read', 'Alert', project),
  });
  const retrains = useGet<Answer<RetrainAnswer>>(inProject('training', project, 'retrain-requests'), {
    query: { limit: MOST },
    every: LIVE_MS,
    when: may('read', 'Run', project),
  });
  const notifications = useGet<Answer<NotificationAnswer>>(
    inProject('governance', project, 'notifications'),
    {
      query: { open: 'true', limit: MOST },
      every: LIVE_MS,
      when: may('read', 'Notification', project),
    },
  );
  const letters = useLetters();
  const error = approvals.error ?? alerts.error ?? retrains.error ?? notifications.error;
  const rows = waitingFor({
    approvals: approvals.data?.items ?? [],
    alerts: alerts.data?.items ?? [],
    retrains: retrains.data?.items ?? [],
    notifications: notifications.data?.items ?? [],
    letters: letters.filter((letter) => letter.project === null || letter.project === project),
  });
  return (
    <Card title="Waits for people">
      {error && <ProblemNote error={error} />}
      <DataTable
        label="What waits for people"
        keyOf={({ id }) => id}
        rows={rows}
        empty="Nothing waits for anybody."
        columns={[
          {
            header: 'What',
            cell: ({ what, at }) => (
              <Go to={at.length > 0 ? pageOf(project, ...at) : '/dead-letters'}>{what}</Go>
            ),
          },
          { header: 'For whom', cell: ({ who }) => who },
          { header: 'Since', cell: ({ since }) => <When at={since} /> },
        ]}
      />
    </Card>
  );
}
