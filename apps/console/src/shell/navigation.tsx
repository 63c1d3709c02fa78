import { useAbility } from '@casl/react';
import { NavLink, ScrollArea, Stack, Text } from '@mantine/core';
import type { ReactNode } from 'react';
import { Link, useLocation } from 'wouter';
import { pageOf } from '../parts/go';
import { may, mayAnywhere, type SessionAbility } from '../session/session';
import { PROJECT_MENU, ROOT_MENU } from './menu';

/** Pages that the person may see: of the project in the address, and of the whole installation. */
export function Navigation({ project, onGone }: { project: string | null; onGone: () => void }): ReactNode {
  const ability = useAbility<SessionAbility>();
  const inProject = PROJECT_MENU.filter(
    ({ needs, global }) =>
      project !== null && (!needs || may(ability, needs[0], needs[1], global ? null : project)),
  );
  const atRoot = ROOT_MENU.filter(
    ({ needs, anywhere }) =>
      !needs ||
      (anywhere ? mayAnywhere(ability, needs[0], needs[1]) : may(ability, needs[0], needs[1], null)),
  );
  return (
    <ScrollArea h="100%" type="auto" scrollbarSize={6}>
      <Stack gap="md">
        {project !== null && (
          <Section title={`Project ${project}`}>
            {inProject.map(({ label, path }) => (
              <Entry
                key={label}
                label={label}
                to={pageOf(project, ...(path ? [path] : []))}
                exact={path === ''}
                onGone={onGone}
              />
            ))}
          </Section>
        )}
        <Section title="Installation">
          {atRoot.map(({ label, path }) => (
            <Entry key={label} label={label} to={`/${path}`} exact={path === 'projects'} onGone={onGone} />
          ))}
        </Section>
      </Stack>
    </ScrollArea>
  );
}

function Section({ title, children }: { title: string; children: ReactNode }): ReactNode {
  return (
    <div>
      <Text size="xs" fw={600} c="dimmed" px="sm" mb={4} truncate>
        {title}
      </Text>
      {children}
    </div>
  );
}

interface EntryProps {
  readonly label: string;
  readonly to: string;
  readonly exact: boolean;
  readonly onGone: () => void;
}

function Entry({ label, to, exact, onGone }: EntryProps): ReactNode {
  const [path] = useLocation();
  const active = path === to || (!exact && path.startsWith(`${to}/`));
  return (
    <NavLink
      component={Link}
      href={to}
      label={label}
      active={active}
      aria-current={active ? 'page' : undefined}
      onClick={onGone}
      py={4}
      style={{ borderRadius: 'var(--mantine-radius-md)' }}
    />
  );
}
