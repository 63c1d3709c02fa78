import { errors } from '@steward/kernel';
import type { BooleanColumn, CategoricalColumn, Column, NumericColumn, Table, TimeColumn } from './table';

/**
 * A numeric column. Missing values: null, undefined and NaN. A Float64Array is kept as it is, without a copy.
 * Throws LEARNING.COLUMN_VALUE for a value that is not a number.
 */
export function numericColumn(
  name: string,
  values: Float64Array | readonly (number | bigint | null | undefined)[],
): NumericColumn {
  return { kind: 'numeric', name, values: doubles(name, values) };
}

/** A time column from milliseconds since the epoch or Dates; missing as in `numericColumn`. */
export function timeColumn(
  name: string,
  values: Float64Array | readonly (number | bigint | Date | null | undefined)[],
): TimeColumn {
  return { kind: 'time', name, values: doubles(name, values) };
}

/** A boolean column from true/false or 1/0; null and undefined are missing. */
export function booleanColumn(
  name: string,
  values: readonly (boolean | number | null | undefined)[],
): BooleanColumn {
  const out = new Uint8Array(values.length);
  for (let i = 0; i < values.length; i++) {
    const value = values[i];
    if (value === true || value === 1) out[i] = 1;
    else if (value === null || value === undefined) out[i] = 255;
    else if (value !== false && value !== 0) throw badValue(name, i, 'true, false, 1, 0 or null');
  }
  return { kind: 'boolean', name, values: out };
}

/**
 * A categorical column from text; null and undefined are missing (the empty text is a category). Categories are
 * numbered in the order in which they first appear, unless `categories` gives them, which must then hold them all.
 */
export function categoricalColumn(
  name: string,
  values: readonly (string | null | undefined)[],
  categories?: readonly string[],
): CategoricalColumn {
  const index = new Map<string, number>();
  for (const category of categories ?? []) index.set(category, index.size);
  if (categories && index.size !== categories.length) {
    throw errors.invalid('LEARNING.CATEGORIES', `Column "${name}" names a category twice.`);
  }
  const codes = new Int32Array(values.length);
  for (let i = 0; i < values.length; i++) {
    codes[i] = codeOf(name, i, values[i], index, categories !== undefined);
  }
  return { kind: 'categorical', name, codes, categories: [...index.keys()] };
}

/**
 * A table of columns. Throws LEARNING.TABLE if names are empty or repeated or if lengths differ, and
 * LEARNING.CATEGORIES if a categorical code points outside its categories.
 */
export function createTable(columns: readonly Column[], rows = columnRows(columns[0])): Table {
  const names = new Set<string>();
  for (const column of columns) {
    if (column.name === '' || names.has(column.name)) {
      throw errors.invalid('LEARNING.TABLE', `Column name "${column.name}" is empty or used twice.`);
    }
    names.add(column.name);
    if (columnRows(column) !== rows) {
      throw errors.invalid(
        'LEARNING.TABLE',
        `Column "${column.name}" has ${columnRows(column)} rows where ${rows} are expected.`,
      );
    }
    if (column.kind === 'categorical') checkCodes(column);
  }
  return { rows, columns };
}

/** Number of rows of a column; 0 for none. */
export function columnRows(column: Column | undefined): number {
  if (!column) return 0;
  return column.kind === 'categorical' ? column.codes.length : column.values.length;
}

function doubles(
  name: string,
  values: Float64Array | readonly (number | bigint | Date | null | undefined)[],
): Float64Array {
  if (values instanceof Float64Array) return values;
  const out = new Float64Array(values.length);
  for (let i = 0; i < values.length; i++) {
    const value = values[i];
    if (value === null || value === undefined) out[i] = NaN;
    else if (typeof value === 'number') out[i] = value;
    else if (typeof value === 'bigint' || value instanceof Date) out[i] = Number(value);
    else throw badValue(name, i, 'a number or null');
  }
  return out;
}

function codeOf(
  name: string,
  row: number,
  value: string | null | undefined,
  index: Map<string, number>,
  closed: boolean,
): number {
  if (value === null || value === undefined) return -1;
  if (typeof value !== 'string') throw badValue(name, row, 'a text or null');
  const known = index.get(value);
  if (known !== undefined) return known;
  if (closed) throw badValue(name, row, 'one of the given categories');
  index.set(value, index.size);
  return index.size - 1;
}

function checkCodes(column: CategoricalColumn): void {
  const size = column.categories.length;
  for (const code of column.codes) {
    if (code < -1 || code >= size) {
      throw errors.invalid(
        'LEARNING.CATEGORIES',
        `Column "${column.name}" has the code ${code}, but its codes go from -1 to ${size - 1}.`,
      );
    }
  }
}

function badValue(name: string, row: number, expected: string) {
  return errors.invalid(
    'LEARNING.COLUMN_VALUE',
    `Column "${name}" must hold ${expected}; row ${row} does not.`,
    {
      details: { column: name, row },
    },
  );
}
