import '@mantine/charts/styles.css';
import { LineChart } from '@mantine/charts';
import type { ReactNode } from 'react';
import { colorOf } from './series-colors';

export interface LinesProps {
  readonly rows: readonly Readonly<Record<string, string | number | null>>[];
  readonly series: readonly string[];
  readonly format?: (value: number) => string;
  readonly bound?: { readonly at: number; readonly label: string };
}

/** Lines over the rows' `label`. Loaded on demand: the library is large. */
export default function Lines({ rows, series, format, bound }: LinesProps): ReactNode {
  return (
    <LineChart
      h={240}
      data={rows as Record<string, string | number | null>[]}
      dataKey="label"
      series={series.map((name, index) => ({ name, color: colorOf(index) }))}
      valueFormatter={format}
      withLegend={series.length > 1}
      legendProps={{ verticalAlign: 'bottom' }}
      curveType="linear"
      connectNulls
      gridAxis="x"
      yAxisProps={{ width: 62 }}
      tickLine="none"
      lineProps={{ isAnimationActive: false }}
      referenceLines={
        bound ? [{ y: bound.at, label: bound.label, color: 'light-dark(#86181d, #ffb8b8)' }] : []
      }
      tooltipAnimationDuration={0}
    />
  );
}
