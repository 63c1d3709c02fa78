import { html, type Content, type Html } from '../html';
import { linear, timeTicks, type Scale } from './scale';

/** Something that lasted, or (without an end) still lasts. */
export interface Span {
  readonly from: number;
  readonly to: number | null;
  readonly label: string;
  readonly title: string;
  readonly tone: string;
}

/** Something that happened. */
export interface Moment {
  readonly at: number;
  readonly label: string;
  readonly title: string;
  readonly tone: string;
}

export interface Lane {
  readonly name: string;
  readonly spans?: readonly Span[];
  readonly moments?: readonly Moment[];
}

const WIDTH = 920;
const LEFT = 96;
const RIGHT = 14;
const LANE = 40;
const TOP = 6;
/** Labels nearer than this would touch. */
const APART = 30;
const LETTER = 6.6;

/** Lanes over one time axis: what happened to a model, side by side. */
export function lifeChart(lanes: readonly Lane[], described: string): Html {
  const times = lanes.flatMap(({ spans = [], moments = [] }) => [
    ...spans.flatMap(({ from, to }) => (to === null ? [from] : [from, to])),
    ...moments.map(({ at }) => at),
  ]);
  const first = Math.min(...times);
  const last = Math.max(...times);
  const pad = Math.max((last - first) * 0.03, 1_000);
  const domain = [first - pad, last + pad] as const;
  const x = linear(domain, [LEFT, WIDTH - RIGHT]);
  const bottom = TOP + lanes.length * LANE;
  return html`<svg class="wide" viewBox="0 0 ${WIDTH} ${bottom + 24}" role="img" aria-label="${described}">
    ${timeTicks(...domain, 8).map(
      ({ at, label }) =>
        html`<line class="grid" x1="${x(at)}" x2="${x(at)}" y1="${TOP}" y2="${bottom}" /><text
            class="tick middle"
            x="${x(at)}"
            y="${bottom + 16}"
            >${label}</text
          >`,
    )}${lanes.map((lane, at) => drawLane(lane, TOP + at * LANE, x))}
    <line class="axis" x1="${LEFT}" x2="${WIDTH - RIGHT}" y1="${bottom}" y2="${bottom}" />
  </svg>`;
}

function drawLane({ name, spans = [], moments = [] }: Lane, y: number, x: Scale): Content {
  const middle = y + LANE / 2;
  let labelled = -Infinity;
  return html`<line class="lane" x1="${LEFT}" x2="${WIDTH - RIGHT}" y1="${middle}" y2="${middle}" /><text
      class="label end"
      x="${LEFT - 12}"
      y="${middle + 4}"
      >${name}</text
    >${spans.map((span) => drawSpan(span, middle, x))}${moments.map((each) => {
      const at = x(each.at);
      const free = at - labelled >= APART;
      if (free) labelled = at;
      return html`<g
        ><title>${each.title}</title><circle class="dot ${each.tone}" cx="${at}" cy="${middle}" r="5" />${
          free ? html`<text class="mark middle" x="${at}" y="${middle - 9}">${each.label}</text>` : ''
        }</g
      >`;
    })}`;
}

function drawSpan({ from, to, label, title, tone }: Span, middle: number, x: Scale): Html {
  const start = x(from);
  const end = to === null ? WIDTH - RIGHT : x(to);
  const width = Math.max(4, end - start);
  const inside = width > label.length * LETTER + 10;
  const text = inside
    ? html`<text class="on middle" x="${start + width / 2}" y="${middle + 4}">${label}</text>`
    : html`<text class="mark" x="${start}" y="${middle - 13}">${label}</text>`;
  return html`<g
    ><title>${title}</title
    ><rect class="bar ${tone}" x="${start}" y="${middle - 9}" width="${width}" height="18" rx="4" />${text}</g
  >`;
}
