import { Text } from '@mantine/core';
import type { ModelDeploymentAnswer } from '@steward/client/answers';
import type { ReactNode } from 'react';
import { Card } from '../../parts/card';
import { DataTable } from '../../parts/data-table';
import { count, percent } from '../../parts/format';
import { comparisonWord, limitsText } from './limits-text';

type Arm = NonNullable<ModelDeploymentAnswer['experiment']>['arms'][number];

/** Versions side by side with the champion, which stands first. */
export function ExperimentCard({ arms }: { arms: readonly Arm[] }): ReactNode {
  return (
    <Card title="A/B comparison">
      <Text size="sm" c="dimmed">
        Limits hold at every look together: whoever looks often is not misled more often. Chance that any of
        them ever misses: 5 %.
      </Text>
      <DataTable
        label="Versions compared"
        rows={arms}
        keyOf={({ version }) => version}
        empty="No version is compared."
        columns={[
          { header: 'Version', cell: ({ version }) => `version ${version}` },
          { header: 'Requests', figures: true, cell: ({ requests }) => count(requests) },
          { header: 'Failed', figures: true, cell: ({ failed }) => percent(failed?.value) },
          { header: 'Outcomes', figures: true, cell: ({ outcomes }) => count(outcomes) },
          { header: 'Wrong', figures: true, cell: ({ wrong }) => percent(wrong?.value) },
          {
            header: 'More wrong than the champion by',
            cell: (arm) => limitsText(arm.wrongDifference, percent),
          },
          {
            header: 'So',
            cell: (arm) => (arm === arms[0] ? 'the champion' : comparisonWord(arm.wrongDifference)),
          },
        ]}
      />
    </Card>
  );
}
