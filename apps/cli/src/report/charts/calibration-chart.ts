import type { PerformanceAnswer } from '@steward/client/answers';
import { figure } from '../../format';
import { html, type Html } from '../html';
import { linear, round } from './scale';

type Curve = PerformanceAnswer['calibration']['curve'];

const SIZE = 300;
const LEFT = 40;
const BOTTOM = 34;
const PAD = 8;
const TICKS = [0, 0.25, 0.5, 0.75, 1];

/** What was predicted against what happened, a dot a bin, larger for more rows; the diagonal is perfect. */
export function calibrationChart(curve: Curve): Html {
  const x = linear([0, 1], [LEFT, SIZE - PAD]);
  const y = linear([0, 1], [SIZE - BOTTOM, PAD]);
  const bins = curve.flatMap(({ rows, meanProbability, positiveShare }) =>
    meanProbability === null || positiveShare === null ? [] : [{ rows, meanProbability, positiveShare }],
  );
  const most = Math.max(1, ...bins.map(({ rows }) => rows));
  return html`<svg
    class="square"
    viewBox="0 0 ${SIZE} ${SIZE}"
    role="img"
    aria-label="Calibration on the hold-out: predicted probability against the share that happened"
  >
    ${TICKS.map(
      (at) =>
        html`<line class="grid" x1="${x(at)}" x2="${x(at)}" y1="${PAD}" y2="${y(0)}" /><line
            class="grid"
            x1="${LEFT}"
            x2="${SIZE - PAD}"
            y1="${y(at)}"
            y2="${y(at)}"
          /><text class="tick middle" x="${x(at)}" y="${y(0) + 15}">${at}</text
          ><text class="tick end" x="${LEFT - 6}" y="${y(at) + 4}">${at}</text>`,
    )}
    <line class="diagonal" x1="${x(0)}" y1="${y(0)}" x2="${x(1)}" y2="${y(1)}" />

    ${bins.map(
      ({ rows, meanProbability, positiveShare }) =>
        html`<circle
          class="dot see-through accent"
          cx="${x(meanProbability)}"
          cy="${y(positiveShare)}"
          r="${round(3 + 6 * Math.sqrt(rows / most))}"
          ><title>
            predicted ${figure(meanProbability)}, happened ${figure(positiveShare)}, ${rows} rows
          </title></circle
        >`,
    )}
    <text class="tick middle" x="${(LEFT + SIZE - PAD) / 2}" y="${SIZE - 3}">predicted probability</text>
  </svg>`;
}
