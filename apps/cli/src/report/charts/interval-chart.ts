import { figure } from '../../format';
import { html, type Html } from '../html';
import { linear } from './scale';

/** A figure with its interval on a line of its own. */
export interface IntervalRow {
  readonly name: string;
  readonly value: number;
  readonly lower: number | null;
  readonly upper: number | null;
  readonly tone: string;
}

const WIDTH = 300;
const LEFT = 70;
const RIGHT = 44;
const ROW = 28;

/** Dots with whiskers from 0 to 1; `bound` is a line that must not be passed. */
export function intervalChart(
  title: string,
  rows: readonly IntervalRow[],
  bound: number | null = null,
): Html {
  const x = linear([0, 1], [LEFT, WIDTH - RIGHT]);
  const top = 22;
  const bottom = top + rows.length * ROW;
  return html`<svg
    viewBox="0 0 ${WIDTH} ${bottom + 20}"
    role="img"
    aria-label="${title}: ${rows.map(({ name, value }) => `${name} ${figure(value)}`).join(', ')}"
  >
    <text class="label strong" x="0" y="13">${title}</text>
    ${[0, 0.5, 1].map(
      (at) =>
        html`<line class="grid" x1="${x(at)}" x2="${x(at)}" y1="${top}" y2="${bottom}" /><text
            class="tick middle"
            x="${x(at)}"
            y="${bottom + 14}"
            >${at}</text
          >`,
    )}${
      bound === null
        ? ''
        : html`<line class="bound" x1="${x(bound)}" x2="${x(bound)}" y1="${top}" y2="${bottom}" /><text
              class="tick middle"
              x="${x(bound)}"
              y="${bottom + 14}"
              >${bound}</text
            >`
    }${rows.map(({ name, value, lower, upper, tone }, at) => {
      const y = top + at * ROW + ROW / 2;
      return html`<text class="label end" x="${LEFT - 10}" y="${y + 4}"
          >${name.length > 9 ? `${name.slice(0, 8)}\u2026` : name}</text
        ><line
          class="whisker ${tone}"
          x1="${x(lower ?? 0)}"
          x2="${x(upper ?? 1)}"
          y1="${y}"
          y2="${y}"
        /><circle class="dot ${tone}" cx="${x(value)}" cy="${y}" r="5"
          ><title>${name}: ${figure(value)} (${figure(lower)} to ${figure(upper)})</title></circle
        ><text class="label" x="${WIDTH - RIGHT + 8}" y="${y + 4}">${figure(value)}</text>`;
    })}
  </svg>`;
}
