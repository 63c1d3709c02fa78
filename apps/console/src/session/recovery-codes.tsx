import { Button, Code, Stack, Text } from '@mantine/core';
import type { ReactNode } from 'react';

/** Codes that log in once each when the authenticator is lost. They are shown only now. */
export function RecoveryCodes({
  codes,
  onDone,
}: {
  codes: readonly string[];
  onDone: () => void;
}): ReactNode {
  return (
    <Stack>
      <Text size="sm">
        Your second factor is confirmed. Keep these codes: each logs you in once where the authenticator is
        lost, and they are not shown again.
      </Text>
      <Code block>{codes.join('\n')}</Code>
      <Button onClick={onDone}>I have kept them</Button>
    </Stack>
  );
}
