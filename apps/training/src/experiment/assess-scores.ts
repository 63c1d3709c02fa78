import type { DatasetContract } from '@steward/contracts';
import {
  binaryPerformance,
  countGroupOutcomes,
  fairnessReport,
  type BinaryPerformance,
  type FairnessReport,
} from '@steward/statistics';
import type { ExperimentRows } from './experiment-rows';

/** Figures of one set of rows, flat: what gates and lists look at. Null: it cannot be computed from these rows. */
export interface Figures {
  readonly auc: number | null;
  readonly logLoss: number;
  readonly accuracy: number;
  readonly brier: number;
  /** Expected calibration error over ten equally wide bins. */
  readonly ece: number;
}

/** Fairness by one sensitive column. */
export interface GroupFairness {
  readonly column: string;
  readonly report: FairnessReport;
}

/** Performance of scores on the given rows. */
export function performanceOf(
  labels: ArrayLike<number>,
  scores: ArrayLike<number>,
  at: Int32Array,
  threshold: number,
): BinaryPerformance {
  return binaryPerformance(
    Array.from(at, (i) => labels[i]!),
    Array.from(at, (i) => scores[i]!),
    { threshold },
  );
}

export function figuresOf(performance: BinaryPerformance): Figures {
  const { truePositives, trueNegatives } = performance.confusion;
  return {
    auc: performance.auc?.value ?? null,
    logLoss: performance.logLoss.value,
    accuracy: (truePositives + trueNegatives) / performance.rows,
    brier: performance.brier.value,
    ece: performance.calibration.expectedError,
  };
}

/**
 * Fairness of the decisions on the given rows by each group column of the contract, of the favourable outcome: the
 * selection rate of a group is the share of it for which the model decides the favourable label.
 */
export function fairnessOf(
  rows: ExperimentRows,
  scores: ArrayLike<number>,
  at: Int32Array,
  contract: DatasetContract,
): GroupFairness[] {
  const positiveIsGood = contract.label.favourable === contract.label.positive;
  const decided = Array.from(at, (i) => scores[i]! >= contract.decisionThreshold === positiveIsGood);
  const happened = Array.from(at, (i) => (rows.labels[i] === 1) === positiveIsGood);
  return contract.groups.map((column) => {
    const values = rows.columns.get(column)!;
    const labels = Array.from(at, (i) => textOf(values[i] ?? null));
    return {
      column,
      report: fairnessReport(countGroupOutcomes(decided, happened, [{ name: column, values: labels }])),
    };
  });
}

/** The smallest demographic parity ratio of all group columns; null where any of them has too little data. */
export function parityGateFigure(fairness: readonly GroupFairness[]): number | null {
  let smallest: number | null = null;
  for (const { report } of fairness) {
    const ratio = report.demographicParityRatio?.value ?? null;
    if (ratio === null) return null;
    smallest = smallest === null ? ratio : Math.min(smallest, ratio);
  }
  return smallest;
}

/** The largest equalised odds difference of all group columns; null where any of them has too little data. */
export function equalizedOddsFigure(fairness: readonly GroupFairness[]): number | null {
  let largest: number | null = null;
  for (const { report } of fairness) {
    const difference = report.equalizedOddsDifference?.value ?? null;
    if (difference === null) return null;
    largest = largest === null ? difference : Math.max(largest, difference);
  }
  return largest;
}

function textOf(value: string | number | boolean | null): string | null {
  return value === null ? null : String(value);
}
