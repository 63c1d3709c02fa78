import { Stack } from '@mantine/core';
import type { EmergencyAnswer } from '@steward/client/answers';
import type { ReactNode } from 'react';
import { inProject } from '../../api/request';
import { LIVE_MS, useGet } from '../../api/use-get';
import { Card } from '../../parts/card';
import { DataTable } from '../../parts/data-table';
import { Facts } from '../../parts/facts';
import { Go, pageOf } from '../../parts/go';
import { Loaded } from '../../parts/loaded';
import { Page } from '../../parts/page';
import { Person } from '../../parts/person';
import { Toned } from '../../parts/tone';
import { When } from '../../parts/when';
import { useSession } from '../../session/session-provider';
import { useMay } from '../../session/use-may';
import { EndEmergency, SignEmergency } from './emergency-actions';
import { reviewState } from './review-state';

/** One emergency access: why, what was done, and the review. */
export function EmergencyPage({ project, id }: { project: string; id: string }): ReactNode {
  const query = useGet<EmergencyAnswer>(inProject('governance', project, 'emergency-accesses', id), {
    every: LIVE_MS,
  });
  const { data } = query;
  const { principalId } = useSession();
  const may = useMay();
  const inForce = data?.endedAt === null;
  const own = data?.person === principalId;
  return (
    <Page
      title={data ? `${data.role} in an emergency` : 'Emergency access'}
      above={[['Emergency access', pageOf(project, 'emergencies')]]}
      actions={
        <>
          {inForce && may('create', 'EmergencyAccess', project) && <EndEmergency project={project} id={id} />}
          {data &&
            !inForce &&
            !own &&
            data.reviewedBy === null &&
            may('sign', 'EmergencyAccess', project) && <SignEmergency project={project} id={id} />}
        </>
      }
    >
      <Loaded query={query} what="the emergency access">
        {(access) => (
          <Stack gap="md">
            <EmergencyFacts access={access} />
            <Card title="What was done in that time">
              <DataTable
                label="What was done in that time"
                rows={access.actions ?? []}
                keyOf={({ action }) => action}
                empty="The audit log has no act of this person in that time."
                columns={[
                  { header: 'Action', cell: ({ action }) => action },
                  { header: 'Times', figures: true, cell: ({ times }) => times },
                ]}
              />
              {access.correlation && (
                <Go to={`/audit?correlation=${encodeURIComponent(access.correlation)}`}>
                  The emergency in the audit log
                </Go>
              )}
            </Card>
          </Stack>
        )}
      </Loaded>
    </Page>
  );
}

function EmergencyFacts({ access }: { access: EmergencyAnswer }): ReactNode {
  const { person, role, reason, startedAt, until, endedAt, informed = [], reviewedBy } = access;
  const { tone, text } = reviewState(access);
  return (
    <Card title="Emergency">
      <Facts
        of={[
          [
            'State',
            <Toned key="state" tone={tone}>
              {text}
            </Toned>,
          ],
          ['Taken by', <Person key="who" id={person} />],
          ['Role', role],
          ['Why', reason ?? 'erased'],
          ['From', <When key="from" at={startedAt} />],
          ['Until', <When key="until" at={endedAt ?? until} />],
          [
            'Told',
            informed.map((each) => (
              <div key={each}>
                <Person id={each} />
              </div>
            )),
          ],
          ['Reviewed by', reviewedBy ? <Person key="by" id={reviewedBy} /> : null],
          ['Reviewed', access.reviewedAt ? <When key="at" at={access.reviewedAt} /> : null],
          ['In words', access.reviewNote ?? null],
        ]}
      />
    </Card>
  );
}
