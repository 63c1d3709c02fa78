import type { FairnessAnswer, WindowAnswer } from '@steward/client/answers';

/** What the charts over time draw: a row a judged window, the oldest first. */
export interface WindowPoint {
  readonly id: string;
  readonly label: string;
  readonly [series: string]: string | number | null;
}

const labelOf = ({ openedAt }: WindowAnswer): string =>
  new Date(openedAt).toLocaleString('en-GB', {
    day: 'numeric',
    month: 'short',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
  });

const judged = (windows: readonly WindowAnswer[]): WindowAnswer[] =>
  windows
    .filter(({ report }) => report !== null)
    .toSorted((left, right) => left.openedAt.localeCompare(right.openedAt));

/** The columns that ever drifted the most, so that a chart stays readable. */
export function worstColumns(windows: readonly WindowAnswer[], most = 5): string[] {
  const worst = new Map<string, number>();
  for (const { report } of windows)
    for (const { name, psi } of report?.drift.columns ?? [])
      worst.set(name, Math.max(worst.get(name) ?? 0, psi));
  return [...worst]
    .toSorted(([, left], [, right]) => right - left)
    .slice(0, most)
    .map(([name]) => name);
}

/** The population stability index of columns over the windows. */
export function driftSeries(windows: readonly WindowAnswer[], columns: readonly string[]): WindowPoint[] {
  return judged(windows).map((window) => ({
    id: window.id,
    label: labelOf(window),
    ...Object.fromEntries(
      columns.map((name) => [
        name,
        window.report?.drift.columns.find((column) => column.name === name)?.psi ?? null,
      ]),
    ),
  }));
}

export const FAIRNESS_SERIES = ['demographic parity ratio', 'equalized odds difference'] as const;

/** Fairness over the windows: by outcomes where they are in, else by decisions alone. */
export function fairnessSeries(windows: readonly WindowAnswer[]): WindowPoint[] {
  return judged(windows).flatMap((window) => {
    const fairness: FairnessAnswer | null = window.outcomeReport?.fairness ?? window.report?.fairness ?? null;
    if (!fairness) return [];
    return [
      {
        id: window.id,
        label: labelOf(window),
        [FAIRNESS_SERIES[0]]: fairness.demographicParityRatio?.value ?? null,
        [FAIRNESS_SERIES[1]]: fairness.equalizedOddsDifference?.value ?? null,
      },
    ];
  });
}

/** AUC over the windows whose outcomes are in. */
export function performanceSeries(windows: readonly WindowAnswer[]): WindowPoint[] {
  return judged(windows).flatMap((window) => {
    const auc = window.outcomeReport?.performance?.auc;
    return auc ? [{ id: window.id, label: labelOf(window), AUC: auc.value }] : [];
  });
}
