import { Text } from '@mantine/core';
import type { ReactNode } from 'react';

/** What people wrote, with its line breaks; a word where there is nothing. */
export function Prose({ of, none = '–' }: { of: string | null | undefined; none?: string }): ReactNode {
  return (
    <Text size="sm" maw="80ch" style={{ whiteSpace: 'pre-wrap', overflowWrap: 'anywhere' }}>
      {of || none}
    </Text>
  );
}
