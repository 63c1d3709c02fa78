import { deriveSeed } from '../random/random';
import { selectRows, take } from '../table/select-table';
import type { Table } from '../table/table';
import { selectTarget, type Target } from '../target/target';
import { groupedFolds, kFolds, rowsOfFold, stratifiedFolds } from './folds';

/** A part of a data set. */
export interface DataPart {
  readonly table: Table;
  readonly target: Target;
  readonly weights?: Float64Array;
}

/** The rows of a data set at the given places. */
export function selectPart(
  table: Table,
  target: Target,
  weights: Float64Array | undefined,
  rows: Int32Array,
): DataPart {
  return {
    table: selectRows(table, rows),
    target: selectTarget(target, rows),
    weights: weights && take(weights, rows),
  };
}

/**
 * Sets about `fraction` of the rows aside: class by class for classes, whole groups for ranking. With too few rows to
 * set one aside, train and test are the same rows.
 */
export function holdOut(
  table: Table,
  target: Target,
  weights: Float64Array | undefined,
  fraction: number,
  seed: number,
): { train: DataPart; test: DataPart } {
  const parts = Math.max(2, Math.round(1 / fraction));
  const all = Int32Array.from({ length: table.rows }, (_, i) => i);
  if (table.rows < parts) {
    const part = selectPart(table, target, weights, all);
    return { train: part, test: part };
  }
  const folds = foldsFor(target, parts, deriveSeed(seed, 0x4f7));
  const test = rowsOfFold(folds, 0);
  const train = all.filter((row) => folds[row] !== 0);
  return { train: selectPart(table, target, weights, train), test: selectPart(table, target, weights, test) };
}

function foldsFor(target: Target, parts: number, seed: number): Int32Array {
  if (target.kind === 'ranking') return groupedFolds(target.groups, parts, seed);
  if (target.kind === 'regression') return kFolds(target.values.length, parts, seed);
  return stratifiedFolds(target, parts, seed);
}
