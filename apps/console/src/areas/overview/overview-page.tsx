import { SimpleGrid, Stack } from '@mantine/core';
import type { ReactNode } from 'react';
import { Page } from '../../parts/page';
import { LoopStations } from './loop-stations';
import { ServiceHealth } from './service-health';
import { WaitingList } from './waiting-list';

/** How the loop of a project stands: what is healthy, and what waits for whom. */
export function OverviewPage({ project }: { project: string }): ReactNode {
  return (
    <Page title={`Overview of ${project}`} about="How the loop stands, and what waits for people.">
      <Stack gap="md">
        <LoopStations project={project} />
        <SimpleGrid cols={1}>
          <WaitingList project={project} />
        </SimpleGrid>
        <ServiceHealth />
      </Stack>
    </Page>
  );
}
