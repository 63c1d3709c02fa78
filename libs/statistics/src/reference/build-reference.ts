import { checkEdges, checkFinite, checkInteger, invalidArgument } from '../arguments/check-arguments';
import { binOf, equalWidthEdges, quantileEdges } from './bin-edges';
import { freezeReference } from './parse-reference';
import type {
  CategoricalReferenceColumn,
  NumericReferenceColumn,
  ReferenceProfile,
} from './reference-profile';

/** How a numeric column is cut. `edges` are interior edges, finite and strictly increasing. */
export type Binning =
  | { readonly by: 'quantiles'; readonly bins: number }
  | { readonly by: 'equal_width'; readonly bins: number }
  | { readonly by: 'edges'; readonly edges: readonly number[] };

/** A numeric column that a reference is built from. */
export interface NumericReferenceInput {
  readonly kind: 'numeric';
  readonly name: string;
  /** NaN, null and undefined are missing; infinities fall into the outermost bins. */
  readonly values: ArrayLike<number | null | undefined>;
  /** Overrides the option of the same name for this column. */
  readonly binning?: Binning;
  /** The range that current values are held against, if it is not that of the values seen. */
  readonly range?: { readonly min: number; readonly max: number };
}

/** A categorical column that a reference is built from. */
export interface CategoricalReferenceInput {
  readonly kind: 'categorical';
  readonly name: string;
  /** null and undefined are missing; booleans become 'true' and 'false', numbers their decimal text. */
  readonly values: ArrayLike<string | boolean | number | null | undefined>;
}

/** A column that a reference is built from. */
export type ReferenceInput = NumericReferenceInput | CategoricalReferenceInput;

/** How all columns of a reference are cut into cells. */
export interface ReferenceOptions {
  /** Default: ten bins by quantiles. */
  readonly binning?: Binning;
  /**
   * How many categories get a cell of their own; the rest share `other`. Default 10, as many as there are bins: chance
   * alone gives a window of 300 rows a PSI of about 0.004 per cell, and with 30 of them noise comes near the alarm's size
   * of 0.2 (docs/benchmarks/false-alarms.md).
   */
  readonly maxCategories?: number;
}

const DEFAULT_BINNING: Binning = { by: 'quantiles', bins: 10 };
const DEFAULT_MAX_CATEGORIES = 10;
const MOST_RARE = 1000;

/**
 * Builds the reference of a set of columns, once, from the data that a model was made on. Columns may have different
 * lengths (a score may be known for fewer rows than a feature).
 *
 * @throws AppError when a name is given twice, an edge list is not sorted, or a value has the wrong type.
 */
export function buildReference(
  inputs: readonly ReferenceInput[],
  options: ReferenceOptions = {},
): ReferenceProfile {
  const binning = options.binning ?? DEFAULT_BINNING;
  const maxCategories = options.maxCategories ?? DEFAULT_MAX_CATEGORIES;
  checkInteger('options.maxCategories', maxCategories, 1);
  return freezeReference(
    inputs.map((input) =>
      input.kind === 'numeric'
        ? numericColumn(input, input.binning ?? binning)
        : categoricalColumn(input, maxCategories),
    ),
  );
}

function numericColumn(input: NumericReferenceInput, binning: Binning): NumericReferenceColumn {
  const { finite, infinite, missing } = splitNumbers(input);
  finite.sort();
  const edges = edgesFor(finite, binning);
  const counts = Array.from({ length: edges.length + 1 }, () => 0);
  for (const value of finite) counts[binOf(edges, value)]! += 1;
  for (const value of infinite) counts[binOf(edges, value)]! += 1;
  const { mean, standardDeviation } = momentsOf(finite);
  const range = rangeOf(input, finite);
  return {
    kind: 'numeric',
    name: input.name,
    edges,
    counts,
    missing,
    rows: input.values.length,
    min: range.min,
    max: range.max,
    mean,
    standardDeviation,
  };
}

function splitNumbers(input: NumericReferenceInput) {
  const finite = new Float64Array(input.values.length);
  const infinite: number[] = [];
  let count = 0;
  let missing = 0;
  for (let i = 0; i < input.values.length; i++) {
    const value = input.values[i];
    if (value === null || value === undefined || Number.isNaN(value)) missing++;
    else if (typeof value !== 'number')
      throw invalidArgument(`${input.name}[${i}]`, value, 'a number or null');
    else if (Number.isFinite(value)) finite[count++] = value;
    else infinite.push(value);
  }
  return { finite: finite.subarray(0, count), infinite, missing };
}

function edgesFor(sorted: Float64Array, binning: Binning): number[] {
  if (binning.by === 'edges') {
    checkEdges('binning.edges', binning.edges);
    return [...binning.edges];
  }
  if (binning.by === 'quantiles') return quantileEdges(sorted, binning.bins);
  return sorted.length === 0 ? [] : equalWidthEdges(sorted[0]!, sorted.at(-1)!, binning.bins);
}

function rangeOf(
  input: NumericReferenceInput,
  sorted: Float64Array,
): { min: number | null; max: number | null } {
  if (input.range === undefined) return { min: sorted[0] ?? null, max: sorted.at(-1) ?? null };
  const { min, max } = input.range;
  checkFinite(`${input.name}.range.min`, min);
  checkFinite(`${input.name}.range.max`, max);
  if (min > max) throw invalidArgument(`${input.name}.range.min`, min, `at most the maximum, ${max}`);
  return { min, max };
}

/** Two passes over sorted values: the result does not depend on the order in which the rows came. */
function momentsOf(sorted: Float64Array): { mean: number | null; standardDeviation: number | null } {
  if (sorted.length === 0) return { mean: null, standardDeviation: null };
  let mean = 0;
  for (const value of sorted) mean += value / sorted.length;
  let squares = 0;
  for (const value of sorted) squares += ((value - mean) * (value - mean)) / sorted.length;
  const finite = (value: number) => (Number.isFinite(value) ? value : null);
  return { mean: finite(mean), standardDeviation: finite(Math.sqrt(squares)) };
}

function categoricalColumn(
  input: CategoricalReferenceInput,
  maxCategories: number,
): CategoricalReferenceColumn {
  const frequency = new Map<string, number>();
  let missing = 0;
  for (let i = 0; i < input.values.length; i++) {
    const value = input.values[i];
    if (value === null || value === undefined || Number.isNaN(value)) missing++;
    else frequency.set(categoryText(input.name, i, value), (frequency.get(String(value)) ?? 0) + 1);
  }
  const ordered = [...frequency].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1));
  const kept = ordered.slice(0, maxCategories);
  const rest = ordered.slice(maxCategories);
  const other = rest.reduce((sum, [, count]) => sum + count, 0);
  const rare = rest.length > MOST_RARE ? null : rest.map(([category]) => category).sort(byCodeUnits);
  return {
    kind: 'categorical',
    name: input.name,
    categories: kept.map(([category]) => category),
    rare,
    counts: [...kept.map(([, count]) => count), other],
    missing,
    rows: input.values.length,
  };
}

function byCodeUnits(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}

function categoryText(name: string, index: number, value: unknown): string {
  if (typeof value === 'string' || typeof value === 'boolean' || typeof value === 'number')
    return String(value);
  throw invalidArgument(`${name}[${index}]`, value, 'a string, a boolean, a number or null');
}
