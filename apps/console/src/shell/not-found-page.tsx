import { Text } from '@mantine/core';
import type { ReactNode } from 'react';
import { Go } from '../parts/go';
import { Page } from '../parts/page';

export function NotFoundPage(): ReactNode {
  return (
    <Page title="There is no such page">
      <Text>The address leads nowhere.</Text>
      <Go to="/">Begin at the projects</Go>
    </Page>
  );
}
