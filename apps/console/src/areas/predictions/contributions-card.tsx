import type { ReactNode } from 'react';
import { ChartFrame, ContributionBars } from '../../charts';
import { Card } from '../../parts/card';
import type { ExplainedRowAnswer, PredictionExplanationAnswer } from './explanation-answers';
import { barsOf, byWeight, signed, unitsText, valueText } from './explanation-words';

/** What each column did to the score, as a picture and as figures. */
export function ContributionsCard({
  of,
  row,
}: {
  of: PredictionExplanationAnswer;
  row: ExplainedRowAnswer;
}): ReactNode {
  const positive = of.classes[1] ?? 'the positive class';
  return (
    <Card title="What each column did">
      <ChartFrame
        title={`Contributions in ${unitsText(of)}: right for ${positive}, left against`}
        rows={byWeight(row.contributions)}
        keyOf={({ column }) => column}
        columns={[
          { header: 'Column', cell: ({ column }) => column },
          { header: 'Value', cell: ({ value }) => valueText(value) },
          { header: 'Contribution', figures: true, cell: ({ contribution }) => signed(contribution) },
        ]}
      >
        <ContributionBars rows={barsOf(row.contributions)} format={signed} />
      </ChartFrame>
    </Card>
  );
}
