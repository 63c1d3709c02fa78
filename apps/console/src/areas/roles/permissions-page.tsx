import { Stack } from '@mantine/core';
import type { ReactNode } from 'react';
import { Page } from '../../parts/page';
import { PermissionMatrix } from './permission-matrix';
import { Simulator } from './simulator';

/** Which role may do what, and why somebody may or may not. */
export function PermissionsPage(): ReactNode {
  return (
    <Page
      title="Permissions"
      about="What each role may do to objects of a kind, and the reason for any decision, also after a change that is only tried."
    >
      <Stack gap="md">
        <Simulator />
        <PermissionMatrix />
      </Stack>
    </Page>
  );
}
