import { Random } from '../random/random';
import { take } from '../table/select-table';
import { type BinMapper, findThresholds } from './bin-mapper';
import { Binner } from './binner';

/** The features of a data set, one column at a time. Categorical features hold category codes; missing is NaN. */
export interface FeatureColumns {
  readonly rows: number;
  readonly features: readonly { readonly name: string; readonly categorical: boolean }[];
  /** The column's values, valid until the next call. */
  column(feature: number): Float64Array;
}

/**
 * Features as bins of one byte: the bin of row r and feature f is bins[(f >> 2) * 4 * rows + 4 * r + (f & 3)], that
 * is, four features side by side, for one read in the histogram loop.
 */
export interface BinnedData {
  readonly rows: number;
  readonly mappers: readonly BinMapper[];
  readonly bins: Uint8Array;
}

/** Rows from which thresholds are learned; more are sampled with a fixed seed. */
const SAMPLE_ROWS = 200_000;

/** One bin less than a byte allows beside missing values: the last is for categories unknown in training. */
const MOST_CATEGORY_BINS = 254;

/** Number of groups of four features. */
export const groupsOf = (features: number): number => Math.ceil(features / 4);

/** Learns bins of at most `maxBins` values for each feature and bins the rows. */
export function binFeatures(data: FeatureColumns, maxBins: number): BinnedData {
  const sample = data.rows > SAMPLE_ROWS ? new Random(1).sample(SAMPLE_ROWS, data.rows) : null;
  const binner = new Binner(Math.min(data.rows, SAMPLE_ROWS));
  const bins = new Uint8Array(groupsOf(data.features.length) * data.rows * 4);
  const mappers = data.features.map(({ categorical }, f) => {
    const values = data.column(f);
    const mapper = categorical
      ? categoryMapper(values, maxBins)
      : numberMapper(values, maxBins, sample, binner);
    fill(values, mapper, bins, offsetOf(f, data.rows), binner);
    return mapper;
  });
  return { rows: data.rows, mappers, bins };
}

/** Bins other rows (a validation set) with bins that were learned before. */
export function binWith(data: FeatureColumns, mappers: readonly BinMapper[]): BinnedData {
  const binner = new Binner(0);
  const bins = new Uint8Array(groupsOf(mappers.length) * data.rows * 4);
  mappers.forEach((mapper, f) => fill(data.column(f), mapper, bins, offsetOf(f, data.rows), binner));
  return { rows: data.rows, mappers, bins };
}

const offsetOf = (feature: number, rows: number): number => (feature >> 2) * rows * 4 + (feature & 3);

function numberMapper(
  values: Float64Array,
  maxBins: number,
  sample: Int32Array | null,
  binner: Binner,
): BinMapper {
  const hasMissing = values.includes(NaN);
  const rows = sample ? take(values, sample) : values;
  const upper = findThresholds(
    binner.sort(hasMissing ? rows.filter((v) => !Number.isNaN(v)) : rows),
    maxBins,
  );
  const count = upper.length + 1;
  return { kind: 'numeric', values: count, missing: hasMissing ? count : -1, upper, pooled: false };
}

function categoryMapper(values: Float64Array, maxBins: number): BinMapper {
  let codes = 0;
  let hasMissing = false;
  for (const value of values) {
    if (Number.isNaN(value)) hasMissing = true;
    else if (value >= codes) codes = value + 1;
  }
  const count = Math.max(1, Math.min(codes, maxBins, MOST_CATEGORY_BINS));
  return {
    kind: 'categorical',
    values: count,
    missing: hasMissing ? count : -1,
    upper: new Float64Array(0),
    pooled: codes > count,
  };
}

function fill(
  values: Float64Array,
  mapper: BinMapper,
  bins: Uint8Array,
  offset: number,
  binner: Binner,
): void {
  // Rows that are missing where training rows were not go to a bin that no split puts left by itself.
  const missing = mapper.missing >= 0 ? mapper.missing : mapper.values;
  if (mapper.kind === 'numeric') {
    binner.bin(values, mapper.upper, missing, bins, offset);
    return;
  }
  const beyond = mapper.pooled ? mapper.values - 1 : mapper.values + 1;
  for (let i = 0, at = offset; i < values.length; i++, at += 4) {
    const value = values[i]!;
    bins[at] = Number.isNaN(value) ? missing : value < mapper.values ? value : beyond;
  }
}
