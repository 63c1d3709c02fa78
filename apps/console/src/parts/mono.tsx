import { Text } from '@mantine/core';
import type { ReactNode } from 'react';
import { short } from './format';

/** A digest or id: its beginning, whole on hover. */
export function Mono({ of, length = 12 }: { of: string | null | undefined; length?: number }): ReactNode {
  return (
    <Text span ff="monospace" size="sm" title={of ?? undefined}>
      {short(of, length)}
    </Text>
  );
}
