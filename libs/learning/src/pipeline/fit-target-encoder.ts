import { errors } from '@steward/kernel';
import { deriveSeed } from '../random/random';
import { stratifiedFolds } from '../selection/folds';
import type { CategoricalColumn } from '../table/table';
import type { Target } from '../target/target';
import type { ColumnEncoding } from './encoding-spec';
import type { FittedEncoder } from './fitted-pipeline';
import { rankCategories } from './rank-categories';

/** What supervised encoders learn from. */
export interface Supervision {
  readonly target: Target;
  readonly weights?: Float64Array;
  readonly seed?: number;
}

/**
 * A target encoder and the cross-fitted values of the training rows. Throws LEARNING.TASK for other targets than
 * binary and regression.
 */
export function fitTargetEncoder(
  column: CategoricalColumn,
  { smoothing = 10, folds = 5 }: Extract<ColumnEncoding, { kind: 'target' }>,
  supervision: Supervision | undefined,
): { encoder: FittedEncoder; values: Float64Array } {
  const target = supervision?.target;
  if (target?.kind !== 'binary' && target?.kind !== 'regression') {
    const message = `Column "${column.name}" can be target encoded for a binary or regression target only.`;
    throw errors.invalid('LEARNING.TASK', message);
  }
  const rows = column.codes.length;
  const all = new Int32Array(rows);
  const fitted = means(column, target.values, supervision?.weights, all, -1, smoothing);
  const parts = Math.min(folds, rows);
  const fold = parts < 2 ? all : stratifiedFolds(target, parts, deriveSeed(supervision?.seed ?? 0, 0x7a6));
  const others = Array.from({ length: parts < 2 ? 1 : parts }, (_, k) =>
    parts < 2 ? fitted : means(column, target.values, supervision?.weights, fold, k, smoothing),
  );
  const values = Float64Array.from(column.codes, (code, row) => others[fold[row]!]!.of(code));
  const categories = rankCategories(column);
  const codeOf = new Map(column.categories.map((name, code) => [name, code]));
  const encoder: FittedEncoder = {
    kind: 'lookup',
    input: column.name,
    categories,
    values: categories.map((name) => fitted.of(codeOf.get(name)!)),
    unknown: fitted.overall,
    missing: fitted.of(-1),
    width: 1,
  };
  return { encoder, values };
}

/** Smoothed means by category over the rows outside a fold; missing is a category of its own. */
function means(
  column: CategoricalColumn,
  y: Float64Array,
  weights: Float64Array | undefined,
  folds: Int32Array,
  without: number,
  smoothing: number,
): { overall: number; of: (code: number) => number } {
  const size = column.categories.length + 1;
  const sums = new Float64Array(size);
  const counts = new Float64Array(size);
  let [sum, count] = [0, 0];
  for (let i = 0; i < y.length; i++) {
    if (folds[i] === without) continue;
    const weight = weights ? weights[i]! : 1;
    sums[column.codes[i]! + 1]! += weight * y[i]!;
    counts[column.codes[i]! + 1]! += weight;
    sum += weight * y[i]!;
    count += weight;
  }
  const overall = count > 0 ? sum / count : 0;
  const of = (code: number): number => {
    const n = counts[code + 1]!;
    return n > 0 ? (sums[code + 1]! + smoothing * overall) / (n + smoothing) : overall;
  };
  return { overall, of };
}
