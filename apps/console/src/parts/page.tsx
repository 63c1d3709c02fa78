import { Breadcrumbs, Group, Stack, Text, Title } from '@mantine/core';
import { useEffect, useRef, type ReactNode } from 'react';
import { Go } from './go';

interface PageProps {
  readonly title: string;
  /** One sentence on what the page is for. */
  readonly about?: ReactNode;
  /** Pages above this one. */
  readonly above?: readonly (readonly [string, string])[];
  readonly actions?: ReactNode;
  readonly children: ReactNode;
}

/** A page: its heading takes the focus when it opens, so that screen readers say where they are. */
export function Page({ title, about, above = [], actions, children }: PageProps): ReactNode {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    document.title = `${title} · Steward`;
    heading.current?.focus({ preventScroll: true });
  }, [title]);
  return (
    <Stack gap="md">
      <div>
        {above.length > 0 && (
          <Breadcrumbs component="nav" aria-label="Pages above" separatorMargin={6} mb={4} fz="sm">
            {above.map(([name, to]) => (
              <Go key={to} to={to}>
                {name}
              </Go>
            ))}
          </Breadcrumbs>
        )}
        <Group justify="space-between" gap="sm">
          <Title order={1} ref={heading} tabIndex={-1} style={{ outline: 'none', overflowWrap: 'anywhere' }}>
            {title}
          </Title>
          {actions && <Group gap="xs">{actions}</Group>}
        </Group>
        {about && (
          <Text c="dimmed" size="sm" maw="75ch">
            {about}
          </Text>
        )}
      </div>
      {children}
    </Stack>
  );
}
