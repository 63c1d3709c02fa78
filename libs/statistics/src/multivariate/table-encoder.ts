import { checkNotEmpty, checkSameLength, invalidArgument } from '../arguments/check-arguments';

/** A column of a table that several-column methods read. */
export type TableColumn =
  | { readonly kind: 'numeric'; readonly name: string; readonly values: ArrayLike<number | null> }
  | { readonly kind: 'categorical'; readonly name: string; readonly values: ArrayLike<string | null> };

/** How one column becomes a standardised number; plain JSON. */
export interface ColumnEncoding {
  readonly name: string;
  /** Numeric: the mean, which fills missing values. Categorical: the most frequent value. */
  readonly fill: number | string;
  /** Categorical: the share of each category in the reference; unknown ones have 0. Null for numeric columns. */
  readonly shares: Readonly<Record<string, number>> | null;
  readonly mean: number;
  readonly deviation: number;
}

/** Learns the encoding of each column: fill missing values, turn categories into their frequency, standardise. */
export function fitEncodings(columns: readonly TableColumn[]): ColumnEncoding[] {
  checkNotEmpty('columns', columns);
  checkNotEmpty(columns[0]!.name, columns[0]!.values);
  for (const column of columns)
    checkSameLength(columns[0]!.name, columns[0]!.values, column.name, column.values);
  return columns.map((column) => {
    const raw = column.kind === 'numeric' ? numericFill(column) : categoricalFill(column);
    const encoded = encodeRaw(column, raw);
    const mean = encoded.reduce((sum, value) => sum + value, 0) / encoded.length;
    const variance = encoded.reduce((sum, value) => sum + (value - mean) ** 2, 0) / encoded.length;
    // Rounding leaves a constant column a tiny spread; dividing by it would blow it up.
    const constant = variance <= 1e-28 * mean * mean;
    return { name: column.name, ...raw, mean, deviation: constant ? 1 : Math.sqrt(variance) };
  });
}

/** Rows of standardised numbers. Columns are found by name. */
export function encodeTable(
  columns: readonly TableColumn[],
  encodings: readonly ColumnEncoding[],
): Float64Array[] {
  const encoded = encodings.map((encoding) => {
    const column = columns.find(({ name }) => name === encoding.name);
    if (column === undefined) throw invalidArgument('columns', encoding.name, 'all columns of the reference');
    if ((column.kind === 'numeric') !== (encoding.shares === null)) {
      throw invalidArgument(`${encoding.name}.kind`, column.kind, 'the kind that it has in the reference');
    }
    return encodeRaw(column, encoding).map((value) => (value - encoding.mean) / encoding.deviation);
  });
  const rows = encoded[0]!.length;
  for (const [i, column] of encoded.entries())
    checkSameLength('columns[0]', encoded[0]!, `columns[${i}]`, column);
  return Array.from({ length: rows }, (_, r) => Float64Array.from(encoded, (column) => column[r]!));
}

type Raw = Pick<ColumnEncoding, 'fill' | 'shares'>;

function encodeRaw(column: TableColumn, { fill, shares }: Raw): Float64Array {
  return Float64Array.from({ length: column.values.length }, (_, i) => {
    const value = column.values[i] ?? null;
    if (column.kind === 'categorical') return shares![(value ?? fill) as string] ?? 0;
    return value === null || Number.isNaN(value) ? (fill as number) : (value as number);
  });
}

function numericFill(column: Extract<TableColumn, { kind: 'numeric' }>): Raw {
  let [sum, count] = [0, 0];
  for (let i = 0; i < column.values.length; i++) {
    const value = column.values[i];
    if (value === null || value === undefined || Number.isNaN(value)) continue;
    if (!Number.isFinite(value))
      throw invalidArgument(`${column.name}[${i}]`, value, 'a finite number or null');
    sum += value;
    count++;
  }
  if (count === 0) throw invalidArgument(column.name, 0, 'at least one value that is not missing');
  return { fill: sum / count, shares: null };
}

/** Ties for the most frequent go to the first in alphabetical order. */
function categoricalFill(column: Extract<TableColumn, { kind: 'categorical' }>): Raw {
  const counts = new Map<string, number>();
  let missing = 0;
  for (let i = 0; i < column.values.length; i++) {
    const value = column.values[i];
    if (value === null || value === undefined) missing++;
    else counts.set(value, (counts.get(value) ?? 0) + 1);
  }
  const [first] = [...counts].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1));
  if (first === undefined) throw invalidArgument(column.name, 0, 'at least one value that is not missing');
  counts.set(first[0], first[1] + missing);
  const shares: Record<string, number> = {};
  for (const [category, count] of counts) shares[category] = count / column.values.length;
  return { fill: first[0], shares };
}
