import { errors } from '@steward/kernel';
import { booleanColumn, categoricalColumn, createTable, numericColumn, timeColumn } from './create-table';
import type { CategoricalColumn, Column, Table } from './table';

/** Typed arrays of numbers, as the buffers of Arrow and Parquet readers are. */
export type NumberBuffer =
  | Float64Array
  | Float32Array
  | Int32Array
  | Int16Array
  | Int8Array
  | Uint32Array
  | Uint16Array
  | Uint8Array
  | BigInt64Array
  | BigUint64Array;

/**
 * A column as Arrow lays it out. `validity` has a bit for each row, least significant first, 0 where the value is
 * missing (no bitmap: none is); it is read from bit `validityOffset` (default 0) on.
 */
export type ColumnVector = {
  readonly validity?: Uint8Array | null;
  readonly validityOffset?: number;
} & (
  | { readonly kind: 'numeric'; readonly values: NumberBuffer }
  /** `unit` of the numbers since the epoch; default millisecond. */
  | {
      readonly kind: 'time';
      readonly values: NumberBuffer;
      readonly unit?: 'day' | 'second' | 'millisecond' | 'microsecond' | 'nanosecond';
    }
  /** One byte a value, 0 or 1. */
  | { readonly kind: 'boolean'; readonly values: Uint8Array }
  /** Dictionary-encoded text: `values` are places in `dictionary`. */
  | { readonly kind: 'categorical'; readonly values: NumberBuffer; readonly dictionary: readonly string[] }
);

/**
 * A table from column vectors in the order of their names, so that no reader of Arrow or Parquet is needed here. A
 * Float64Array of a numeric column, or of milliseconds, without missing values is kept as it is; all else is copied. Throws
 * LEARNING.COLUMN_VALUE for a bitmap that is too short or a dictionary place that does not exist, and what
 * `createTable` throws.
 */
export function tableFromVectors(vectors: Readonly<Record<string, ColumnVector>>): Table {
  return createTable(Object.entries(vectors).map(([name, vector]) => columnFrom(name, vector)));
}

function columnFrom(name: string, vector: ColumnVector): Column {
  const present = validityOf(name, vector);
  switch (vector.kind) {
    case 'numeric':
      return numericColumn(name, numbersOf(vector.values, present, asItIs));
    case 'time':
      return timeColumn(name, numbersOf(vector.values, present, MILLISECONDS[vector.unit ?? 'millisecond']));
    case 'boolean':
      return booleanColumn(
        name,
        Array.from(vector.values, (value, row) => (present(row) ? value : null)),
      );
    case 'categorical':
      return fromDictionary(name, vector, present);
  }
}

type ToNumber = (value: number | bigint) => number;

const asItIs: ToNumber = Number;

/** Milliseconds of a count of units; fractions of a millisecond are kept as far as a double holds them. */
const MILLISECONDS: Readonly<Record<string, ToNumber>> = {
  day: (value) => Number(value) * 86_400_000,
  second: (value) => Number(value) * 1000,
  millisecond: asItIs,
  microsecond: (value) => Number(value) / 1000,
  nanosecond: (value) => Number(value) / 1e6,
};

function numbersOf(
  values: NumberBuffer,
  present: (row: number) => boolean,
  toNumber: ToNumber | undefined,
): Float64Array {
  if (!toNumber) throw errors.invalid('LEARNING.COLUMN_VALUE', 'A time column has a unit that is not known.');
  if (present === always && values instanceof Float64Array && toNumber === asItIs) return values;
  const out = new Float64Array(values.length);
  for (let row = 0; row < out.length; row++) out[row] = present(row) ? toNumber(values[row]!) : NaN;
  return out;
}

function fromDictionary(
  name: string,
  { values, dictionary }: Extract<ColumnVector, { kind: 'categorical' }>,
  present: (row: number) => boolean,
): CategoricalColumn {
  const { categories } = categoricalColumn(name, [], dictionary);
  const codes = Int32Array.from({ length: values.length }, (_, row) => {
    if (!present(row)) return -1;
    const code = Number(values[row]);
    if (code >= 0 && code < categories.length) return code;
    throw bad(name, `has the dictionary place ${code} in row ${row}, which does not exist`);
  });
  return { kind: 'categorical', name, codes, categories };
}

const always = (): boolean => true;

function validityOf(
  name: string,
  { validity, validityOffset = 0, values }: ColumnVector,
): (row: number) => boolean {
  if (!validity) return always;
  if (!(Number.isSafeInteger(validityOffset) && validityOffset >= 0)) {
    throw bad(name, `cannot read its validity from bit ${validityOffset} on`);
  }
  if (validity.length * 8 < validityOffset + values.length) {
    throw bad(name, `has a validity bitmap that is too short for ${values.length} rows`);
  }
  return (row) => {
    const bit = validityOffset + row;
    return ((validity[bit >>> 3]! >>> (bit & 7)) & 1) === 1;
  };
}

function bad(name: string, problem: string) {
  return errors.invalid('LEARNING.COLUMN_VALUE', `Column "${name}" ${problem}.`, {
    details: { column: name },
  });
}
