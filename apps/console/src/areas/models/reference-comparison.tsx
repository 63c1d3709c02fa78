import { NativeSelect, SimpleGrid, Stack } from '@mantine/core';
import { useState, type ReactNode } from 'react';
import { inProject } from '../../api/request';
import { useGet } from '../../api/use-get';
import { Bars, ChartFrame } from '../../charts';
import { count, percent } from '../../parts/format';
import { Loaded } from '../../parts/loaded';
import { cellsOf, type Cell, type ReferenceAnswer } from './reference';

interface Props {
  readonly project: string;
  readonly model: string;
  readonly candidate: number;
  readonly champion: number | null;
}

/** A column's distribution in the data that each version was made on. */
export function ReferenceComparison({ project, model, candidate, champion }: Props): ReactNode {
  const of = (version: number | null) =>
    inProject('training', project, 'models', model, 'versions', version ?? 0, 'reference');
  const mine = useGet<ReferenceAnswer>(of(candidate));
  const theirs = useGet<ReferenceAnswer>(of(champion), { when: champion !== null });
  const [chosen, choose] = useState('');
  return (
    <Loaded query={mine} what="the reference">
      {({ columns }) => {
        const name = chosen || columns[0]?.name || '';
        return (
          <Stack gap="sm">
            <NativeSelect
              label="Column"
              w={220}
              size="xs"
              value={name}
              data={columns.map((column) => column.name)}
              onChange={({ currentTarget: { value } }) => choose(value)}
            />
            <SimpleGrid cols={{ base: 1, lg: champion === null ? 1 : 2 }} spacing="lg">
              <Distribution title={`Version ${candidate}`} name={name} reference={mine.data} />
              {champion !== null && (
                <Distribution title={`Version ${champion} (champion)`} name={name} reference={theirs.data} />
              )}
            </SimpleGrid>
          </Stack>
        );
      }}
    </Loaded>
  );
}

interface DistributionProps {
  readonly title: string;
  readonly name: string;
  readonly reference: ReferenceAnswer | undefined;
}

function Distribution({ title, name, reference }: DistributionProps): ReactNode {
  const column = reference?.columns.find((each) => each.name === name);
  const rows = column ? cellsOf(column) : [];
  return (
    <ChartFrame<Cell>
      title={`${title}: ${name}`}
      rows={rows}
      keyOf={({ label }) => label}
      columns={[
        { header: 'Value', cell: ({ label }) => label },
        { header: 'Rows', figures: true, cell: ({ count: n }) => count(n) },
        { header: 'Share', figures: true, cell: ({ share }) => percent(share) },
      ]}
    >
      <Bars
        series={['Share']}
        format={percent}
        rows={rows.map(({ label, share }) => ({ label, Share: share }))}
      />
    </ChartFrame>
  );
}
