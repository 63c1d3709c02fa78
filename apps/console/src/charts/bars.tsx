import '@mantine/charts/styles.css';
import { BarChart } from '@mantine/charts';
import type { ReactNode } from 'react';
import { colorOf } from './series-colors';

export interface BarsProps {
  /** A group of bars each, with its `label`. */
  readonly rows: readonly Readonly<Record<string, string | number | null>>[];
  readonly series: readonly string[];
  readonly format?: (value: number) => string;
  /** A line across, such as a bound of a policy. */
  readonly bound?: { readonly at: number; readonly label: string };
}

/** Grouped bars. Loaded on demand: the library is large. */
export default function Bars({ rows, series, format, bound }: BarsProps): ReactNode {
  return (
    <BarChart
      h={240}
      data={rows as Record<string, string | number | null>[]}
      dataKey="label"
      series={series.map((name, index) => ({ name, color: colorOf(index) }))}
      valueFormatter={format}
      withLegend={series.length > 1}
      legendProps={{ verticalAlign: 'bottom' }}
      gridAxis="x"
      yAxisProps={{ width: 62 }}
      tickLine="none"
      barProps={{ isAnimationActive: false, maxBarSize: 46 }}
      referenceLines={
        bound ? [{ y: bound.at, label: bound.label, color: 'light-dark(#86181d, #ffb8b8)' }] : []
      }
      tooltipAnimationDuration={0}
    />
  );
}
