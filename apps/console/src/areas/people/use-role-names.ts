import { useGet } from '../../api/use-get';

/** The names of all roles, built in and made here. */
export function useRoleNames(): string[] {
  const { data } = useGet<{ items: readonly { role: string }[] }>('/governance/v1/roles');
  return data?.items.map(({ role }) => role) ?? [];
}
