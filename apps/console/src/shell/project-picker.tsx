import { NativeSelect } from '@mantine/core';
import type { Page } from '@steward/client/answers';
import type { ReactNode } from 'react';
import { useLocation } from 'wouter';
import { useGet } from '../api/use-get';
import { pageOf } from '../parts/go';

/** Chooses the project; a native select, because that works everywhere by keyboard. */
export function ProjectPicker({ project }: { project: string | null }): ReactNode {
  const [, go] = useLocation();
  const { data } = useGet<Page<{ project: string }>>('/governance/v1/projects', { query: { limit: 1000 } });
  const names = data?.items.map((each) => each.project) ?? [];
  if (project !== null && !names.includes(project)) names.unshift(project);
  return (
    <NativeSelect
      aria-label="Project"
      size="xs"
      w={190}
      value={project ?? ''}
      data={[{ value: '', label: 'Choose a project' }, ...names]}
      onChange={({ currentTarget: { value } }) => go(value === '' ? '/projects' : pageOf(value))}
    />
  );
}
