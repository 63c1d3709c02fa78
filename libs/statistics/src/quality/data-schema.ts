/** What a column may hold. What is not named is not checked. */
export interface ColumnRules {
  readonly name: string;
  readonly kind: 'numeric' | 'categorical';
  /** Share of rows that must have a value, 0 to 1. */
  readonly minimumFraction?: number;
  /** Smallest and largest allowed number. */
  readonly range?: { readonly min?: number; readonly max?: number };
  /** Whether infinities are allowed. Default false. */
  readonly allowInfinite?: boolean;
  /** Categories that are allowed. */
  readonly domain?: readonly string[];
  /** Share of the values that must lie in the domain. Default 1. */
  readonly minimumDomainMass?: number;
  /** How many different values there must and may be (estimated, about 5 %). A constant column has one. */
  readonly unique?: { readonly min?: number; readonly max?: number };
}

/** What a data set may hold; plain JSON. */
export interface DataSchema {
  readonly columns: readonly ColumnRules[];
  /** Rows that a data set must and may have. */
  readonly rows?: { readonly min?: number; readonly max?: number };
}

/**
 * What can be wrong, in the words of TensorFlow Data Validation (`docs/anomalies.md` there), and one of our own for what it
 * has no word for: `DUPLICATE_ROWS`.
 */
export type AnomalyCode =
  | 'SCHEMA_NEW_COLUMN'
  | 'SCHEMA_MISSING_COLUMN'
  | 'UNEXPECTED_DATA_TYPE'
  | 'FEATURE_TYPE_NOT_PRESENT'
  | 'FEATURE_TYPE_LOW_FRACTION_PRESENT'
  | 'FEATURE_TYPE_LOW_UNIQUE'
  | 'FEATURE_TYPE_HIGH_UNIQUE'
  | 'ENUM_TYPE_UNEXPECTED_STRING_VALUES'
  | 'FLOAT_TYPE_SMALL_FLOAT'
  | 'FLOAT_TYPE_BIG_FLOAT'
  | 'FLOAT_TYPE_HAS_INF'
  | 'DATASET_LOW_NUM_EXAMPLES'
  | 'DATASET_HIGH_NUM_EXAMPLES'
  | 'COMPARATOR_L_INFTY_HIGH'
  | 'COMPARATOR_JENSEN_SHANNON_DIVERGENCE_HIGH'
  | 'DUPLICATE_ROWS';

/** One finding of a schema check: TFDV's code, the column, and the figures that broke the bound. */
export interface Anomaly {
  readonly code: AnomalyCode;
  /** Null where it is about the data set as a whole. */
  readonly column: string | null;
  /** A sentence for people. Holds counts and bounds, and for domains up to five unexpected values. */
  readonly message: string;
}
