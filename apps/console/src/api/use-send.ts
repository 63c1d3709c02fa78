import { useMutation, useQueryClient, type UseMutationResult } from '@tanstack/react-query';
import { request, type RequestOptions } from './request';

/** A change: after it everything that is on the screen is read again. */
export interface Change extends RequestOptions {
  readonly method: 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly path: string;
}

export function useSend<T = unknown>(onDone?: (answer: T) => void): UseMutationResult<T, Error, Change> {
  const queries = useQueryClient();
  return useMutation<T, Error, Change>({
    mutationFn: ({ method, path, ...options }) => request<T>(method, path, options),
    onSuccess: async (answer) => {
      onDone?.(answer);
      await queries.invalidateQueries();
    },
  });
}
