import { NativeSelect, SimpleGrid, Stack } from '@mantine/core';
import type {
  CellAnswer,
  ColumnDriftAnswer,
  FairnessAnswer,
  GroupAnswer,
  WindowAnswer,
} from '@steward/client/answers';
import { useState, type ReactNode } from 'react';
import { inProject } from '../../api/request';
import { LIVE_MS, useGet } from '../../api/use-get';
import { Bars, ChartFrame } from '../../charts';
import { Card } from '../../parts/card';
import { DataTable } from '../../parts/data-table';
import { Facts } from '../../parts/facts';
import { count, figure, percent } from '../../parts/format';
import { Go, pageOf } from '../../parts/go';
import { Loaded } from '../../parts/loaded';
import { Page } from '../../parts/page';
import { State } from '../../parts/tone';
import { When } from '../../parts/when';
import { HeldInWindow } from '../decisions/held-by-group';

/** One window: each column's values against the reference, and fairness by group. */
export function WindowPage(props: { project: string; monitor: string; id: string }): ReactNode {
  const { project, monitor, id } = props;
  const query = useGet<WindowAnswer>(inProject('monitoring', project, 'windows', id), { every: LIVE_MS });
  return (
    <Page
      title={`Window ${id.slice(-8)}`}
      above={[
        ['Monitors', pageOf(project, 'monitors')],
        [monitor, pageOf(project, 'monitors', monitor)],
      ]}
    >
      <Loaded query={query} what="the window">
        {(window) => (
          <Stack gap="md">
            <Card title="Window">
              <Facts
                of={[
                  ['Verdict', <State key="verdict" of={window.verdict ?? window.state} />],
                  [
                    'Model',
                    <Go
                      key="model"
                      to={pageOf(project, 'models', window.model, window.modelVersion)}
                    >{`${window.model} version ${window.modelVersion}`}</Go>,
                  ],
                  ['Rows', count(window.rows)],
                  ['Outcomes', count(window.outcomes)],
                  ['AUC by outcomes', figure(window.outcomeReport?.performance?.auc?.value)],
                  ['Opened', <When key="opened" at={window.openedAt} />],
                  ['Judged', <When key="judged" at={window.judgedAt} />],
                ]}
              />
            </Card>
            {window.report && (
              <Drift columns={window.report.drift.columns} bound={window.report.drift.policy.psi} />
            )}
            <Fairness title="Fairness by decisions" of={window.report?.fairness ?? null} />
            <Fairness title="Fairness by outcomes" of={window.outcomeReport?.fairness ?? null} />
            <Card title="Decisions that people make">
              <HeldInWindow project={project} window={id} />
            </Card>
          </Stack>
        )}
      </Loaded>
    </Page>
  );
}

function Drift({ columns, bound }: { columns: readonly ColumnDriftAnswer[]; bound: number }): ReactNode {
  const worst = columns.toSorted((left, right) => right.psi - left.psi);
  const [chosen, choose] = useState('');
  const column = worst.find(({ name }) => name === chosen) ?? worst[0];
  return (
    <Card title="Reference against current">
      <SimpleGrid cols={{ base: 1, lg: 2 }} spacing="lg">
        <DataTable<ColumnDriftAnswer>
          label="Columns, those that drifted most first"
          rows={worst}
          keyOf={({ name }) => name}
          empty="No column is watched."
          columns={[
            { header: 'Column', cell: ({ name }) => name },
            {
              header: 'Verdict',
              cell: ({ verdict }) => (
                <State of={verdict} tone={verdict === 'no_alert' ? 'good' : undefined} />
              ),
            },
            { header: `PSI (alarm at ${bound})`, figures: true, cell: ({ psi }) => figure(psi) },
            { header: 'Adjusted p', figures: true, cell: ({ adjustedPValue }) => figure(adjustedPValue, 4) },
          ]}
        />
        {column && (
          <Stack gap="xs">
            <NativeSelect
              label="Column"
              size="xs"
              w={220}
              value={column.name}
              data={worst.map(({ name }) => name)}
              onChange={({ currentTarget: { value } }) => choose(value)}
            />
            <Cells column={column} />
          </Stack>
        )}
      </SimpleGrid>
    </Card>
  );
}

function Cells({ column }: { column: ColumnDriftAnswer }): ReactNode {
  return (
    <ChartFrame<CellAnswer>
      title={`${column.name}: share of rows`}
      rows={column.cells}
      keyOf={({ label }) => label}
      columns={[
        { header: 'Value', cell: ({ label }) => label },
        { header: 'Reference', figures: true, cell: ({ referenceShare }) => percent(referenceShare) },
        { header: 'Current', figures: true, cell: ({ currentShare }) => percent(currentShare) },
      ]}
    >
      <Bars
        series={['Reference', 'Current']}
        format={percent}
        rows={column.cells.map(({ label, referenceShare, currentShare }) => ({
          label,
          Reference: referenceShare,
          Current: currentShare,
        }))}
      />
    </ChartFrame>
  );
}

const groupName = ({ labels }: GroupAnswer): string =>
  Object.entries(labels)
    .map(([column, value]) => `${column} ${value ?? 'unknown'}`)
    .join(', ');

function Fairness({ title, of }: { title: string; of: FairnessAnswer | null }): ReactNode {
  if (!of) return null;
  return (
    <Card title={title}>
      <Facts
        of={[
          ['Demographic parity ratio', figure(of.demographicParityRatio?.value)],
          ['Demographic parity difference', figure(of.demographicParityDifference?.value)],
          ['Equalized odds difference', figure(of.equalizedOddsDifference?.value)],
        ]}
      />
      <DataTable<GroupAnswer>
        label={`${title}, groups of 10 rows or more`}
        rows={of.groups}
        keyOf={groupName}
        empty="Every group is too small to be shown."
        columns={[
          { header: 'Group', cell: groupName },
          { header: 'Rows', figures: true, cell: ({ rows }) => count(rows) },
          {
            header: 'Favourable decisions',
            figures: true,
            cell: ({ selectionRate }) => percent(selectionRate?.value),
          },
          {
            header: 'True positive rate',
            figures: true,
            cell: ({ truePositiveRate }) => figure(truePositiveRate?.value),
          },
          {
            header: 'False positive rate',
            figures: true,
            cell: ({ falsePositiveRate }) => figure(falsePositiveRate?.value),
          },
        ]}
      />
    </Card>
  );
}
