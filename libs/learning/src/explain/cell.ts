import { errors } from '@steward/kernel';
import { columnOf } from '../table/select-table';
import type { Column, Table } from '../table/table';

/** One value as people write it: a number (time: ms), a category, true or false, or null for missing. */
export type Cell = number | string | boolean | null;

/** The value in a row of a column. */
export function cellOf(column: Column, row: number): Cell {
  if (column.kind === 'categorical') return column.categories[column.codes[row]!] ?? null;
  const value = column.values[row]!;
  if (column.kind === 'boolean') return value === 255 ? null : value === 1;
  return Number.isNaN(value) ? null : value;
}

/** A column of `rows` times the same value. Throws LEARNING.COLUMN_VALUE if the value is not of the column's kind. */
export function constantColumn(like: Column, value: Cell, rows: number): Column {
  return columnOfCells(
    like,
    Array.from({ length: rows }, () => value),
  );
}

/** A column of the kind and name of another, from values; categories that it does not know are added. */
export function columnOfCells(like: Column, cells: readonly Cell[]): Column {
  if (like.kind === 'categorical') {
    const categories = [...like.categories];
    const codes = Int32Array.from(cells, (cell) => codeOf(like.name, categories, cell));
    return { ...like, codes, categories };
  }
  if (like.kind === 'boolean') {
    const values = Uint8Array.from(cells, (cell) => {
      if (cell !== null && typeof cell !== 'boolean') throw badCell(like.name, 'true, false or null');
      return cell === null ? 255 : Number(cell);
    });
    return { ...like, values };
  }
  const values = Float64Array.from(cells, (cell) => {
    if (cell !== null && typeof cell !== 'number') throw badCell(like.name, 'a number or null');
    return cell ?? NaN;
  });
  return { ...like, values };
}

/** A table with some columns replaced. */
export function withColumns(table: Table, columns: readonly Column[]): Table {
  const byName = new Map(columns.map((column) => [column.name, column]));
  for (const name of byName.keys()) columnOf(table, name);
  return { rows: table.rows, columns: table.columns.map((column) => byName.get(column.name) ?? column) };
}

function codeOf(name: string, categories: string[], cell: Cell): number {
  if (cell === null) return -1;
  if (typeof cell !== 'string') throw badCell(name, 'a text or null');
  const code = categories.indexOf(cell);
  return code >= 0 ? code : categories.push(cell) - 1;
}

function badCell(name: string, expected: string) {
  return errors.invalid('LEARNING.COLUMN_VALUE', `Column "${name}" must hold ${expected}.`);
}
