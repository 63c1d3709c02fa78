import { NativeSelect } from '@mantine/core';
import type { DeadLetterAnswer } from '@steward/client/answers';
import type { ReactNode } from 'react';
import { LIVE_MS } from '../../api/use-get';
import { Page } from '../../parts/page';
import { PagedTable } from '../../parts/paged-table';
import { State } from '../../parts/tone';
import { useFilters } from '../../parts/use-filters';
import { When } from '../../parts/when';
import { useMay } from '../../session/use-may';
import { ReplayLetter } from './replay-letter';

const SERVICES = ['ingestion', 'training', 'inference', 'monitoring', 'governance'];

/** Events that a service could not handle. */
export function DeadLettersPage(): ReactNode {
  const may = useMay();
  const [{ service, state }, filter] = useFilters(['service', 'state']);
  const chosen = SERVICES.includes(service) ? service : 'ingestion';
  return (
    <Page
      title="Dead letters"
      about="Events that a service could not handle after several tries. Look why, and have them handled again."
      actions={
        <>
          <NativeSelect
            size="xs"
            aria-label="Service"
            value={chosen}
            data={SERVICES}
            onChange={({ currentTarget: { value } }) => filter({ service: value })}
          />
          <NativeSelect
            size="xs"
            aria-label="State"
            value={state}
            data={[{ value: '', label: 'Every state' }, 'waiting', 'replayed']}
            onChange={({ currentTarget: { value } }) => filter({ state: value })}
          />
        </>
      }
    >
      <PagedTable<DeadLetterAnswer>
        label={`Dead letters of ${chosen}`}
        path={`/${chosen}/v1/dead-letters`}
        query={{ state }}
        every={LIVE_MS}
        keyOf={({ id }) => id}
        empty={`Nothing waits: ${chosen} has handled every event.`}
        columns={[
          { header: 'Event', cell: ({ type, topic }) => type ?? topic },
          { header: 'Key', cell: ({ key }) => key ?? '–' },
          { header: 'Handler', cell: ({ consumer }) => consumer ?? '–' },
          { header: 'Why', cell: ({ reason, code }) => `${reason} (${code})` },
          { header: 'State', cell: (letter) => <State of={letter.state} /> },
          { header: 'Since', cell: ({ createdAt }) => <When at={createdAt} /> },
          {
            header: 'Again',
            cell: (letter) =>
              letter.state === 'waiting' && may('replay', 'DeadLetter', letter.project) ? (
                <ReplayLetter service={chosen} letter={letter} />
              ) : (
                '–'
              ),
          },
        ]}
      />
    </Page>
  );
}
