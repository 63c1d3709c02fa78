import { NativeSelect, Text } from '@mantine/core';
import type { EmergencyAnswer } from '@steward/client/answers';
import type { ReactNode } from 'react';
import { inProject } from '../../api/request';
import { LIVE_MS } from '../../api/use-get';
import { Go, pageOf } from '../../parts/go';
import { Page } from '../../parts/page';
import { PagedTable } from '../../parts/paged-table';
import { Person } from '../../parts/person';
import { Toned } from '../../parts/tone';
import { useFilters } from '../../parts/use-filters';
import { When } from '../../parts/when';
import { useMay } from '../../session/use-may';
import { TakeEmergency } from './emergency-actions';
import { reviewState } from './review-state';

/** Rights taken in an emergency, and the reviews that wait for a signature. */
export function EmergenciesPage({ project }: { project: string }): ReactNode {
  const [{ review }, filter] = useFilters(['review']);
  const may = useMay();
  const mayRead = may('read', 'EmergencyAccess', project);
  return (
    <Page
      title="Emergency access"
      about="Who needs a right at once takes it for a short time, with a reason. Somebody else is told, and signs a review."
      actions={
        <>
          {mayRead && (
            <NativeSelect
              size="xs"
              aria-label="Review"
              value={review}
              data={[
                { value: '', label: 'All' },
                { value: 'open', label: 'Review open' },
                { value: 'signed', label: 'Review signed' },
              ]}
              onChange={({ currentTarget: { value } }) => filter({ review: value })}
            />
          )}
          {may('create', 'EmergencyAccess', project) && <TakeEmergency project={project} />}
        </>
      }
    >
      {mayRead ? (
        <PagedTable<EmergencyAnswer>
          label="Emergency accesses"
          path={inProject('governance', project, 'emergency-accesses')}
          query={{ review }}
          every={LIVE_MS}
          keyOf={({ id }) => id}
          empty={review === 'open' ? 'No review waits for a signature.' : 'Nobody has broken the glass here.'}
          columns={[
            {
              header: 'Role',
              cell: ({ id, role }) => <Go to={pageOf(project, 'emergencies', id)}>{role}</Go>,
            },
            { header: 'Taken by', cell: ({ person }) => <Person id={person} /> },
            { header: 'From', cell: ({ startedAt }) => <When at={startedAt} /> },
            { header: 'Until', cell: ({ endedAt, until }) => <When at={endedAt ?? until} /> },
            {
              header: 'Review',
              cell: (each) => {
                const { tone, text } = reviewState(each);
                return <Toned tone={tone}>{text}</Toned>;
              },
            },
          ]}
        />
      ) : (
        <Text size="sm">
          What you hold by an emergency stands above, while it lasts. The list is for who reviews it.
        </Text>
      )}
    </Page>
  );
}
