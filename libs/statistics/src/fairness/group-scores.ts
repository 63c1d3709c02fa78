import { checkSameLength, flagAt, type FlagList, type NumberList } from '../arguments/check-arguments';
import { calibration, type Calibration } from '../performance/calibration';
import { rocAuc, type AucEstimate } from '../performance/roc-auc';

/** How well a group is scored: ranking and calibration of the probabilities within the group. */
export interface GroupScores {
  readonly label: string | null;
  readonly rows: number;
  /** Null where the group has one outcome only. */
  readonly auc: AucEstimate | null;
  readonly calibration: Calibration;
}

/**
 * AUC and calibration by group, groups in the order of their labels (unknown last).
 *
 * @param outcome whether the positive outcome happened.
 * @param probabilities of the positive outcome.
 * @param labels the sensitive attribute; null is unknown.
 */
export function scoresByGroup(
  outcome: FlagList,
  probabilities: NumberList,
  labels: ArrayLike<string | null>,
  confidence?: number,
): GroupScores[] {
  checkSameLength('outcome', outcome, 'probabilities', probabilities);
  checkSameLength('outcome', outcome, 'labels', labels);
  const groups = new Map<string | null, number[]>();
  for (let i = 0; i < labels.length; i++) {
    const rows = groups.get(labels[i] ?? null);
    if (rows === undefined) groups.set(labels[i] ?? null, [i]);
    else rows.push(i);
  }
  const ordered = [...groups].sort(([a], [b]) => (a === null ? 1 : b === null ? -1 : a < b ? -1 : 1));
  return ordered.map(([label, rows]) => {
    const flags = rows.map((i) => flagAt('outcome', outcome, i));
    const scores = Float64Array.from(rows, (i) => probabilities[i]!);
    return {
      label,
      rows: rows.length,
      auc: rocAuc(flags, scores, confidence),
      calibration: calibration(flags, scores)!,
    };
  });
}
