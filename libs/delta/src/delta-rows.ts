import { errors } from '@steward/kernel';
import type { DeltaRows, DeltaSchema, DeltaType } from './delta-types';

export type DeltaValue = string | number | boolean | null;

const MATCHES: Readonly<Record<DeltaType, (value: DeltaValue) => boolean>> = {
  string: (value) => typeof value === 'string',
  double: (value) => typeof value === 'number',
  long: (value) => Number.isSafeInteger(value),
  boolean: (value) => typeof value === 'boolean',
  timestamp: (value) => Number.isSafeInteger(value) && Math.abs(value as number) <= 8.64e15,
};

function invalid(message: string, details: Record<string, unknown>): never {
  throw errors.invalid('DELTA.INVALID_ROWS', message, { details });
}

/** Throws DELTA.INVALID_ROWS unless the columns are those of the schema, equally long, and every value has its type. */
export function checkRows(schema: DeltaSchema, rows: DeltaRows): void {
  const names = new Set(schema.fields.map((field) => field.name));
  const foreign = Object.keys(rows.columns).find((name) => !names.has(name));
  if (foreign !== undefined)
    invalid(`The rows hold a column "${foreign}" that the schema lacks.`, { foreign });
  for (const { name, type, nullable } of schema.fields) {
    const values = rows.columns[name];
    if (!values || values.length !== rows.rows) {
      invalid(`The rows do not hold ${rows.rows} values of column "${name}".`, { column: name });
    }
    const fits = MATCHES[type];
    const wrong = values.findIndex((value) => (value === null ? !nullable : !fits(value)));
    if (wrong >= 0) {
      invalid(`Column "${name}" holds a value that is not a ${nullable ? 'nullable ' : ''}${type}.`, {
        column: name,
        index: wrong,
      });
    }
  }
}

/** Rows `from` to `to` (exclusive). */
export function sliceRows(rows: DeltaRows, from: number, to: number): DeltaRows {
  if (from === 0 && to >= rows.rows) return rows;
  const columns = Object.entries(rows.columns).map(
    ([name, values]) => [name, values.slice(from, to)] as const,
  );
  return { rows: Math.min(to, rows.rows) - from, columns: Object.fromEntries(columns) };
}

/**
 * `numRecords`, `nullCount` and, for numbers and times, `minValues` and `maxValues` of an add action. Texts are left
 * out: a log entry would repeat a person's value in the clear beside the file that erasure rewrites.
 */
export function statisticsOf(schema: DeltaSchema, rows: DeltaRows): string {
  const minValues: Record<string, number | string> = {};
  const maxValues: Record<string, number | string> = {};
  const nullCount: Record<string, number> = {};
  for (const { name, type } of schema.fields) {
    const present = (rows.columns[name] ?? []).filter((value) => value !== null);
    nullCount[name] = rows.rows - present.length;
    const range = type === 'string' || type === 'boolean' ? null : rangeOf(present as number[]);
    if (!range) continue;
    const write = (value: number): number | string =>
      type === 'timestamp' ? new Date(value).toISOString() : value;
    minValues[name] = write(range.min);
    maxValues[name] = write(range.max);
  }
  return JSON.stringify({ numRecords: rows.rows, minValues, maxValues, nullCount });
}

/** Null where a value has no place in an order or in JSON. */
function rangeOf(values: readonly number[]): { min: number; max: number } | null {
  let [min, max] = [Infinity, -Infinity];
  for (const value of values) {
    if (!Number.isFinite(value)) return null;
    if (value < min) min = value;
    if (value > max) max = value;
  }
  return min <= max ? { min, max } : null;
}
