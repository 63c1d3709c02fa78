import type { UserAnswer } from '@steward/client/answers';
import type { ReactNode } from 'react';
import { useGet } from '../api/use-get';
import { useSession } from '../session/session-provider';
import { useMay } from '../session/use-may';
import { Mono } from './mono';

/** A person by name, for who may read accounts; else by the id that the audit log holds. */
export function Person({ id }: { id: string | null | undefined }): ReactNode {
  const { principalId } = useSession();
  const known = useMay()('read', 'User', null);
  const { data } = useGet<UserAnswer>(`/governance/v1/users/${encodeURIComponent(id ?? '')}`, {
    when: known && Boolean(id) && id !== principalId,
  });
  if (!id) return '–';
  if (id === principalId) return 'you';
  return data ? data.displayName : <Mono of={id} />;
}
