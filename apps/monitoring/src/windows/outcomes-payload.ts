import type { PayloadOf, WindowOutcomesJudged } from '@steward/contracts';
import type { GroupFigures } from '@steward/statistics';
import type { OutcomeReport } from './judge-window';
import type { JudgedWindow } from './window.repository';

/** People see sensitive columns only as aggregates of at least so many rows. */
const FEWEST_ROWS = 10;
const LONGEST_LABEL = 100;

/** What the event says of a window's outcomes. */
export function outcomesPayload(
  window: JudgedWindow,
  { rows, performance, fairness }: OutcomeReport,
): PayloadOf<typeof WindowOutcomesJudged> {
  const { descriptor } = window;
  return {
    windowId: window.id,
    monitor: window.monitor,
    model: descriptor.model,
    modelVersion: descriptor.version,
    modelDigest: descriptor.digest,
    rows,
    figures: {
      auc: performance?.auc?.value ?? null,
      accuracy: performance?.rates.accuracy?.value ?? null,
      brier: performance?.brier.value ?? null,
      logLoss: performance?.logLoss.value ?? null,
      calibrationError: performance?.calibration.expectedError ?? null,
      equalizedOddsDifference: fairness?.equalizedOddsDifference?.value ?? null,
      demographicParityRatio: fairness?.demographicParityRatio?.value ?? null,
    },
    groups: (fairness?.groups ?? []).filter((group) => group.rows >= FEWEST_ROWS).map(groupOf),
  };
}

const groupOf = (group: GroupFigures) => ({
  group: Object.entries(group.labels)
    .map(([column, value]) => `${column}=${value ?? 'missing'}`)
    .join(', ')
    .slice(0, LONGEST_LABEL),
  rows: group.rows,
  selectionRate: group.selectionRate?.value ?? null,
  truePositiveRate: group.truePositiveRate?.value ?? null,
  falsePositiveRate: group.falsePositiveRate?.value ?? null,
});
