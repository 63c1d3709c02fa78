import { keepPreviousData, useQuery, type UseQueryResult } from '@tanstack/react-query';
import { Problem } from './problem';
import { request, type Query } from './request';

export interface GetOptions {
  readonly query?: Query;
  /** Milliseconds after which it is asked again while the page is looked at. */
  readonly every?: number;
  /** False: not asked (yet). */
  readonly when?: boolean;
}

/** What moves by itself is asked for again this often. */
export const LIVE_MS = 5_000;

const isRefusal = (error: unknown): boolean =>
  error instanceof Problem && error.status >= 400 && error.status < 500;

/** Reads a path; the answer is kept and shown again while a newer one is on its way. */
export function useGet<T>(path: string, { query, every, when = true }: GetOptions = {}): UseQueryResult<T> {
  return useQuery<T>({
    queryKey: [path, query ?? {}],
    queryFn: () => request<T>('GET', path, { query }),
    enabled: when,
    // What was refused stays refused until somebody asks again: each refusal is an entry of the audit log.
    refetchInterval: ({ state }) => (isRefusal(state.error) ? false : every),
    placeholderData: keepPreviousData,
  });
}
