import type { CellAnswer } from '@steward/client/answers';
import { html, type Html } from '../html';
import { linear } from './scale';

const WIDTH = 440;
const LEFT = 130;
const RIGHT = 58;
const ROW = 36;
const MOST = 12;

/** Reference against current, a pair of bars a cell. The cells that moved most where there are too many. */
export function cellChart(name: string, cells: readonly CellAnswer[]): Html {
  const kept = new Set(
    cells
      .filter(({ referenceCount, currentCount }) => referenceCount + currentCount > 0)
      .toSorted((left, right) => moved(right) - moved(left))
      .slice(0, MOST),
  );
  const drawn = cells.filter((cell) => kept.has(cell));
  const most = Math.max(
    0.01,
    ...drawn.flatMap(({ referenceShare, currentShare }) => [referenceShare, currentShare]),
  );
  const x = linear([0, most], [0, WIDTH - LEFT - RIGHT]);
  return html`<svg
    viewBox="0 0 ${WIDTH} ${drawn.length * ROW + 6}"
    role="img"
    aria-label="${name}: ${drawn.map(({ label, referenceShare, currentShare }) => `${label} ${share(referenceShare)} before, ${share(currentShare)} now`).join('; ')}"
  >
    ${drawn.map(({ label, referenceShare, currentShare, referenceCount, currentCount }, at) => {
      const y = at * ROW + 4;
      const text = label.length > 18 ? `${label.slice(0, 17)}\u2026` : label;
      return html`<text class="label end" x="${LEFT - 10}" y="${y + 18}">${text}</text
        ><rect class="bar soft" x="${LEFT}" y="${y}" width="${x(referenceShare)}" height="12" rx="2"
          ><title>reference: ${referenceCount} rows</title></rect
        ><text class="tick" x="${LEFT + x(referenceShare) + 6}" y="${y + 10}">${share(referenceShare)}</text
        ><rect class="bar second" x="${LEFT}" y="${y + 14}" width="${x(currentShare)}" height="12" rx="2"
          ><title>current: ${currentCount} rows</title></rect
        ><text class="tick strong" x="${LEFT + x(currentShare) + 6}" y="${y + 24}"
          >${share(currentShare)}</text
        >`;
    })}
  </svg>`;
}

const moved = ({ referenceShare, currentShare }: CellAnswer): number =>
  Math.abs(referenceShare - currentShare);
const share = (value: number): string => `${(value * 100).toFixed(value < 0.1 ? 1 : 0)} %`;
