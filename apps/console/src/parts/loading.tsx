import { Center, Loader } from '@mantine/core';
import type { ReactNode } from 'react';

export const Loading = ({ what = 'this page' }: { what?: string }): ReactNode => (
  <Center mih={160} role="status" aria-label={`Loading ${what}`}>
    <Loader type="dots" />
  </Center>
);
