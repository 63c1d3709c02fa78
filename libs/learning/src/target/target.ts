import { errors } from '@steward/kernel';
import { columnRows } from '../table/create-table';
import { take } from '../table/select-table';
import type { Column } from '../table/table';

/** What a learner predicts, one value a row, none missing. */
export type Target = BinaryTarget | MulticlassTarget | RegressionTarget | RankingTarget;

/** One of two classes a row. Make it with `binaryTarget` or `classTarget`. */
export interface BinaryTarget {
  readonly kind: 'binary';
  /** 0 or 1: index into `classes`. */
  readonly values: Float64Array;
  /** [negative, positive]. */
  readonly classes: readonly [string, string];
}

/** One of several classes a row. Make it with `multiclassTarget` or `classTarget`. */
export interface MulticlassTarget {
  readonly kind: 'multiclass';
  /** Index into `classes`. */
  readonly values: Float64Array;
  readonly classes: readonly string[];
}

/** A finite number a row. Make it with `regressionTarget`. */
export interface RegressionTarget {
  readonly kind: 'regression';
  readonly values: Float64Array;
}

/** How relevant a row is within its group. Make it with `rankingTarget`. */
export interface RankingTarget {
  readonly kind: 'ranking';
  /** Graded relevance, a whole number from 0 (irrelevant) to 31. */
  readonly values: Float64Array;
  /** The group (query) of each row; rows of one group need not stand together. */
  readonly groups: Int32Array;
}

/** Kinds of target. */
export type Task = Target['kind'];

/** A binary target from 0/1 or true/false. Throws LEARNING.TARGET for anything else. */
export function binaryTarget(
  values: ArrayLike<number | boolean>,
  classes: readonly [string, string] = ['0', '1'],
): BinaryTarget {
  const out = Float64Array.from(values, Number);
  const bad = out.findIndex((value) => value !== 0 && value !== 1);
  if (bad >= 0) throw badTarget(`A binary target must be 0 or 1; row ${bad} is not.`);
  return { kind: 'binary', values: out, classes };
}

/** A multiclass target from class names; classes are sorted by name unless given. */
export function multiclassTarget(values: readonly string[], classes?: readonly string[]): MulticlassTarget {
  const names = classes ?? [...new Set(values)].sort();
  const index = new Map(names.map((name, i) => [name, i]));
  const out = new Float64Array(values.length);
  for (let i = 0; i < values.length; i++) {
    const code = index.get(values[i]!);
    if (code === undefined) throw badTarget(`Row ${i} of the target is none of the classes.`);
    out[i] = code;
  }
  return { kind: 'multiclass', values: out, classes: names };
}

/** A regression target of finite numbers. */
export function regressionTarget(values: ArrayLike<number>): RegressionTarget {
  const out = Float64Array.from(values);
  const bad = out.findIndex((value) => !Number.isFinite(value));
  if (bad >= 0) throw badTarget(`A regression target must be finite; row ${bad} is not.`);
  return { kind: 'regression', values: out };
}

/** A ranking target: relevance 0 to 31 and the group of each row. */
export function rankingTarget(values: ArrayLike<number>, groups: Int32Array): RankingTarget {
  const out = Float64Array.from(values);
  if (out.length !== groups.length) throw badTarget('A ranking target needs one group for each row.');
  const bad = out.findIndex((value) => !Number.isInteger(value) || value < 0 || value > 31);
  if (bad >= 0) throw badTarget(`Relevance must be a whole number from 0 to 31; row ${bad} is not.`);
  return { kind: 'ranking', values: out, groups };
}

/**
 * A classification target from a column: boolean, categorical, or numeric 0/1. With two classes it is binary, and
 * `positive` names the class that counts as 1 (default: the second by name; "true" or "1" for boolean and numeric).
 * Throws LEARNING.TARGET for missing values or fewer than two classes.
 */
export function classTarget(column: Column, positive?: string): BinaryTarget | MulticlassTarget {
  const labels = labelsOf(column);
  const classes = [...new Set(labels)].sort();
  if (classes.length < 2) throw badTarget(`Column "${column.name}" has fewer than two classes.`);
  if (positive !== undefined && !classes.includes(positive)) {
    throw badTarget(`The positive class "${positive}" does not occur in column "${column.name}".`);
  }
  if (classes.length > 2) return multiclassTarget(labels, classes);
  const chosen = positive ?? classes[1]!;
  const negative = classes.find((name) => name !== chosen)!;
  return binaryTarget(
    labels.map((label) => label === chosen),
    [negative, chosen],
  );
}

/** The target's rows at the given places. */
export function selectTarget<T extends Target>(target: T, rows: Int32Array): T {
  const values = take(target.values, rows);
  return target.kind === 'ranking'
    ? { ...target, values, groups: take(target.groups, rows) }
    : { ...target, values };
}

/** Class names of the target; none for regression and ranking. */
export function classesOf(target: Target): readonly string[] {
  return target.kind === 'binary' || target.kind === 'multiclass' ? target.classes : [];
}

/** Throws LEARNING.TARGET unless table and target have the same number of rows, at least one. */
export function checkTarget(rows: number, target: Target): void {
  if (rows === 0) throw badTarget('There are no rows to learn from.');
  if (target.values.length !== rows) {
    throw badTarget(`The target has ${target.values.length} rows, the table has ${rows}.`);
  }
}

/** Throws LEARNING.WEIGHTS unless there is one finite weight of at least 0 for each row and not all are 0. */
export function checkWeights(rows: number, weights: Float64Array | undefined): void {
  if (!weights) return;
  const fine = weights.length === rows && weights.every((weight) => weight >= 0 && Number.isFinite(weight));
  if (!fine || !weights.some((weight) => weight > 0)) {
    throw errors.invalid(
      'LEARNING.WEIGHTS',
      `Sample weights must be ${rows} finite numbers of at least 0, not all 0.`,
    );
  }
}

function labelsOf(column: Column): string[] {
  const out: string[] = [];
  for (let i = 0; i < columnRows(column); i++) {
    const label = labelOf(column, i);
    if (label === null)
      throw badTarget(`Column "${column.name}" is missing in row ${i}, so it is no target.`);
    out.push(label);
  }
  return out;
}

function labelOf(column: Column, row: number): string | null {
  if (column.kind === 'categorical') return column.categories[column.codes[row]!] ?? null;
  const value = column.values[row]!;
  if (column.kind === 'boolean') return value === 255 ? null : value === 1 ? 'true' : 'false';
  return Number.isNaN(value) ? null : String(value);
}

function badTarget(message: string) {
  return errors.invalid('LEARNING.TARGET', message);
}
