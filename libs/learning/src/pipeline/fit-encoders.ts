import { errors } from '@steward/kernel';
import type { CategoricalColumn, Column, Table } from '../table/table';
import { encodeColumn } from './encode';
import { type ColumnEncoding, type EncodingSpec, encodingOf } from './encoding-spec';
import type { FittedEncoder, PipelineInput } from './fitted-pipeline';

/** Inputs and encoders of a pipeline, before its predictor. */
export interface FittedEncoding {
  readonly inputs: readonly PipelineInput[];
  readonly encoders: readonly FittedEncoder[];
}

type NumberEncoding = Extract<ColumnEncoding, { kind: 'number' }>;
type OneHotEncoding = Extract<ColumnEncoding, { kind: 'one-hot' }>;

/** Learns the encoders of all columns from the rows of `table`. Throws LEARNING.NO_FEATURES if none is left. */
export function fitEncoders(
  table: Table,
  spec: EncodingSpec,
  defaults: Required<Omit<EncodingSpec, 'columns'>>,
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
  for (const column of table.columns) {
    const encoding = encodingOf(column, spec, defaults);
    if (encoding.kind === 'drop') continue;
    inputs.push({ name: column.name, kind: column.kind });
    encoders.push(fitEncoder(column, encoding));
  }
  if (encoders.length === 0) {
    throw errors.invalid('LEARNING.NO_FEATURES', 'No column is left to learn from.');
  }
  return { inputs, encoders };
}

function fitEncoder(column: Column, encoding: Exclude<ColumnEncoding, { kind: 'drop' }>): FittedEncoder {
  if (encoding.kind === 'number') return fitNumber(column, encoding);
  const ranked = rankCategories(column as CategoricalColumn);
  if (encoding.kind === 'one-hot') return fitOneHot(column as CategoricalColumn, ranked, encoding);
  return { kind: 'ordinal', input: column.name, categories: ranked, unknown: ranked.length, width: 1 };
}

function fitNumber(column: Column, encoding: NumberEncoding): FittedEncoder {
  const plain = { kind: 'number', input: column.name, fill: null, center: 0, scale: 1, width: 1 } as const;
  if ((encoding.impute ?? 'none') === 'none' && encoding.scale !== 'standard') return plain;
  const values = encodeColumn(plain, column);
  const present = values.filter((value) => !Number.isNaN(value));
  const fill = fillOf(present, encoding.impute ?? 'none');
  if (encoding.scale !== 'standard') return { ...plain, fill };
  checkFinite(column.name, present);
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

/** The categories that occur, most frequent first, ties by name. */
export function rankCategories(column: CategoricalColumn): string[] {
  const counts = new Int32Array(column.categories.length);
  for (const code of column.codes) if (code >= 0) counts[code]!++;
  const codes = [...counts.keys()].filter((code) => counts[code]! > 0);
  const byName = (a: string, b: string): number => (a < b ? -1 : 1);
  codes.sort((a, b) => counts[b]! - counts[a]! || byName(column.categories[a]!, column.categories[b]!));
  return codes.map((code) => column.categories[code]!);
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
