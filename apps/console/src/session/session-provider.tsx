import { AbilityProvider } from '@casl/react';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useMemo, type ReactNode } from 'react';
import { Problem } from '../api/problem';
import { rememberCsrfToken, request, whenSessionEnds } from '../api/request';
import { Loading } from '../parts/loading';
import { ProblemNote } from '../parts/problem-note';
import { LoginPage } from './login-page';
import { abilityOf, type SessionAnswer } from './session';
import { SessionContext, useSessionIfAny, type Session } from './session-context';

const SESSION = '/governance/v1/session';
/** Roles may change while somebody is logged in: what the console offers follows within this time. */
const ROLES_MS = 10_000;

/** Who is logged in. Only inside {@link SessionProvider}. */
export function useSession(): Session {
  const session = useSessionIfAny();
  if (!session) throw new Error('useSession is used outside of SessionProvider.');
  return session;
}

async function readSession(): Promise<SessionAnswer | null> {
  try {
    const answer = await request<SessionAnswer>('GET', SESSION);
    rememberCsrfToken(answer.csrfToken);
    return answer;
  } catch (error) {
    if (error instanceof Problem && error.endsSession) return null;
    throw error;
  }
}

/** Shows the login page to who is not logged in, and everything else to who is. */
export function SessionProvider({ children }: { children: ReactNode }): ReactNode {
  const queries = useQueryClient();
  const { data, error, isPending, refetch } = useQuery({
    queryKey: ['session'],
    queryFn: readSession,
    // Nobody is asked about who is not logged in: that would be an entry of the audit log each time.
    refetchInterval: ({ state }) => (state.data ? ROLES_MS : false),
    refetchOnWindowFocus: ({ state }) => (state.data ? 'always' : false),
  });
  useEffect(() => whenSessionEnds(() => queries.setQueryData(['session'], null)), [queries]);
  const signature = JSON.stringify(data?.rules ?? []);
  const ability = useMemo(() => abilityOf(JSON.parse(signature) as SessionAnswer['rules']), [signature]);
  const value = useMemo(() => {
    if (!data) return null;
    const logOut = async (): Promise<void> => {
      await request('DELETE', SESSION);
      queries.clear();
      queries.setQueryData(['session'], null);
    };
    return { ...data, logOut };
  }, [data, queries]);

  if (isPending) return <Loading what="your session" />;
  if (error && !data) return <ProblemNote error={error} onAgain={() => void refetch()} />;
  if (!value) return <LoginPage onDone={() => void queries.invalidateQueries()} />;
  return (
    <SessionContext value={value}>
      <AbilityProvider value={ability}>{children}</AbilityProvider>
    </SessionContext>
  );
}
