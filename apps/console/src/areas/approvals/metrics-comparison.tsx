import type { EvaluationAnswer } from '@steward/client/answers';
import type { ReactNode } from 'react';
import { DataTable, type Column } from '../../parts/data-table';
import { figure } from '../../parts/format';
import { Toned, type Tone } from '../../parts/tone';
import { compareFigures, type ComparedFigure } from './compare-evaluations';

const TONES: Readonly<Record<ComparedFigure['verdict'], Tone>> = {
  better: 'good',
  worse: 'bad',
  same: 'quiet',
  unknown: 'quiet',
};

const signed = (difference: number | null): string =>
  difference === null ? '–' : `${difference > 0 ? '+' : ''}${difference.toFixed(3)}`;

/** What was measured of both, each on its own hold-out; of the candidate alone where there is no other. */
export function MetricsComparison(models: {
  candidate: EvaluationAnswer;
  champion: EvaluationAnswer | null;
}): ReactNode {
  const name: Column<ComparedFigure> = { header: 'Figure on the hold-out', cell: (each) => each.name };
  return (
    <DataTable
      label="Figures on the hold-out"
      rows={compareFigures(models.candidate, models.champion)}
      keyOf={(each) => each.name}
      empty="Nothing was measured."
      columns={
        models.champion
          ? [name, ...COMPARISON]
          : [name, { header: 'Value', figures: true, cell: ({ candidate }) => figure(candidate) }]
      }
    />
  );
}

const COMPARISON: readonly Column<ComparedFigure>[] = [
  { header: 'Candidate', figures: true, cell: ({ candidate }) => figure(candidate) },
  { header: 'Champion', figures: true, cell: ({ champion }) => figure(champion) },
  { header: 'Difference', figures: true, cell: ({ difference }) => signed(difference) },
  {
    header: 'In words',
    cell: ({ verdict }) => (verdict === 'unknown' ? '–' : <Toned tone={TONES[verdict]}>{verdict}</Toned>),
  },
];
