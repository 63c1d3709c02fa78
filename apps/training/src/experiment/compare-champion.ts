import { rocAuc } from '@steward/statistics';
import type { ExperimentRows } from './experiment-rows';
import { assignSplit, HOLD_OUT, rowsWhere, splitUnits, type Split, type SplitOptions } from './split';

/** What is known of how the champion was trained. */
export interface ChampionTraining {
  readonly split: SplitOptions;
  /** The newest batch in the dataset version that it was trained on. */
  readonly lastBatch: number;
}

export interface Comparison {
  readonly rows: number;
  readonly championAuc: number | null;
  readonly candidateAuc: number | null;
}

/**
 * Rows that neither model was trained on: hold-out rows of the candidate that the champion's own split held out too or
 * whose subject came after the champion's dataset version. A new row of a subject that the champion was fitted on counts as
 * known to it.
 */
export function rowsNewToBoth(
  rows: ExperimentRows,
  candidate: Split,
  champion: ChampionTraining,
): Int32Array {
  const championSplit = assignSplit(rows, champion.split);
  const unit = splitUnits(rows);
  return rowsWhere(
    candidate,
    (part, row) =>
      part === HOLD_OUT && (championSplit[row] === HOLD_OUT || rows.batch[unit[row]!]! > champion.lastBatch),
  );
}

/** AUC of both on the same rows; null for both where the rows hold one class alone. */
export function compareOn(
  at: Int32Array,
  labels: ArrayLike<number>,
  championScores: ArrayLike<number>,
  candidateScores: ArrayLike<number>,
): Comparison {
  const picked = Array.from(at, (i) => labels[i]!);
  const auc = (scores: ArrayLike<number>): number | null =>
    picked.length === 0
      ? null
      : (rocAuc(
          picked,
          Array.from(at, (i) => scores[i]!),
        )?.value ?? null);
  return { rows: at.length, championAuc: auc(championScores), candidateAuc: auc(candidateScores) };
}
