import { badParameter } from '../parameters/parameters';
import type { Column } from '../table/table';

/** How one column becomes features. Statistics are learned from the training rows only. */
export type ColumnEncoding =
  /**
   * The value as a number (boolean 0/1, time in ms). `impute` replaces missing values by a statistic or a constant;
   * 'none' (default) keeps them as NaN, which trees can split on and linear models refuse. `scale`: 'standard'
   * subtracts the mean and divides by the population standard deviation, after imputing; 'robust' takes the median and
   * the distance of the quartiles instead. Default 'none'.
   */
  | {
      readonly kind: 'number';
      readonly impute?: 'none' | 'mean' | 'median' | 'most-frequent' | number;
      readonly scale?: 'none' | 'standard' | 'robust';
    }
  /**
   * A 0/1 feature for each of the `maxCategories` (default 64) most frequent categories. `missing`: 'zeros' (default),
   * 'category' (a feature of its own) or 'most-frequent'. Categories that were not kept or not seen give zeros.
   */
  | {
      readonly kind: 'one-hot';
      readonly maxCategories?: number;
      readonly missing?: 'zeros' | 'category' | 'most-frequent';
    }
  /** The rank of the category by frequency, for native splits of trees; NaN for missing values. */
  | { readonly kind: 'ordinal' }
  /** The share of training rows with the category; 0 for unseen ones, the share of missing rows for missing. */
  | { readonly kind: 'frequency' }
  /**
   * The mean of a binary or regression target over the category's rows, drawn towards the overall mean as if it had
   * `smoothing` (default 10) more rows. Training rows get the value from the other `folds` (default 5) so that their own
   * outcome does not leak (as scikit-learn's TargetEncoder). Unseen categories get the overall mean.
   */
  | { readonly kind: 'target'; readonly smoothing?: number; readonly folds?: number }
  /** The column is not used. */
  | { readonly kind: 'drop' };

/** Encodings by kind of column, and by name where one column differs. What is left out is the learner's choice. */
export interface EncodingSpec {
  readonly numeric?: ColumnEncoding;
  readonly categorical?: ColumnEncoding;
  readonly boolean?: ColumnEncoding;
  readonly time?: ColumnEncoding;
  readonly columns?: Readonly<Record<string, ColumnEncoding>>;
}

/** For trees: values as they are, categories as codes. */
export const treeEncoding: Required<Omit<EncodingSpec, 'columns'>> = {
  numeric: { kind: 'number' },
  boolean: { kind: 'number' },
  time: { kind: 'number' },
  categorical: { kind: 'ordinal' },
};

/** For linear models and networks: imputed by the mean, standardised; categories one-hot. */
export const denseEncoding: Required<Omit<EncodingSpec, 'columns'>> = {
  numeric: { kind: 'number', impute: 'mean', scale: 'standard' },
  boolean: { kind: 'number', impute: 'most-frequent', scale: 'standard' },
  time: { kind: 'number', impute: 'mean', scale: 'standard' },
  categorical: { kind: 'one-hot', missing: 'category' },
};

/** The encoding of a column by its name, else its kind, else the default. Throws LEARNING.PARAMETER if it can't be. */
export function encodingOf(
  column: Column,
  spec: EncodingSpec,
  defaults: Required<Omit<EncodingSpec, 'columns'>>,
): ColumnEncoding {
  const named =
    spec.columns && Object.hasOwn(spec.columns, column.name) ? spec.columns[column.name] : undefined;
  const encoding = named ?? spec[column.kind] ?? defaults[column.kind];
  const problem = problemOf(column, encoding);
  if (problem) throw badParameter('the encoding', column.name, problem, encoding);
  return encoding;
}

function problemOf(column: Column, encoding: ColumnEncoding): string | null {
  const categorical = column.kind === 'categorical';
  switch (encoding.kind) {
    case 'drop':
      return null;
    case 'number':
      if (categorical) return 'is categorical and can not be encoded as a number';
      return typeof encoding.impute === 'number' && !Number.isFinite(encoding.impute)
        ? 'needs a finite constant to impute'
        : null;
    case 'one-hot':
    case 'ordinal':
    case 'frequency':
      return categorical
        ? null
        : `is ${column.kind}; only categorical columns can be encoded as ${encoding.kind}`;
    case 'target':
      if (!categorical) return `is ${column.kind}; only categorical columns can be encoded as target`;
      if (!((encoding.smoothing ?? 10) >= 0)) return 'needs a smoothing of at least 0';
      return Number.isInteger(encoding.folds ?? 5) && (encoding.folds ?? 5) >= 2
        ? null
        : 'needs at least 2 folds';
    default:
      return `has an encoding that is not known: ${String((encoding as { kind: unknown }).kind)}`;
  }
}
