import { figure } from '../../format';
import { html, type Html } from '../html';
import { linear } from './scale';

/** A column's PSI in one window; `previous` is that against the reference of the champion before. */
export interface PsiPoint {
  readonly window: number;
  readonly version: number;
  readonly psi: number;
  readonly alert: boolean;
  readonly previous: number | null;
}

const WIDTH = 214;
const HEIGHT = 104;
const LEFT = 8;
const RIGHT = 46;
const TOP = 26;
const BOTTOM = 18;

/** One column over the windows, with the threshold; small enough to stand beside many others. */
export function psiChart(name: string, points: readonly PsiPoint[], threshold: number): Html {
  const all = points.flatMap(({ psi, previous }) => (previous === null ? [psi] : [psi, previous]));
  const top = Math.max(threshold * 2, ...all) * 1.08;
  const windows = points.map(({ window }) => window);
  const x = linear([Math.min(...windows), Math.max(...windows)], [LEFT + 6, WIDTH - RIGHT]);
  const y = linear([0, top], [HEIGHT - BOTTOM, TOP]);
  const moves = points.filter(({ version }, at) => at > 0 && version !== points[at - 1]!.version);
  const last = points.at(-1)!;
  const alarmed = points.some(({ alert }) => alert);
  return html`<svg
    class="small"
    viewBox="0 0 ${WIDTH} ${HEIGHT}"
    role="img"
    aria-label="PSI of ${name}: ${points.map(({ psi }) => figure(psi, 2)).join(', ')}; threshold ${threshold}"
  >
    <text class="label strong" x="${LEFT}" y="13">
      ${name.length > 24 ? `${name.slice(0, 23)}\u2026` : name}${alarmed ? ' \u26a0' : ''}
    </text>
    <line class="axis" x1="${LEFT}" x2="${WIDTH - RIGHT + 6}" y1="${y(0)}" y2="${y(0)}" />
    <line class="bound" x1="${LEFT}" x2="${WIDTH - RIGHT + 6}" y1="${y(threshold)}" y2="${y(threshold)}" />
    <text class="tick" x="${WIDTH - RIGHT + 10}" y="${y(threshold) + 4}">${threshold}</text>
    ${moves.map(({ window, version }) => {
      const at = (x(window) + x(window - 1)) / 2;
      return html`<line class="move" x1="${at}" x2="${at}" y1="${TOP - 6}" y2="${y(0)}" /><text
          class="tick middle"
          x="${at}"
          y="${HEIGHT - 4}"
          >v${version}</text
        >`;
    })}
    <polyline
      class="line accent"
      points="${points.map(({ window, psi }) => `${x(window)},${y(psi)}`).join(' ')}"
    />
    ${points.map(
      ({ window, psi, alert, previous }) =>
        html`${
            previous === null
              ? ''
              : html`<circle class="hollow" cx="${x(window)}" cy="${y(previous)}" r="3.5"
                  ><title>window ${window}, against the reference before: ${figure(previous)}</title></circle
                >`
          }<circle
            class="dot ${alert ? 'bad' : 'accent'}"
            cx="${x(window)}"
            cy="${y(psi)}"
            r="${alert ? 5 : 3.5}"
            ><title>window ${window}: ${figure(psi)}${alert ? ', alert' : ''}</title></circle
          >`,
    )}
    <text class="label" x="${WIDTH - RIGHT + 10}" y="${spread(y(last.psi), y(threshold))}">
      ${figure(last.psi, 2)}
    </text>
  </svg>`;
}

/** Keeps the last value's label from lying on the threshold's. */
function spread(at: number, other: number): number {
  const gap = at - other;
  if (Math.abs(gap) >= 12) return at + 4;
  return gap >= 0 ? other + 17 : other - 8;
}
