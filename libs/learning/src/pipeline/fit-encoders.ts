import { errors } from '@steward/kernel';
import type { CategoricalColumn, Column, Table } from '../table/table';
import { encodeColumn } from './encode';
import { type ColumnEncoding, type EncodingSpec, encodingOf } from './encoding-spec';
import { fitHashing } from './fit-hashing';
import { fitTargetEncoder, type Supervision } from './fit-target-encoder';
import type { FittedEncoder, PipelineInput } from './fitted-pipeline';
import { quantileEdges, quantileOf } from './order-statistics';
import { rankCategories } from './rank-categories';

/** Inputs and encoders of a pipeline, before its predictor. */
export interface FittedEncoding {
  readonly inputs: readonly PipelineInput[];
  readonly encoders: readonly FittedEncoder[];
  /** What training rows hold instead of what their encoder gives: cross-fitted values. */
  readonly trained: ReadonlyMap<FittedEncoder, Float64Array>;
}

type NumberEncoding = Extract<ColumnEncoding, { kind: 'number' }>;
type BinsEncoding = Extract<ColumnEncoding, { kind: 'bins' }>;
type DatePartsEncoding = Extract<ColumnEncoding, { kind: 'date-parts' }>;
type OneHotEncoding = Extract<ColumnEncoding, { kind: 'one-hot' }>;

/** Learns the encoders of all columns from the rows of `table`. Throws LEARNING.NO_FEATURES if none is left. */
export function fitEncoders(
  table: Table,
  spec: EncodingSpec,
  defaults: Required<Omit<EncodingSpec, 'columns'>>,
  supervision?: Supervision,
): FittedEncoding {
  for (const name of Object.keys(spec.columns ?? {})) {
    if (!table.columns.some((column) => column.name === name)) {
      throw errors.invalid(
        'LEARNING.COLUMN_MISSING',
        `The encoding names column "${name}", which is not there.`,
      );
    }
  }
  const inputs: PipelineInput[] = [];
  const encoders: FittedEncoder[] = [];
  const trained = new Map<FittedEncoder, Float64Array>();
  for (const column of table.columns) {
    const encoding = encodingOf(column, spec, defaults);
    if (encoding.kind === 'drop') continue;
    inputs.push({ name: column.name, kind: column.kind });
    if (encoding.kind === 'target') {
      const { encoder, values } = fitTargetEncoder(column as CategoricalColumn, encoding, supervision);
      encoders.push(encoder);
      trained.set(encoder, values);
    } else encoders.push(fitEncoder(column, encoding));
  }
  if (encoders.length === 0) {
    throw errors.invalid('LEARNING.NO_FEATURES', 'No column is left to learn from.');
  }
  return { inputs, encoders, trained };
}

function fitEncoder(
  column: Column,
  encoding: Exclude<ColumnEncoding, { kind: 'drop' | 'target' }>,
): FittedEncoder {
  if (encoding.kind === 'number') return fitNumber(column, encoding);
  if (encoding.kind === 'bins') return fitBins(column, encoding);
  if (encoding.kind === 'date-parts') return fitDateParts(column, encoding);
  if (encoding.kind === 'hashing') return fitHashing(column as CategoricalColumn, encoding.buckets ?? 32);
  const ranked = rankCategories(column as CategoricalColumn);
  if (encoding.kind === 'one-hot') return fitOneHot(column as CategoricalColumn, ranked, encoding);
  if (encoding.kind === 'frequency') return fitFrequency(column as CategoricalColumn, ranked);
  return { kind: 'ordinal', input: column.name, categories: ranked, unknown: ranked.length, width: 1 };
}

function fitNumber(column: Column, encoding: NumberEncoding): FittedEncoder {
  const clip = encoding.winsorise === undefined ? {} : clipOf(column, encoding.winsorise);
  const plain = {
    kind: 'number',
    input: column.name,
    ...clip,
    fill: null,
    center: 0,
    scale: 1,
    width: 1,
  } as const;
  const scaled = encoding.scale === 'standard' || encoding.scale === 'robust';
  if ((encoding.impute ?? 'none') === 'none' && !scaled) return plain;
  const values = encodeColumn(plain, column);
  const present = values.filter((value) => !Number.isNaN(value));
  const fill = fillOf(present, encoding.impute ?? 'none');
  if (!scaled) return { ...plain, fill };
  checkFinite(column.name, present);
  if (encoding.scale === 'robust') return { ...plain, fill, ...quartiles(present, values.length, fill) };
  const missing = fill === null ? 0 : values.length - present.length;
  const count = present.length + missing;
  const center =
    count === 0 ? 0 : (present.reduce((sum, value) => sum + value, 0) + missing * (fill ?? 0)) / count;
  let squares = fill === null ? 0 : missing * (fill - center) ** 2;
  for (const value of present) squares += (value - center) ** 2;
  const deviation = count === 0 ? 0 : Math.sqrt(squares / count);
  // A column that does not vary (to rounding) is centred only, as scikit-learn does.
  const constant = !(deviation > Math.abs(center) * 1e-14);
  return { ...plain, fill, center, scale: constant ? 1 : deviation };
}

/** What is there of a numeric or time column. */
function presentValues(column: Column): Float64Array {
  const plain = { kind: 'number', input: column.name, fill: null, center: 0, scale: 1, width: 1 } as const;
  return encodeColumn(plain, column).filter((value) => !Number.isNaN(value));
}

/** The two quantiles to winsorise at; none if the column is empty. */
function clipOf(column: Column, share: number): { clip?: readonly [number, number] } {
  const sorted = presentValues(column).filter(Number.isFinite).sort();
  if (sorted.length === 0) return {};
  return { clip: [quantileOf(sorted, share), quantileOf(sorted, 1 - share)] };
}

function fitBins(column: Column, { bins = 10, output = 'one-hot' }: BinsEncoding): FittedEncoder {
  const edges = quantileEdges(presentValues(column), bins);
  const width = output === 'index' ? 1 : edges.length + 1;
  return { kind: 'bins', input: column.name, edges, output, width };
}

function fitDateParts(
  column: Column,
  { parts = ['month', 'day', 'weekday', 'hour'], impute = 'none' }: DatePartsEncoding,
): FittedEncoder {
  const fill = fillOf(presentValues(column), impute);
  return { kind: 'date-parts', input: column.name, parts, fill, width: parts.length };
}

/** A statistic of the present values; 0 if there are none. */
function fillOf(present: Float64Array, impute: NonNullable<NumberEncoding['impute']>): number | null {
  if (impute === 'none') return null;
  if (typeof impute === 'number') return impute;
  if (present.length === 0) return 0;
  switch (impute) {
    case 'mean':
      return present.reduce((sum, value) => sum + value, 0) / present.length;
    case 'median':
      return medianOf(present);
    case 'most-frequent':
      return mostFrequent(present);
  }
}

/** Median and distance of the quartiles, interpolated as NumPy does, with imputed values counted in. */
function quartiles(
  present: Float64Array,
  rows: number,
  fill: number | null,
): { center: number; scale: number } {
  const all = new Float64Array(fill === null ? present.length : rows).fill(fill ?? 0);
  all.set(present);
  all.sort();
  if (all.length === 0) return { center: 0, scale: 1 };
  const at = (level: number): number => quantileOf(all, level);
  return { center: at(0.5), scale: at(0.75) - at(0.25) || 1 };
}

function medianOf(values: Float64Array): number {
  const sorted = values.slice().sort();
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : sorted[middle - 1]! / 2 + sorted[middle]! / 2;
}

function mostFrequent(values: Float64Array): number {
  const sorted = values.slice().sort();
  let best = { value: sorted[0]!, run: 0 };
  let run = 0;
  for (let i = 0; i < sorted.length; i++) {
    run = i > 0 && sorted[i] === sorted[i - 1] ? run + 1 : 1;
    if (run > best.run) best = { value: sorted[i]!, run };
  }
  return best.value;
}

function fitFrequency(column: CategoricalColumn, ranked: readonly string[]): FittedEncoder {
  const rows = column.codes.length;
  const shares = new Float64Array(column.categories.length);
  let missing = 0;
  for (const code of column.codes) {
    if (code < 0) missing += 1 / rows;
    else shares[code]! += 1 / rows;
  }
  const share = new Map(column.categories.map((name, code) => [name, shares[code]!]));
  const values = ranked.map((name) => share.get(name)!);
  return { kind: 'lookup', input: column.name, categories: ranked, values, unknown: 0, missing, width: 1 };
}

function fitOneHot(
  column: CategoricalColumn,
  ranked: readonly string[],
  encoding: OneHotEncoding,
): FittedEncoder {
  const kept = ranked.slice(0, encoding.maxCategories ?? 64).sort();
  let missing: number | null = null;
  if (encoding.missing === 'most-frequent' && ranked.length > 0) missing = kept.indexOf(ranked[0]!);
  if (encoding.missing === 'category' && column.codes.includes(-1)) {
    if (!kept.includes(MISSING_CATEGORY)) kept.push(MISSING_CATEGORY);
    missing = kept.indexOf(MISSING_CATEGORY);
  }
  return { kind: 'one-hot', input: column.name, categories: kept, missing, width: kept.length };
}

const MISSING_CATEGORY = '(missing)';

function checkFinite(name: string, present: Float64Array): void {
  if (present.every(Number.isFinite)) return;
  throw errors.invalid(
    'LEARNING.NOT_FINITE',
    `Column "${name}" holds infinite values, which this learner can not take; clip or drop them.`,
    { details: { column: name } },
  );
}
