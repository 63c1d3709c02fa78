import type { UseQueryResult } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { Loading } from './loading';
import { ProblemNote } from './problem-note';

/** Shows what was asked for once it is there, and until then that it is on its way or why it does not come. */
export function Loaded<T>({
  query,
  what,
  children,
}: {
  query: UseQueryResult<T>;
  what?: string;
  children: (answer: T) => ReactNode;
}): ReactNode {
  const { data, error, refetch } = query;
  if (data !== undefined) return children(data);
  if (error) return <ProblemNote error={error} onAgain={() => void refetch()} />;
  return <Loading what={what} />;
}
