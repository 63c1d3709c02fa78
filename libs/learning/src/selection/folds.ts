import { errors } from '@steward/kernel';
import { Random } from '../random/random';
import type { Target } from '../target/target';

/**
 * Folds are one number for each row: the fold in which the row is tested, or -1 for a row that is neither trained on
 * nor tested.
 */

/** `k` random folds whose sizes differ by at most one. Throws LEARNING.FOLDS for fewer than two or more than rows. */
export function kFolds(rows: number, k: number, seed = 0): Int32Array {
  checkCount(rows, k, 'rows');
  return deal(new Random(seed).shuffle(Int32Array.from({ length: rows }, (_, i) => i)), k);
}

/** `k` folds with about the same share of each class. For other targets than classes, the same as `kFolds`. */
export function stratifiedFolds(target: Target, k: number, seed = 0): Int32Array {
  const rows = target.values.length;
  if (target.kind !== 'binary' && target.kind !== 'multiclass') return kFolds(rows, k, seed);
  checkCount(rows, k, 'rows');
  const order = new Random(seed).shuffle(Int32Array.from({ length: rows }, (_, i) => i));
  // Classes one after another, dealt in turn: each class is spread evenly, and so is the whole.
  return deal(
    order.sort((a, b) => target.values[a]! - target.values[b]!),
    k,
  );
}

/** `k` folds that keep the rows of a group together, balanced by rows: large groups first, into the smallest fold. */
export function groupedFolds(groups: ArrayLike<number | string>, k: number, seed = 0): Int32Array {
  const members = new Map<number | string, number[]>();
  for (let row = 0; row < groups.length; row++) {
    const group = groups[row]!;
    const rows = members.get(group);
    if (rows) rows.push(row);
    else members.set(group, [row]);
  }
  checkCount(members.size, k, 'groups');
  const shuffled = new Random(seed).shuffle([...members.values()]);
  const folds = new Int32Array(groups.length);
  const sizes = Array.from({ length: k }, () => 0);
  for (const rows of shuffled.sort((a, b) => b.length - a.length)) {
    const fold = sizes.indexOf(Math.min(...sizes));
    sizes[fold]! += rows.length;
    for (const row of rows) folds[row] = fold;
  }
  return folds;
}

/** The rows of a fold, ascending. */
export function rowsOfFold(folds: Int32Array, fold: number): Int32Array {
  return Int32Array.from({ length: folds.length }, (_, i) => i).filter((row) => folds[row] === fold);
}

/** The rows that are trained on when `fold` is tested, ascending. */
export function rowsOutsideFold(folds: Int32Array, fold: number): Int32Array {
  return Int32Array.from({ length: folds.length }, (_, i) => i).filter(
    (row) => folds[row]! >= 0 && folds[row] !== fold,
  );
}

/** Number of folds. Throws LEARNING.FOLDS unless folds 0..k-1 each have a row, k >= 2, and lengths agree. */
export function countFolds(folds: Int32Array, rows: number): number {
  if (folds.length !== rows) {
    throw errors.invalid('LEARNING.FOLDS', `There are ${folds.length} fold numbers for ${rows} rows.`);
  }
  const seen = new Set(folds);
  seen.delete(-1);
  const count = seen.size;
  for (let fold = 0; fold < count; fold++) {
    if (!seen.has(fold)) throw errors.invalid('LEARNING.FOLDS', `Fold ${fold} of ${count} has no row.`);
  }
  if (count < 2) throw errors.invalid('LEARNING.FOLDS', 'At least two folds must have rows.');
  return count;
}

function deal(order: Int32Array, k: number): Int32Array {
  const folds = new Int32Array(order.length);
  order.forEach((row, i) => {
    folds[row] = i % k;
  });
  return folds;
}

function checkCount(available: number, k: number, what: string): void {
  if (Number.isInteger(k) && k >= 2 && k <= available) return;
  throw errors.invalid(
    'LEARNING.FOLDS',
    `${k} folds can not be made of ${available} ${what}; take 2 to ${available}.`,
  );
}

/** One training and testing of a validation. */
export interface Split {
  readonly train: Int32Array;
  readonly test: Int32Array;
}

/** The splits that folds stand for: each fold is tested once, on a model of the others. Throws LEARNING.FOLDS. */
export function splitsOf(folds: Int32Array | readonly Split[], rows: number): readonly Split[] {
  if (!(folds instanceof Int32Array)) return folds;
  return Array.from({ length: countFolds(folds, rows) }, (_, fold) => ({
    train: rowsOutsideFold(folds, fold),
    test: rowsOfFold(folds, fold),
  }));
}

/**
 * Splits along time: rows are cut into `k` + 1 parts of about equal size by time, and each part but the first is tested
 * on a model of all rows that are older than it by at least `gap` (in the unit of `times`). Equal times stay together.
 * Throws LEARNING.FOLDS where a split would have no training rows.
 */
export function timeSplits(times: ArrayLike<number>, k: number, gap = 0): Split[] {
  checkCount(times.length - 1, k, 'rows but the first');
  const order = Int32Array.from({ length: times.length }, (_, i) => i).sort(
    (a, b) => times[a]! - times[b]! || a - b,
  );
  const bounds = Array.from(
    { length: k },
    (_, i) => times[order[Math.floor(((i + 1) * order.length) / (k + 1))]!]!,
  );
  return bounds.map((from, i) => {
    const to = bounds[i + 1] ?? Infinity;
    const test = order.filter((row) => times[row]! >= from && (times[row]! < to || to === Infinity)).sort();
    const train = order.filter((row) => times[row]! < from && times[row]! <= from - gap).sort();
    if (train.length > 0 && test.length > 0) return { train, test };
    throw errors.invalid(
      'LEARNING.FOLDS',
      `Split ${i + 1} of ${k} along time has no rows to ${test.length ? 'learn from' : 'test'}.`,
    );
  });
}
