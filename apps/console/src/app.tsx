import { MantineProvider } from '@mantine/core';
import { Notifications } from '@mantine/notifications';
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { Router } from 'wouter';
import { Problem } from './api/problem';
import { pageNonce } from './nonce';
import { SessionProvider } from './session/session-provider';
import { Shell } from './shell/shell';
import { theme, variables } from './theme';

const TRIES = 2;

const queries = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 1_000,
      // What was refused is refused again; a service that is away may be back.
      retry: (tries, error) =>
        tries < TRIES && error instanceof Problem && (error.status === 0 || error.status >= 500),
    },
  },
});

export function App(): ReactNode {
  return (
    <MantineProvider
      theme={theme}
      cssVariablesResolver={variables}
      defaultColorScheme="auto"
      getStyleNonce={pageNonce}
    >
      <Notifications position="bottom-right" />
      <QueryClientProvider client={queries}>
        <Router base="/console">
          <SessionProvider>
            <Shell />
          </SessionProvider>
        </Router>
      </QueryClientProvider>
    </MantineProvider>
  );
}
