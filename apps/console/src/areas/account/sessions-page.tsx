import { SegmentedControl } from '@mantine/core';
import type { ReactNode } from 'react';
import { Page } from '../../parts/page';
import { useFilters } from '../../parts/use-filters';
import { useMay } from '../../session/use-may';
import { SessionsTable } from './sessions-table';

/** Where one is logged in, or for who may, where everybody is. */
export function SessionsPage(): ReactNode {
  const may = useMay();
  const [{ whose }, filter] = useFilters(['whose']);
  const everybody = whose === 'everybody' && may('read', 'User', null);
  return (
    <Page title="Sessions" about="A session that is ended here is refused by every service within a second.">
      {may('read', 'User', null) && (
        <SegmentedControl
          size="xs"
          w="fit-content"
          aria-label="Whose sessions"
          value={everybody ? 'everybody' : 'mine'}
          onChange={(value) => filter({ whose: value })}
          data={[
            { value: 'mine', label: 'Mine' },
            { value: 'everybody', label: 'Everybody’s' },
          ]}
        />
      )}
      <SessionsTable
        key={whose}
        principalId={everybody ? '*' : undefined}
        mayEnd={!everybody || may('update', 'User', null)}
      />
    </Page>
  );
}
