/** A line over ordered places (windows, folds, days). Shapes and labels tell series apart, not colour alone. */
export interface LineChart {
  readonly caption: string;
  /** Texts below the places, in their order. */
  readonly labels: readonly string[];
  /** One value a place; null: nothing was measured there. */
  readonly series: readonly { readonly name: string; readonly values: readonly (number | null)[] }[];
  /** A bound that must not be passed, drawn as a dashed line. */
  readonly bound?: { readonly label: string; readonly value: number };
}

/** Where everything stands, in units of the drawing. Only numbers: whoever draws chooses pens. */
export interface LineChartLayout {
  readonly width: number;
  readonly height: number;
  readonly plot: {
    readonly left: number;
    readonly top: number;
    readonly right: number;
    readonly bottom: number;
  };
  readonly ticks: readonly { readonly y: number; readonly text: string }[];
  readonly places: readonly { readonly x: number; readonly text: string }[];
  /** Unbroken stretches of each series. */
  readonly lines: readonly {
    readonly name: string;
    readonly stretches: readonly (readonly { readonly x: number; readonly y: number }[])[];
  }[];
  readonly bound: { readonly y: number; readonly label: string } | null;
}

const MARGIN = { left: 44, right: 36, top: 12, bottom: 24 } as const;
const MOST_LABELS = 8;

/** Lays the chart out in a box. The axis runs over the values and the bound, from round number to round number. */
export function layoutLineChart(chart: LineChart, width: number, height: number): LineChartLayout {
  const plot = {
    left: MARGIN.left,
    top: MARGIN.top,
    right: width - MARGIN.right,
    bottom: height - MARGIN.bottom,
  };
  const values = chart.series.flatMap((series) => series.values).filter((value) => value !== null);
  const ticks = roundTicks([...values, ...(chart.bound ? [chart.bound.value] : [])]);
  const [low, high] = [ticks[0]!, ticks.at(-1)!];
  const y = (value: number): number =>
    plot.bottom - ((value - low) / (high - low || 1)) * (plot.bottom - plot.top);
  const last = Math.max(1, chart.labels.length - 1);
  const x = (place: number): number =>
    chart.labels.length <= 1
      ? (plot.left + plot.right) / 2
      : plot.left + (place / last) * (plot.right - plot.left);
  const every = Math.ceil(chart.labels.length / MOST_LABELS);
  return {
    width,
    height,
    plot,
    ticks: ticks.map((tick) => ({ y: y(tick), text: String(Number(tick.toPrecision(6))) })),
    places: chart.labels.map((text, place) => ({ x: x(place), text: place % every === 0 ? text : '' })),
    lines: chart.series.map(({ name, values: own }) => ({
      name,
      stretches: stretchesOf(own).map((points) =>
        points.map(({ place, value }) => ({ x: x(place), y: y(value) })),
      ),
    })),
    bound: chart.bound ? { y: y(chart.bound.value), label: chart.bound.label } : null,
  };
}

function stretchesOf(values: readonly (number | null)[]): { place: number; value: number }[][] {
  const stretches: { place: number; value: number }[][] = [];
  let open: { place: number; value: number }[] | null = null;
  for (const [place, value] of values.entries()) {
    if (value === null) open = null;
    else if (open) open.push({ place, value });
    else stretches.push((open = [{ place, value }]));
  }
  return stretches;
}

/** Three to six round numbers around all values. */
function roundTicks(values: readonly number[]): number[] {
  const low = Math.min(...values);
  const high = Math.max(...values);
  if (!Number.isFinite(low) || !Number.isFinite(high)) return [0, 1];
  const span = high - low || Math.abs(high) || 1;
  const rough = span / 4;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = power * [1, 2, 5, 10].find((factor) => factor * power >= rough)!;
  const first = Math.floor(low / step);
  const last = Math.max(first + 1, Math.ceil(high / step));
  return Array.from({ length: last - first + 1 }, (_, n) => (first + n) * step);
}
