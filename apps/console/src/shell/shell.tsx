import { Anchor, AppShell, Burger, Group, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { Suspense, type ReactNode } from 'react';
import { Link, useLocation } from 'wouter';
import { EmergencyBanner } from '../areas/emergency/emergency-banner';
import { Loading } from '../parts/loading';
import { ErrorBoundary } from './error-boundary';
import { Mark } from './mark';
import { Navigation } from './navigation';
import { Pages } from './pages';
import { ProjectPicker } from './project-picker';
import { useProject } from './use-project';
import { UserMenu } from './user-menu';

/** The frame around every page: header, navigation, and the page itself. */
export function Shell(): ReactNode {
  const [opened, { toggle, close }] = useDisclosure();
  const project = useProject();
  const [path] = useLocation();
  return (
    <AppShell
      header={{ height: 54 }}
      navbar={{ width: 212, breakpoint: 'sm', collapsed: { mobile: !opened } }}
      padding="lg"
    >
      <a className="skip" href="#page">
        Skip to the page
      </a>
      <AppShell.Header px="md">
        <Group h="100%" justify="space-between" wrap="nowrap">
          <Group gap="sm" wrap="nowrap">
            <Burger opened={opened} onClick={toggle} hiddenFrom="sm" size="sm" aria-label="Navigation" />
            <Anchor component={Link} href="/" underline="never" c="inherit">
              <Group gap={8} wrap="nowrap">
                <Mark size={26} />
                <Text fw={700} visibleFrom="xs">
                  Steward
                </Text>
              </Group>
            </Anchor>
            <ProjectPicker project={project} />
          </Group>
          <UserMenu />
        </Group>
      </AppShell.Header>
      <AppShell.Navbar p="sm" aria-label="Main">
        <Navigation project={project} onGone={close} />
      </AppShell.Navbar>
      <AppShell.Main id="page" tabIndex={-1}>
        <EmergencyBanner />
        <ErrorBoundary key={path}>
          <Suspense fallback={<Loading />}>
            <Pages />
          </Suspense>
        </ErrorBoundary>
      </AppShell.Main>
    </AppShell>
  );
}
