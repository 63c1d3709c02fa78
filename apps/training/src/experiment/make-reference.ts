import type { DatasetContract } from '@steward/contracts';
import { buildReference, type ReferenceInput, type ReferenceProfile } from '@steward/statistics';
import { inputKind, type ExperimentRows } from './experiment-rows';

/** Name of the score's column in a reference. */
export const SCORE_COLUMN = 'score';
/** A retraining's reference holds at most this many of the newest labelled rows, and takes all rows below the least. */
export const NEWEST_LABELLED_ROWS = 300;
export const FEWEST_LABELLED_ROWS = 200;

export interface ReferenceRows {
  readonly from: 'all_rows' | 'newest_labelled_rows';
  readonly at: Int32Array;
}

/**
 * Which rows the reference is made of. A first training: all rows. A retraining: the labelled rows that were predicted
 * last, so that monitoring compares with the population that is now normal. The order of the batches would not do:
 * within one, rows are ordered by their digest, and one that was long in coming holds the old population and the new.
 */
export function referenceRows(rows: ExperimentRows, retraining: boolean): ReferenceRows {
  if (retraining) {
    const predicted: Predicted[] = [];
    for (let at = 0; at < rows.rows; at++) {
      if (rows.fromOutcomes[at]) predicted.push({ at, ...splitName(rows.prediction[at] ?? '') });
    }
    const newest = predicted.sort(byTime).slice(-NEWEST_LABELLED_ROWS);
    if (newest.length >= FEWEST_LABELLED_ROWS) {
      return { from: 'newest_labelled_rows', at: Int32Array.from(newest, ({ at }) => at) };
    }
  }
  return { from: 'all_rows', at: Int32Array.from({ length: rows.rows }, (_, i) => i) };
}

interface Predicted {
  readonly at: number;
  readonly id: string;
  readonly row: number;
}

function splitName(name: string): { id: string; row: number } {
  const slash = name.indexOf('/');
  return slash < 0 ? { id: name, row: 0 } : { id: name.slice(0, slash), row: Number(name.slice(slash + 1)) };
}

/** Prediction ids sort by their time (libs/kernel newId); what has none is older than what has one. */
const byTime = (left: Predicted, right: Predicted): number =>
  (left.id < right.id ? -1 : left.id > right.id ? 1 : left.row - right.row) || left.at - right.at;

/**
 * Reference statistics of the pipeline's inputs, of the contract's other features, and of the score. `scores` are those of
 * evaluation (hold-out and out-of-fold), never the fitted model's on rows that it was fitted on.
 */
export function makeReference(
  rows: ExperimentRows,
  scores: Float64Array,
  at: Int32Array,
  contract: DatasetContract,
  inputs: readonly string[],
): ReferenceProfile {
  const named = new Set(inputs);
  const watched = contract.columns.filter(({ name, class: of }) => of === 'feature' || named.has(name));
  const columns = watched.map((column): ReferenceInput => {
    const all = rows.columns.get(column.name)!;
    const values = Array.from(at, (i) => all[i] ?? null);
    const kind = inputKind(column);
    if (kind === 'numeric' || kind === 'time') {
      return { kind: 'numeric', name: column.name, values: values as (number | null)[] };
    }
    return { kind: 'categorical', name: column.name, values };
  });
  const score = { kind: 'numeric', name: SCORE_COLUMN, values: Array.from(at, (i) => scores[i]!) } as const;
  return buildReference([...columns, score]);
}
