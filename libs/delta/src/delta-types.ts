/** Types of Delta columns that Steward writes. `long` values are JavaScript integers within 2^53. `timestamp`: ms since the epoch in memory, microseconds UTC in Parquet. */
export type DeltaType = 'string' | 'double' | 'long' | 'boolean' | 'timestamp';

export interface DeltaField {
  readonly name: string;
  readonly type: DeltaType;
  readonly nullable: boolean;
}

export interface DeltaSchema {
  readonly fields: readonly DeltaField[];
}

/** Column-wise rows; null is missing. All arrays have equal length. */
export interface DeltaRows {
  readonly rows: number;
  readonly columns: Readonly<Record<string, readonly (string | number | boolean | null)[]>>;
}

/**
 * Columns that ingestion adds to every dataset table beside the contract's own. `batch` counts from 1 within the dataset; `rowKey`
 * is the row number (uploads) or the digest of the contract values (labelled rows): with the batch digest it decides
 * a row's fold. `subject` is a pseudonym; identifier columns are stored encrypted under the subject's key.
 * `prediction` is `<id>/<row>` of a labelled row. Rows are in order of (batch, row).
 */
export const SystemColumns = {
  batch: '_steward_batch',
  batchDigest: '_steward_batch_digest',
  row: '_steward_row',
  rowKey: '_steward_row_key',
  source: '_steward_source',
  subject: '_steward_subject',
  prediction: '_steward_prediction',
} as const;
