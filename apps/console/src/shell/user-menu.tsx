import { Button, Group, SegmentedControl, Text, useMantineColorScheme, VisuallyHidden } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import type { ReactNode } from 'react';
import { Link } from 'wouter';
import { sentenceOf } from '../api/problem';
import { useSession } from '../session/session-provider';

/** Who is logged in, light or dark, and the way out. */
export function UserMenu(): ReactNode {
  const { displayName, logOut } = useSession();
  const leave = (): void => {
    logOut().catch((error: unknown) => notifications.show({ color: 'red', message: sentenceOf(error) }));
  };
  return (
    <Group gap="xs" wrap="nowrap">
      <SchemeSwitch />
      <Button component={Link} href="/account" variant="subtle" size="xs" maw={180}>
        <Text span size="sm" truncate>
          {displayName}
        </Text>
      </Button>
      <Button variant="default" size="xs" onClick={leave}>
        Log out
      </Button>
    </Group>
  );
}

function SchemeSwitch(): ReactNode {
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  return (
    <SegmentedControl
      visibleFrom="sm"
      size="xs"
      aria-label="Colours"
      value={colorScheme}
      onChange={(value) => setColorScheme(value)}
      data={[
        { value: 'light', label: <Choice sign="☀" name="Light" /> },
        { value: 'dark', label: <Choice sign="☾" name="Dark" /> },
        { value: 'auto', label: <Choice sign="A" name="As the system" /> },
      ]}
    />
  );
}

const Choice = ({ sign, name }: { sign: string; name: string }): ReactNode => (
  <span title={name}>
    <span aria-hidden>{sign}</span>
    <VisuallyHidden>{name}</VisuallyHidden>
  </span>
);
