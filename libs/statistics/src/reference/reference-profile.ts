/** The version that this library writes into a reference; {@link parseReference} refuses others. */
export const REFERENCE_VERSION = 1;

/**
 * The reference distribution of one numeric column. Bin `i` holds `edges[i-1] <= x < edges[i]`; the first and the last
 * bin are open to the infinities, so every number has a bin.
 */
export interface NumericReferenceColumn {
  readonly kind: 'numeric';
  readonly name: string;
  /** Interior edges, finite and strictly increasing; may be empty (one bin). */
  readonly edges: readonly number[];
  /** One count per bin, `edges.length + 1` of them. */
  readonly counts: readonly number[];
  readonly missing: number;
  /** Values seen: the sum of `counts` and `missing`. */
  readonly rows: number;
  /** The range that current values are held against; null where the reference has no finite value. */
  readonly min: number | null;
  readonly max: number | null;
  /** Of the finite values; for display only, no verdict rests on them. */
  readonly mean: number | null;
  readonly standardDeviation: number | null;
}

/** The reference distribution of one categorical column. */
export interface CategoricalReferenceColumn {
  readonly kind: 'categorical';
  readonly name: string;
  /** By falling frequency; every other value falls into the cell `other`. */
  readonly categories: readonly string[];
  /** Values that were seen but share the cell `other`, in order; null where there were more than 1,000 of them. */
  readonly rare: readonly string[] | null;
  /** One count per category and, last, that of `other`. */
  readonly counts: readonly number[];
  readonly missing: number;
  /** Values seen: the sum of `counts` and `missing`. */
  readonly rows: number;
}

/** The fixed cells of one column and their counts. */
export type ReferenceColumn = NumericReferenceColumn | CategoricalReferenceColumn;

/**
 * What a model version carries of the data that it was made on: the fixed cells of every column and their counts.
 * A plain object that is safe to write as JSON (no NaN, no infinity); deeply frozen. A model's score is a numeric column
 * like any other; `rows` may differ between columns.
 */
export interface ReferenceProfile {
  readonly version: typeof REFERENCE_VERSION;
  readonly columns: readonly ReferenceColumn[];
}
