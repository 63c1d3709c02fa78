import { errors } from '@steward/kernel';
import type { Column, Table } from './table';

/** The column of that name. Throws LEARNING.COLUMN_MISSING if there is none. */
export function columnOf(table: Table, name: string): Column {
  const column = table.columns.find((candidate) => candidate.name === name);
  if (column) return column;
  throw errors.invalid('LEARNING.COLUMN_MISSING', `The table has no column "${name}".`, {
    details: { column: name, columns: table.columns.map((c) => c.name).slice(0, 50) },
  });
}

/** The named columns, in the order given; values are shared with `table`, not copied. */
export function selectColumns(table: Table, names: readonly string[]): Table {
  return { rows: table.rows, columns: names.map((name) => columnOf(table, name)) };
}

/** All columns but the named ones, which must exist. */
export function dropColumns(table: Table, names: readonly string[]): Table {
  const dropped = new Set(names.map((name) => columnOf(table, name).name));
  return { rows: table.rows, columns: table.columns.filter((column) => !dropped.has(column.name)) };
}

/** The given rows, in the order given (a row may be repeated); values are copied, categories kept. */
export function selectRows(table: Table, rows: Int32Array): Table {
  for (const row of rows) {
    if (row < 0 || row >= table.rows) {
      throw errors.invalid('LEARNING.ROW', `Row ${row} is outside the table of ${table.rows} rows.`);
    }
  }
  return { rows: rows.length, columns: table.columns.map((column) => takeColumn(column, rows)) };
}

/** The elements of `values` at `rows`, as a new array of the same type. */
export function take<T extends Float64Array | Int32Array | Uint8Array>(values: T, rows: Int32Array): T {
  const out = new (values.constructor as new (length: number) => T)(rows.length);
  for (let i = 0; i < rows.length; i++) out[i] = values[rows[i]!]!;
  return out;
}

function takeColumn(column: Column, rows: Int32Array): Column {
  switch (column.kind) {
    case 'numeric':
    case 'time':
      return { ...column, values: take(column.values, rows) };
    case 'boolean':
      return { ...column, values: take(column.values, rows) };
    case 'categorical':
      return { ...column, codes: take(column.codes, rows) };
  }
}
