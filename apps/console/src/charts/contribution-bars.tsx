import '@mantine/charts/styles.css';
import { BarChart } from '@mantine/charts';
import type { ReactNode } from 'react';

interface ContributionBarsProps {
  readonly rows: readonly { readonly label: string; readonly value: number }[];
  readonly format: (value: number) => string;
}

const BAR_PX = 30;
const FRAME_PX = 60;
const FOR = 'light-dark(#0b7285, #4aacbd)';
const AGAINST = 'light-dark(#b35900, #f0a35e)';

/** Bars to the right for what speaks for something, to the left for what speaks against it. Loaded on demand. */
export default function ContributionBars({ rows, format }: ContributionBarsProps): ReactNode {
  return (
    <BarChart
      h={rows.length * BAR_PX + FRAME_PX}
      data={rows.map((row) => ({ ...row }))}
      dataKey="label"
      orientation="vertical"
      series={[{ name: 'value', label: 'contribution', color: FOR }]}
      getBarColor={(value) => (value < 0 ? AGAINST : FOR)}
      valueFormatter={format}
      gridAxis="y"
      tickLine="none"
      yAxisProps={{ width: 170, interval: 0 }}
      barProps={{ isAnimationActive: false, maxBarSize: 20 }}
      referenceLines={[{ x: 0, color: 'var(--mantine-color-dimmed)' }]}
      tooltipAnimationDuration={0}
    />
  );
}
