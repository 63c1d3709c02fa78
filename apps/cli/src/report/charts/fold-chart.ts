import { figure } from '../../format';
import { html, type Html } from '../html';
import { linear, ticks } from './scale';

/** A learner's figure in each fold, and their mean. */
export interface FoldSeries {
  readonly name: string;
  readonly chosen: boolean;
  readonly values: readonly { readonly fold: number; readonly value: number | null }[];
  readonly mean: number | null;
}

const WIDTH = 440;
const LEFT = 96;
const RIGHT = 56;
const ROW = 38;

/** One line a learner, one dot a fold, a bar at the mean. */
export function foldChart(series: readonly FoldSeries[], metric: string): Html {
  const values = series.flatMap((each) =>
    each.values.flatMap(({ value }) => (value === null ? [] : [value])),
  );
  const low = Math.min(...values);
  const high = Math.max(...values);
  const pad = Math.max((high - low) * 0.12, 0.005);
  const domain = [low - pad, high + pad] as const;
  const x = linear(domain, [LEFT, WIDTH - RIGHT]);
  const bottom = series.length * ROW + 6;
  return html`<svg
    viewBox="0 0 ${WIDTH} ${bottom + 22}"
    role="img"
    aria-label="${metric} by fold of ${series.map(({ name }) => name).join(' and ')}"
  >
    ${ticks(...domain, 4).map(
      (at) =>
        html`<line class="grid" x1="${x(at)}" x2="${x(at)}" y1="4" y2="${bottom}" /><text
            class="tick middle"
            x="${x(at)}"
            y="${bottom + 16}"
            >${figure(at, 2)}</text
          >`,
    )}${series.map(({ name, chosen, values: folds, mean }, at) => {
      const y = at * ROW + ROW / 2 + 4;
      return html`<text class="label end${chosen ? ' strong' : ''}" x="${LEFT - 12}" y="${y + 4}"
          >${name}</text
        ><line class="lane" x1="${LEFT}" x2="${WIDTH - RIGHT}" y1="${y}" y2="${y}" />${folds.map(
          ({ fold, value }) =>
            value === null
              ? ''
              : html`<circle class="dot ${chosen ? 'accent' : 'soft'}" cx="${x(value)}" cy="${y}" r="4.5"
                  ><title>fold ${fold + 1}: ${figure(value)}</title></circle
                >`,
        )}${
          mean === null
            ? ''
            : html`<line class="mean" x1="${x(mean)}" x2="${x(mean)}" y1="${y - 12}" y2="${y + 12}" /><text
                  class="label strong"
                  x="${WIDTH - RIGHT + 10}"
                  y="${y + 4}"
                  >${figure(mean)}</text
                >`
        }`;
    })}
  </svg>`;
}
