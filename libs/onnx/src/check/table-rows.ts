import type { Column, Table } from '@steward/learning';

/** A new table of the given rows of a table, in the given order; rows may repeat. */
export function selectRows(table: Table, rows: Int32Array): Table {
  return { rows: rows.length, columns: table.columns.map((column) => selectColumn(column, rows)) };
}

function selectColumn(column: Column, rows: Int32Array): Column {
  switch (column.kind) {
    case 'categorical':
      return { ...column, codes: rows.map((row) => column.codes[row]!) };
    case 'boolean':
      return { ...column, values: Uint8Array.from(rows, (row) => column.values[row]!) };
    case 'numeric':
    case 'time':
      return { ...column, values: Float64Array.from(rows, (row) => column.values[row]!) };
  }
}

/** Sets one number of a numeric or time column of a table that the caller made. */
export function setValue(table: Table, name: string, row: number, value: number): void {
  const column = table.columns.find((each) => each.name === name);
  if (column?.kind === 'numeric' || column?.kind === 'time') column.values[row] = value;
}

/** The rows in which no boolean column is missing. */
export function rowsWithBooleans(table: Table, names: ReadonlySet<string>): Int32Array {
  const booleans = table.columns.filter((column) => column.kind === 'boolean' && names.has(column.name));
  const rows: number[] = [];
  for (let row = 0; row < table.rows; row++) {
    if (booleans.every((column) => column.kind !== 'boolean' || column.values[row] !== 255)) rows.push(row);
  }
  return Int32Array.from(rows);
}

/** At most `limit` of a list, spread evenly over it. */
export function spread(list: Int32Array, limit: number): Int32Array {
  if (list.length <= limit) return list;
  return Int32Array.from({ length: limit }, (_, i) => list[Math.floor((i * list.length) / limit)]!);
}
