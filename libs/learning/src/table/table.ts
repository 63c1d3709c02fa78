/**
 * The columnar input of every learner and transformer. One row is one example; all columns have equal length.
 * Missing values: NaN in numeric and time columns, code -1 in categorical columns, 255 in boolean columns.
 */
export type Column = NumericColumn | CategoricalColumn | BooleanColumn | TimeColumn;

/** Numbers; infinities are values, NaN is missing. */
export interface NumericColumn {
  readonly kind: 'numeric';
  readonly name: string;
  readonly values: Float64Array;
}

/** Texts, kept as codes. */
export interface CategoricalColumn {
  readonly kind: 'categorical';
  readonly name: string;
  /** Index into `categories`, or -1 for missing. */
  readonly codes: Int32Array;
  readonly categories: readonly string[];
}

/** True and false. */
export interface BooleanColumn {
  readonly kind: 'boolean';
  readonly name: string;
  /** 0, 1, or 255 for missing. */
  readonly values: Uint8Array;
}

/** Points in time. */
export interface TimeColumn {
  readonly kind: 'time';
  readonly name: string;
  /** Milliseconds since the epoch, NaN for missing. */
  readonly values: Float64Array;
}

/** Columns of equal length, of different names. Make it with `createTable` or `tableFromVectors`. */
export interface Table {
  readonly rows: number;
  readonly columns: readonly Column[];
}
