import { SimpleGrid } from '@mantine/core';
import type { EvaluationAnswer } from '@steward/client/answers';
import type { ReactNode } from 'react';
import { ChartFrame, Lines } from '../../charts';
import { Card } from '../../parts/card';
import { figure, figureName } from '../../parts/format';

/** How the learners did in each fold, and whether the probabilities of the chosen one are to be believed. */
export function RunCurves({ evaluation, title }: { evaluation: EvaluationAnswer; title: string }): ReactNode {
  const { learners, metric, holdOut } = evaluation;
  const folds = [...new Set(learners.flatMap((learner) => learner.folds.map(({ fold }) => fold)))];
  const names = learners.map(({ kind }, at) =>
    learners.filter((each) => each.kind === kind).length > 1 ? `${kind} ${at + 1}` : kind,
  );
  const byFold = folds.map((fold) => ({
    label: `fold ${fold + 1}`,
    ...Object.fromEntries(
      learners.map((learner, at) => [
        names[at]!,
        learner.folds.find((each) => each.fold === fold)?.figures[metric] ?? null,
      ]),
    ),
  })) as { label: string; [name: string]: string | number | null }[];
  const bins = holdOut.calibration.curve.filter(({ rows }) => rows > 0);
  return (
    <Card title={`Curves of ${title.toLowerCase()}`}>
      <SimpleGrid cols={{ base: 1, lg: 2 }} spacing="lg">
        <ChartFrame
          title={`${figureName(metric)} by fold`}
          rows={byFold}
          keyOf={({ label }) => label}
          columns={[
            { header: 'Fold', cell: ({ label }) => label },
            ...names.map((name) => ({
              header: name,
              figures: true,
              cell: (row: (typeof byFold)[number]) => figure(row[name] as number | null),
            })),
          ]}
        >
          <Lines rows={byFold} series={names} format={(value) => figure(value)} />
        </ChartFrame>
        <ChartFrame
          title="Calibration on the hold-out"
          rows={bins}
          keyOf={({ from }) => from}
          columns={[
            { header: 'Probability', cell: ({ from, to }) => `${from} to ${to}` },
            { header: 'Rows', figures: true, cell: ({ rows }) => rows },
            { header: 'Said', figures: true, cell: ({ meanProbability }) => figure(meanProbability) },
            { header: 'Came true', figures: true, cell: ({ positiveShare }) => figure(positiveShare) },
          ]}
        >
          <Lines
            series={['Said', 'Came true']}
            format={(value) => figure(value)}
            rows={bins.map(({ from, to, meanProbability, positiveShare }) => ({
              label: `${from}–${to}`,
              Said: meanProbability,
              'Came true': positiveShare,
            }))}
          />
        </ChartFrame>
      </SimpleGrid>
    </Card>
  );
}
