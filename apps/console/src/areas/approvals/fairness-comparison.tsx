import { SimpleGrid } from '@mantine/core';
import type { EvaluationAnswer } from '@steward/client/answers';
import type { ReactNode } from 'react';
import { Bars, ChartFrame } from '../../charts';
import { count, figure, percent } from '../../parts/format';
import { compareGroups, sensitiveColumns, type ComparedGroup } from './compare-evaluations';

/** Share of favourable decisions by group, of both models. */
export function FairnessComparison(models: {
  candidate: EvaluationAnswer;
  champion: EvaluationAnswer | null;
}): ReactNode {
  const { candidate, champion } = models;
  return (
    <SimpleGrid cols={{ base: 1, lg: 2 }} spacing="lg">
      {sensitiveColumns(candidate).map((column) => {
        const rows = compareGroups(column, candidate, champion);
        return (
          <ChartFrame<ComparedGroup>
            key={column}
            title={`Share of favourable decisions by ${column}`}
            rows={rows}
            keyOf={({ group }) => group}
            columns={[
              { header: 'Group', cell: ({ group }) => group },
              { header: 'Rows', figures: true, cell: ({ rows: n }) => count(n) },
              {
                header: 'Candidate',
                figures: true,
                cell: (each) => percent(each.candidate?.selectionRate?.value),
              },
              {
                header: 'Champion',
                figures: true,
                cell: (each) => percent(each.champion?.selectionRate?.value),
              },
              {
                header: 'Candidate true positive rate',
                figures: true,
                cell: (each) => figure(each.candidate?.truePositiveRate?.value),
              },
              {
                header: 'Champion true positive rate',
                figures: true,
                cell: (each) => figure(each.champion?.truePositiveRate?.value),
              },
            ]}
          >
            <Bars
              series={champion ? ['Candidate', 'Champion'] : ['Candidate']}
              format={(value) => percent(value)}
              rows={rows.map((each) => ({
                label: each.group,
                Candidate: each.candidate?.selectionRate?.value ?? null,
                Champion: each.champion?.selectionRate?.value ?? null,
              }))}
            />
          </ChartFrame>
        );
      })}
    </SimpleGrid>
  );
}
