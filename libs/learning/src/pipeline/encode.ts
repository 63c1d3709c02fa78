import { errors } from '@steward/kernel';
import type { FeatureColumns } from '../binning/binned-data';
import { columnOf } from '../table/select-table';
import { columnRows } from '../table/create-table';
import type { CategoricalColumn, Column, NumericColumn, Table } from '../table/table';
import { datePart, doubleArithmetic } from './date-parts';
import type { CategoryEncoder, FittedEncoder, PipelineInput } from './fitted-pipeline';

/**
 * Writes one of the features of an encoder (`part` of `width`) for rows [from, to) of a column to
 * out[offset], out[offset + stride], ...
 */
export function encodeInto(
  encoder: FittedEncoder,
  part: number,
  column: Column,
  out: Float64Array,
  place: { readonly offset: number; readonly stride: number; readonly from: number; readonly to: number },
): void {
  const { offset, stride, from, to } = place;
  const valueAt = readerOf(encoder, part, column);
  for (let row = from, at = offset; row < to; row++, at += stride) out[at] = valueAt(row);
}

/** The values of one feature of an encoder for all rows of a column. */
export function encodeColumn(encoder: FittedEncoder, column: Column, part = 0): Float64Array {
  const rows = columnRows(column);
  if (isPlain(encoder) && (column.kind === 'numeric' || column.kind === 'time')) return column.values;
  const out = new Float64Array(rows);
  encodeInto(encoder, part, column, out, { offset: 0, stride: 1, from: 0, to: rows });
  return out;
}

/** Features of a row: the widths of all encoders. */
export function widthOf(encoders: readonly FittedEncoder[]): number {
  return encoders.reduce((sum, encoder) => sum + encoder.width, 0);
}

/** Dense rows [from, to) of a table, row-major [to - from, width]; `trained` overrules encoders (training rows only). */
export function encodeRows(
  encoders: readonly FittedEncoder[],
  table: Table,
  from = 0,
  to = table.rows,
  trained?: ReadonlyMap<FittedEncoder, Float64Array>,
): Float64Array {
  const stride = widthOf(encoders);
  const out = new Float64Array((to - from) * stride);
  let offset = 0;
  for (const encoder of encoders) {
    const column = columnOf(table, encoder.input);
    const own = trained?.get(encoder);
    if (own) {
      for (let row = from, at = offset; row < to; row++, at += stride) out[at] = own[row]!;
      offset += encoder.width;
      continue;
    }
    for (let part = 0; part < encoder.width; part++) {
      encodeInto(encoder, part, column, out, { offset: offset++, stride, from, to });
    }
  }
  return out;
}

/** The features of a table one column at a time, as tree learners read them: nothing is copied that need not be. */
export function featureColumns(
  encoders: readonly FittedEncoder[],
  table: Table,
  trained?: ReadonlyMap<FittedEncoder, Float64Array>,
): FeatureColumns {
  const parts = encoders.flatMap((encoder) =>
    Array.from({ length: encoder.width }, (_, part) => ({ encoder, part })),
  );
  return {
    rows: table.rows,
    features: parts.map(({ encoder, part }) => ({
      name: featureName(encoder, part),
      categorical: encoder.kind === 'ordinal',
    })),
    column(feature) {
      const { encoder, part } = parts[feature]!;
      return trained?.get(encoder) ?? encodeColumn(encoder, columnOf(table, encoder.input), part);
    },
  };
}

/** Throws LEARNING.COLUMN_MISSING or LEARNING.COLUMN_KIND unless the table has every input in its kind. */
export function checkInputs(inputs: readonly PipelineInput[], table: Table): void {
  for (const input of inputs) {
    const column = columnOf(table, input.name);
    if (column.kind !== input.kind) {
      throw errors.invalid(
        'LEARNING.COLUMN_KIND',
        `Column "${input.name}" is ${column.kind} where the pipeline was fitted on ${input.kind}.`,
      );
    }
  }
}

function isPlain(encoder: FittedEncoder): boolean {
  if (encoder.kind !== 'number' || encoder.clip) return false;
  return encoder.fill === null && encoder.center === 0 && encoder.scale === 1;
}

function featureName(encoder: FittedEncoder, part: number): string {
  switch (encoder.kind) {
    case 'one-hot':
      return `${encoder.input}=${encoder.categories[part]}`;
    case 'date-parts':
      return `${encoder.input}.${encoder.parts[part]}`;
    case 'hashing':
    case 'bins':
      return encoder.width === 1 ? encoder.input : `${encoder.input}#${part}`;
    case 'number':
    case 'ordinal':
    case 'lookup':
      return encoder.input;
  }
}

function readerOf(encoder: FittedEncoder, part: number, column: Column): (row: number) => number {
  switch (encoder.kind) {
    case 'number':
      return numberReader(encoder, column);
    case 'bins':
      return binReader(encoder, part, column as NumericColumn);
    case 'date-parts':
      return dateReader(encoder, part, column as NumericColumn);
    case 'one-hot':
    case 'ordinal':
    case 'lookup':
    case 'hashing':
      return categoryReader(encoder, part, column);
  }
}

function binReader(
  { edges, output }: Extract<FittedEncoder, { kind: 'bins' }>,
  part: number,
  { values }: Pick<NumericColumn, 'values'>,
): (row: number) => number {
  const index = (value: number): number => (Number.isNaN(value) ? NaN : binOf(edges, value));
  return output === 'index' ? (row) => index(values[row]!) : (row) => (index(values[row]!) === part ? 1 : 0);
}

/** The number of ascending edges that a value reaches. */
export function binOf(edges: readonly number[], value: number): number {
  let [low, high] = [0, edges.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (value >= edges[middle]!) low = middle + 1;
    else high = middle;
  }
  return low;
}

function dateReader(
  { parts, fill }: Extract<FittedEncoder, { kind: 'date-parts' }>,
  part: number,
  { values }: Pick<NumericColumn, 'values'>,
): (row: number) => number {
  const wanted = parts[part]!;
  return (row) => {
    const value = values[row]!;
    return datePart(wanted, Number.isNaN(value) && fill !== null ? fill : value, doubleArithmetic);
  };
}

function categoryReader(encoder: CategoryEncoder, part: number, column: Column): (row: number) => number {
  const { codes } = column as CategoricalColumn;
  const index = indexOf(encoder.categories, column as CategoricalColumn);
  const pick = (row: number): number => (codes[row]! < 0 ? -2 : index[codes[row]!]!);
  switch (encoder.kind) {
    case 'one-hot': {
      const missing = encoder.missing ?? -2;
      return (row) => {
        const code = pick(row);
        return (code === -2 ? missing : code) === part ? 1 : 0;
      };
    }
    case 'ordinal':
      return (row) => {
        const code = pick(row);
        return code === -2 ? NaN : code === -1 ? encoder.unknown : code;
      };
    case 'hashing':
      return (row) => {
        const code = pick(row);
        return code !== -2 && (code === -1 ? encoder.unknown : encoder.buckets[code]) === part ? 1 : 0;
      };
    case 'lookup':
      return (row) => {
        const code = pick(row);
        return code === -2 ? encoder.missing : code === -1 ? encoder.unknown : encoder.values[code]!;
      };
  }
}

function numberReader(
  { fill, center, scale, clip }: Extract<FittedEncoder, { kind: 'number' }>,
  column: Column,
): (row: number) => number {
  const missing = fill === null ? NaN : (fill - center) / scale;
  if (column.kind === 'boolean') {
    return (row) => (column.values[row] === 255 ? missing : (column.values[row]! - center) / scale);
  }
  const { values } = column as Extract<Column, { kind: 'numeric' }>;
  return (row) => {
    const value = values[row]!;
    return Number.isNaN(value) ? missing : ((clip ? clipped(value, clip) : value) - center) / scale;
  };
}

/** The value, or the end of the range that it lies beyond; NaN stays. */
export function clipped(value: number, [low, high]: readonly [number, number]): number {
  return value < low ? low : value > high ? high : value;
}

/** For each category of the column its index among the fitted ones, or -1. */
function indexOf(categories: readonly string[], column: CategoricalColumn): Int32Array {
  const before = indexes.get(column);
  if (before?.categories === categories) return before.index;
  const known = new Map(categories.map((category, i) => [category, i]));
  const index = Int32Array.from(column.categories, (category) => known.get(category) ?? -1);
  indexes.set(column, { categories, index });
  return index;
}

/** The last index made for a column: an encoder of many parts asks for the same one at each part. */
const indexes = new WeakMap<CategoricalColumn, { categories: readonly string[]; index: Int32Array }>();
