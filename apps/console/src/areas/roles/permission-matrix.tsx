import { Group, NativeSelect } from '@mantine/core';
import type { Page as Answer } from '@steward/client/answers';
import type { ReactNode } from 'react';
import { useGet } from '../../api/use-get';
import { Card } from '../../parts/card';
import { DataTable } from '../../parts/data-table';
import { words } from '../../parts/format';
import { Go } from '../../parts/go';
import { Loaded } from '../../parts/loaded';
import { Toned, type Tone } from '../../parts/tone';
import { useFilters } from '../../parts/use-filters';
import { matrixOf, type Allowed, type MatrixAnswer } from './role-answers';

const TONES: Readonly<Record<Allowed, Tone>> = { yes: 'good', conditional: 'warn', no: 'quiet' };

/** Every role against every action, for one kind of object. */
export function PermissionMatrix(): ReactNode {
  const [{ subject, project }, filter] = useFilters(['subject', 'project']);
  const projects = useGet<Answer<{ project: string }>>('/governance/v1/projects', { query: { limit: 1000 } });
  const query = useGet<MatrixAnswer>('/governance/v1/decisions/matrix', { query: { project } });
  return (
    <Card title="Matrix">
      <Loaded query={query} what="the matrix">
        {(matrix) => {
          const chosen = matrix.subjects.includes(subject) ? subject : 'Model';
          const { actions, rows } = matrixOf(matrix, chosen);
          return (
            <>
              <Group gap="sm">
                <NativeSelect
                  size="xs"
                  label="Objects"
                  value={chosen}
                  data={matrix.subjects.map((name) => ({ value: name, label: words(name) }))}
                  onChange={({ currentTarget: { value } }) => filter({ subject: value })}
                />
                <NativeSelect
                  size="xs"
                  label="Of project"
                  value={project}
                  data={[
                    { value: '', label: 'no project' },
                    ...(projects.data?.items.map((each) => each.project) ?? []),
                  ]}
                  onChange={({ currentTarget: { value } }) => filter({ project: value })}
                />
              </Group>
              <DataTable
                label={`Roles by action on ${words(chosen)}`}
                rows={rows}
                keyOf={({ role }) => role}
                empty="There is no role."
                columns={[
                  {
                    header: 'Role',
                    cell: ({ role }) => <Go to={`/roles/${encodeURIComponent(role)}`}>{role}</Go>,
                  },
                  ...actions.map((action) => ({
                    header: action,
                    cell: ({ allowed }: (typeof rows)[number]) => {
                      const word = allowed.get(action) ?? 'no';
                      return word === 'no' ? 'no' : <Toned tone={TONES[word]}>{word}</Toned>;
                    },
                  })),
                ]}
              />
            </>
          );
        }}
      </Loaded>
    </Card>
  );
}
