import { clipped, type FittedEncoder, type Table } from '@steward/learning';

import { lastDouble } from '../pipeline/neighbours';
import { spread } from './table-rows';

/** A value of an input at which something changes. */
export interface InputThreshold {
  readonly input: string;
  readonly value: number;
}

type NumberEncoder = Extract<FittedEncoder, { kind: 'number' }>;
type DatePartsEncoder = Extract<FittedEncoder, { kind: 'date-parts' }>;

/** Times of the table whose date parts' beginnings are tried, for each encoder. */
const TIMES = 20;
const MINUTE = 60_000;
const HOUR = 3_600_000;
const DAY = 86_400_000;

/** The last double whose encoded value is at most a threshold, to the bit, whatever clipping and scaling round. */
export function inputThreshold({ clip, center, scale }: NumberEncoder, threshold: number): number {
  const encode = (value: number): number => ((clip ? clipped(value, clip) : value) - center) / scale;
  // Scales are positive in every pipeline that was learned; another cannot be searched in this direction.
  return scale > 0 ? lastDouble((value) => encode(value) <= threshold) : threshold * scale + center;
}

/** Where encoders themselves change: the ends of clipping, the edges of bins, the beginnings of date parts. */
export function encoderThresholds(encoders: readonly FittedEncoder[], table: Table): InputThreshold[] {
  return encoders.flatMap((encoder) =>
    thresholdsOf(encoder, table).map((value) => ({ input: encoder.input, value })),
  );
}

function thresholdsOf(encoder: FittedEncoder, table: Table): readonly number[] {
  switch (encoder.kind) {
    case 'number':
      return encoder.clip ?? [];
    case 'bins':
      return encoder.edges;
    case 'date-parts':
      return dateThresholds(encoder, table);
    case 'one-hot':
    case 'ordinal':
    case 'lookup':
    case 'hashing':
      return [];
  }
}

function dateThresholds({ input, parts }: DatePartsEncoder, table: Table): number[] {
  const column = table.columns.find(({ name }) => name === input);
  if (column?.kind !== 'time') return [];
  const times = spread(
    Int32Array.from(column.values.keys()).filter((row) => Number.isFinite(column.values[row])),
    TIMES,
  );
  return Array.from(times).flatMap((row) => parts.map((part) => beginningOf(part, column.values[row]!)));
}

function beginningOf(part: DatePartsEncoder['parts'][number], time: number): number {
  const day = Math.floor(time / DAY) * DAY;
  switch (part) {
    case 'minute':
      return Math.floor(time / MINUTE) * MINUTE;
    case 'hour':
      return Math.floor(time / HOUR) * HOUR;
    case 'day':
    case 'weekday':
      return day;
    case 'month':
      return new Date(day).setUTCDate(1);
    case 'year':
      return new Date(day).setUTCMonth(0, 1);
  }
}
