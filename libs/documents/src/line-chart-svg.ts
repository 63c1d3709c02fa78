import { layoutLineChart, type LineChart } from './line-chart';

const WIDTH = 640;
const HEIGHT = 220;

/** Dash patterns by series, so that lines differ without colour. */
export const DASHES: readonly (readonly number[])[] = [[], [6, 3], [2, 3], [8, 3, 2, 3]];

const escape = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
const n = (value: number): string => String(Math.round(value * 10) / 10);

/**
 * The chart as SVG for HTML. Classes `grid`, `tick`, `series series-0` ... and `bound` are the page's to style; what it
 * shows is told in words by `description`.
 */
export function lineChartSvg(chart: LineChart, description: string): string {
  const layout = layoutLineChart(chart, WIDTH, HEIGHT);
  const { plot } = layout;
  const parts = [
    ...layout.ticks.map(
      ({ y, text }) =>
        `<line class="grid" x1="${n(plot.left)}" x2="${n(plot.right)}" y1="${n(y)}" y2="${n(y)}"/>` +
        `<text class="tick" x="${n(plot.left - 6)}" y="${n(y + 4)}" text-anchor="end">${escape(text)}</text>`,
    ),
    ...layout.places.map(
      ({ x, text }) =>
        `<text class="tick" x="${n(x)}" y="${n(plot.bottom + 16)}" text-anchor="middle">${escape(text)}</text>`,
    ),
    ...(layout.bound
      ? [
          `<line class="bound" x1="${n(plot.left)}" x2="${n(plot.right)}" y1="${n(layout.bound.y)}" y2="${n(layout.bound.y)}"/>`,
          `<text class="tick" x="${n(plot.left + 4)}" y="${n(layout.bound.y - 4)}">${escape(layout.bound.label)}</text>`,
        ]
      : []),
    ...layout.lines.flatMap(({ stretches }, at) => {
      const dash = DASHES[at % DASHES.length]!;
      return stretches.map(
        (points) =>
          `<polyline class="series series-${at}" fill="none"${dash.length > 0 ? ` stroke-dasharray="${dash.join(' ')}"` : ''} points="${points.map(({ x, y }) => `${n(x)},${n(y)}`).join(' ')}"/>` +
          points
            .map(({ x, y }) => `<circle class="dot series-${at}" cx="${n(x)}" cy="${n(y)}" r="2.5"/>`)
            .join(''),
      );
    }),
  ];
  return `<svg role="img" viewBox="0 0 ${WIDTH} ${HEIGHT}" aria-label="${escape(description)}">${parts.join('')}</svg>`;
}
