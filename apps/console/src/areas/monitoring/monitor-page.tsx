import { SimpleGrid, Stack } from '@mantine/core';
import type { MonitorAnswer, Page as Answer, WindowAnswer } from '@steward/client/answers';
import type { ReactNode } from 'react';
import { inProject } from '../../api/request';
import { LIVE_MS, useGet } from '../../api/use-get';
import { ChartFrame, Lines } from '../../charts';
import { Card } from '../../parts/card';
import { DefinitionDialog } from '../../parts/definition-dialog';
import { Facts } from '../../parts/facts';
import { count, figure, plain, words } from '../../parts/format';
import { Go, pageOf } from '../../parts/go';
import { Loaded } from '../../parts/loaded';
import { Page } from '../../parts/page';
import { PagedTable } from '../../parts/paged-table';
import { State } from '../../parts/tone';
import { When } from '../../parts/when';
import { useMay } from '../../session/use-may';
import {
  driftSeries,
  FAIRNESS_SERIES,
  fairnessSeries,
  performanceSeries,
  worstColumns,
  type WindowPoint,
} from './window-series';

interface Props {
  readonly project: string;
  readonly monitor: string;
}

/** Windows that the charts reach back. */
const CHARTED = 60;

/** One monitor: its bounds, drift, fairness and performance over time, and its windows. */
export function MonitorPage({ project, monitor }: Props): ReactNode {
  const path = inProject('monitoring', project, 'monitors', monitor);
  const query = useGet<MonitorAnswer>(path);
  const mayUpdate = useMay()('update', 'Monitor', project);
  return (
    <Page
      title={`Monitor ${monitor}`}
      above={[['Monitors', pageOf(project, 'monitors')]]}
      actions={
        mayUpdate &&
        query.data && (
          <DefinitionDialog
            label="Change"
            kind="Monitor"
            name={monitor}
            text={JSON.stringify(query.data.definition, null, 2)}
            pathOf={() => path}
          />
        )
      }
    >
      <Loaded query={query} what="the monitor">
        {(found) => (
          <Stack gap="md">
            <Bounds of={found} />
            <OverTime project={project} monitor={monitor} of={found} />
            <Windows project={project} monitor={monitor} />
          </Stack>
        )}
      </Loaded>
    </Page>
  );
}

function Bounds({ of: { version, definition } }: { of: MonitorAnswer }): ReactNode {
  const bounds = (of: Readonly<Record<string, unknown>>): string =>
    Object.entries(of)
      .map(([name, value]) => `${words(name)} ${plain(value)}`)
      .join(', ') || 'nothing';
  return (
    <Card title={`Definition, version ${version}`}>
      <Facts
        of={[
          ['Model', definition.model],
          ['Window', `${count(definition.windowRows)} rows`],
          ['Drift', bounds(definition.drift)],
          ['Fairness', bounds(definition.fairness)],
          ['Performance', bounds(definition.performance)],
          [
            'Retraining',
            `on ${definition.retrain.on.join(', ') || 'nothing'}, with ${count(definition.retrain.minimumLabelledRows)} labelled rows or more`,
          ],
        ]}
      />
    </Card>
  );
}

function OverTime({ project, monitor, of }: Props & { of: MonitorAnswer }): ReactNode {
  const query = useGet<Answer<WindowAnswer>>(inProject('monitoring', project, 'windows'), {
    query: { monitor, limit: CHARTED },
    every: LIVE_MS,
  });
  const { drift, fairness, performance } = of.definition;
  return (
    <Card title="Over time">
      <Loaded query={query} what="the windows">
        {({ items }) => {
          const columns = worstColumns(items);
          return (
            <SimpleGrid cols={{ base: 1, xl: 2 }} spacing="lg">
              <Series
                title="Drift of the columns that drifted most (PSI)"
                points={driftSeries(items, columns)}
                series={columns}
                bound={{ at: drift.psi, label: `alarm at ${drift.psi}` }}
              />
              <Series
                title="Fairness"
                points={fairnessSeries(items)}
                series={FAIRNESS_SERIES}
                bound={boundOf(fairness.demographicParityRatio, 'ratio at least')}
              />
              <Series
                title="Performance where outcomes are in (AUC)"
                points={performanceSeries(items)}
                series={['AUC']}
                bound={boundOf(performance.minimumAuc, 'at least')}
              />
            </SimpleGrid>
          );
        }}
      </Loaded>
    </Card>
  );
}

const boundOf = (at: number | undefined, words: string) =>
  at === undefined ? undefined : { at, label: `${words} ${at}` };

interface SeriesProps {
  readonly title: string;
  readonly points: readonly WindowPoint[];
  readonly series: readonly string[];
  readonly bound?: { readonly at: number; readonly label: string };
}

function Series({ title, points, series, bound }: SeriesProps): ReactNode {
  return (
    <ChartFrame<WindowPoint>
      title={title}
      rows={points}
      keyOf={({ id }) => id}
      columns={[
        { header: 'Window opened', cell: ({ label }) => label },
        ...series.map((name) => ({
          header: name,
          figures: true,
          cell: (point: WindowPoint) => figure(point[name] as number | null),
        })),
      ]}
    >
      <Lines rows={points} series={series} format={(value) => figure(value)} bound={bound} />
    </ChartFrame>
  );
}

function Windows({ project, monitor }: Props): ReactNode {
  return (
    <Card title="Windows">
      <PagedTable<WindowAnswer>
        label="Windows, newest first"
        path={inProject('monitoring', project, 'windows')}
        query={{ monitor }}
        every={LIVE_MS}
        keyOf={({ id }) => id}
        empty="No prediction has come in yet."
        columns={[
          {
            header: 'Window',
            cell: ({ id }) => (
              <Go to={pageOf(project, 'monitors', monitor, 'windows', id)}>{id.slice(-8)}</Go>
            ),
          },
          { header: 'Verdict', cell: ({ verdict, state }) => <State of={verdict ?? state} /> },
          { header: 'Model', cell: ({ model, modelVersion }) => `${model} version ${modelVersion}` },
          { header: 'Rows', figures: true, cell: ({ rows }) => count(rows) },
          { header: 'Outcomes', figures: true, cell: ({ outcomes }) => count(outcomes) },
          { header: 'Opened', cell: ({ openedAt }) => <When at={openedAt} /> },
          { header: 'Judged', cell: ({ judgedAt }) => <When at={judgedAt} /> },
        ]}
      />
    </Card>
  );
}
