import { Anchor, Button } from '@mantine/core';
import type { ReactNode } from 'react';
import { Link } from 'wouter';

/** A link within the console. */
export function Go({ to, children }: { to: string; children: ReactNode }): ReactNode {
  return (
    <Anchor component={Link} href={to} inherit>
      {children}
    </Anchor>
  );
}

/** A link to where something is changed, beside the buttons of a page. */
export function GoButton({
  to,
  variant = 'default',
  children,
}: {
  to: string;
  variant?: string;
  children: ReactNode;
}): ReactNode {
  return (
    <Button component={Link} href={to} size="sm" variant={variant}>
      {children}
    </Button>
  );
}

/** Path of a page of a project; every part is escaped. */
export const pageOf = (project: string, ...rest: readonly (string | number)[]): string =>
  ['', 'projects', project, ...rest].map((part) => encodeURIComponent(part)).join('/');
