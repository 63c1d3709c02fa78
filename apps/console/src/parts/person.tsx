import type { ColleagueAnswer, Page, UserAnswer } from '@steward/client/answers';
import type { ReactNode } from 'react';
import { useGet } from '../api/use-get';
import { useSession } from '../session/session-provider';
import { useMay } from '../session/use-may';
import { useProject } from '../shell/use-project';
import { Mono } from './mono';

/** One page of colleagues is read, once for all names of a page; whoever comes after keeps the id. */
const COLLEAGUES = 200;

/**
 * A person by name, for who may read accounts; in a project's affairs, its people for its members; else by the id that
 * the audit log holds. `of`: whose affair it is, where the page is not that project's.
 */
export function Person({ id, of }: { id: string | null | undefined; of?: string | null }): ReactNode {
  const { principalId } = useSession();
  const here = useProject();
  const project = of ?? here;
  const may = useMay();
  const wanted = Boolean(id) && id !== principalId;
  const known = may('read', 'User', null);
  const { data } = useGet<UserAnswer>(`/governance/v1/users/${encodeURIComponent(id ?? '')}`, {
    when: known && wanted,
  });
  const { data: colleagues } = useGet<Page<ColleagueAnswer>>(
    `/governance/v1/projects/${encodeURIComponent(project ?? '')}/people`,
    {
      query: { limit: COLLEAGUES },
      when: !known && wanted && project !== null && may('read', 'Project', project),
    },
  );
  if (!id) return '–';
  if (id === principalId) return 'you';
  const name = known
    ? data?.displayName
    : colleagues?.items.find((colleague) => colleague.id === id)?.displayName;
  return name ?? <Mono of={id} />;
}
