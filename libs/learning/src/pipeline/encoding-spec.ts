import { badParameter } from '../parameters/parameters';
import type { Column } from '../table/table';
import { DATE_PARTS, type DatePart } from './date-parts';

/** How one column becomes features. Statistics are learned from the training rows only. */
export type ColumnEncoding =
  /**
   * The value as a number (boolean 0/1, time in ms). `impute` replaces missing values by a statistic or a constant;
   * 'none' (default) keeps them as NaN, which trees can split on and linear models refuse. `scale`: 'standard'
   * subtracts the mean and divides by the population standard deviation, after imputing; 'robust' takes the median and
   * the distance of the quartiles instead. Default 'none'. `winsorise` (above 0, below 0.5; numeric and time) first
   * draws values below that quantile of the training rows, and above its mirror image, to these quantiles.
   */
  | {
      readonly kind: 'number';
      readonly impute?: 'none' | 'mean' | 'median' | 'most-frequent' | number;
      readonly scale?: 'none' | 'standard' | 'robust';
      readonly winsorise?: number;
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
  /**
   * A 0/1 feature for each of `buckets` (default 32) buckets: categories seen are spread by their hash over all but
   * the last, which stands for all others, for ONNX cannot hash a text. Missing gives zeros.
   */
  | { readonly kind: 'hashing'; readonly buckets?: number }
  /**
   * The quantile bin of a number or time among `bins` (default 10): a 0/1 feature each ('one-hot', default; missing
   * gives zeros) or its number ('index'; missing gives NaN). Equal quantiles are one edge, so there can be fewer bins.
   */
  | { readonly kind: 'bins'; readonly bins?: number; readonly output?: 'index' | 'one-hot' }
  /** Parts of a time in UTC (default month, day, weekday and hour); `impute` as of `number`, default 'none'. */
  | {
      readonly kind: 'date-parts';
      readonly parts?: readonly DatePart[];
      readonly impute?: 'none' | 'mean' | 'median' | 'most-frequent' | number;
    }
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
      return imputeProblem(encoding.impute) ?? winsoriseProblem(column, encoding.winsorise);
    case 'bins':
    case 'date-parts':
      return timeOrNumberProblem(column, encoding);
    case 'one-hot':
    case 'hashing':
    case 'ordinal':
    case 'frequency':
      if (encoding.kind === 'hashing' && !isCount(encoding.buckets ?? 32, 1 << 20)) {
        return 'needs 2 to 1048576 buckets';
      }
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

const isCount = (value: number, most: number): boolean =>
  Number.isInteger(value) && value >= 2 && value <= most;

function imputeProblem(impute: unknown): string | null {
  return typeof impute === 'number' && !Number.isFinite(impute) ? 'needs a finite constant to impute' : null;
}

function winsoriseProblem(column: Column, share: number | undefined): string | null {
  if (share === undefined) return null;
  if (column.kind === 'boolean') return 'is boolean and can not be winsorised';
  return share > 0 && share < 0.5 ? null : 'needs a share to winsorise above 0 and below 0.5';
}

function timeOrNumberProblem(
  column: Column,
  encoding: Extract<ColumnEncoding, { kind: 'bins' | 'date-parts' }>,
): string | null {
  if (encoding.kind === 'bins') {
    if (column.kind !== 'numeric' && column.kind !== 'time')
      return `is ${column.kind} and has no quantile bins`;
    if (!['index', 'one-hot'].includes(encoding.output ?? 'index'))
      return 'has bins as index or one-hot only';
    return isCount(encoding.bins ?? 10, 1000) ? null : 'needs 2 to 1000 bins';
  }
  if (column.kind !== 'time') return `is ${column.kind}; only time columns have date parts`;
  const { parts = ['month'] } = encoding;
  if (parts.length === 0 || new Set(parts).size < parts.length) return 'needs date parts, none of them twice';
  const strange = parts.find((part) => !DATE_PARTS.includes(part));
  return strange === undefined ? imputeProblem(encoding.impute) : `has no date part ${strange}`;
}
