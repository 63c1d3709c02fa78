import type { ContractColumn, DatasetContract } from '@steward/contracts';

export type CellValue = string | number | boolean | null;

/** Rules by which one value can be refused. */
export type ValueRule = 'nullability' | 'type' | 'range' | 'allowed' | 'maxLength';
export type ValueResult = { readonly value: CellValue } | { readonly rule: ValueRule };

/** Longest text of a string column unless its contract says otherwise, in characters. */
export const DEFAULT_MAX_LENGTH = 1000;

const NUMBER = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/;
const INTEGER = /^[+-]?\d+$/;
const TIME =
  /^(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2})(?:\.(\d{1,9}))?)?(Z|[+-]\d{2}:?\d{2})?)?$/;
const BOOLEANS: Readonly<Record<string, boolean>> = { true: true, false: false, '1': true, '0': false };

const broken = (rule: ValueRule): ValueResult => ({ rule });

/**
 * A field's value under its column. An empty field is missing. Numbers are decimal with a point, booleans true, false, 1
 * or 0, times ISO 8601 (without a zone: UTC) and become milliseconds. Texts are taken as they are.
 */
export function columnValue(
  column: ContractColumn,
  text: string | null,
  allowed: ReadonlySet<string> | null,
): ValueResult {
  if (text === null || text === '') return column.nullable ? { value: null } : broken('nullability');
  switch (column.type) {
    case 'string':
      if (tooLong(text, column.maxLength ?? DEFAULT_MAX_LENGTH)) return broken('maxLength');
      return allowed && !allowed.has(text) ? broken('allowed') : { value: text };
    case 'boolean': {
      const value = BOOLEANS[text.toLowerCase()];
      if (value === undefined) return broken('type');
      return allowed && !allowed.has(String(value)) ? broken('allowed') : { value };
    }
    case 'number':
    case 'integer': {
      const value = numberOf(text, column.type === 'integer');
      return value === null ? broken('type') : inRange(column, value) ? { value } : broken('range');
    }
    case 'timestamp': {
      const value = timeOf(text);
      return value === null ? broken('type') : { value };
    }
  }
}

/** The closed set of a column's values: its own, and for the label the two that a decision can have. */
export function allowedValues(contract: DatasetContract, column: ContractColumn): ReadonlySet<string> | null {
  if (column.name === contract.label.column)
    return new Set([contract.label.positive, contract.label.negative]);
  return column.allowed ? new Set(column.allowed) : null;
}

function tooLong(text: string, most: number): boolean {
  return text.length > most && Array.from(text).length > most;
}

function numberOf(text: string, whole: boolean): number | null {
  if (!(whole ? INTEGER : NUMBER).test(text)) return null;
  const value = Number(text);
  if (whole ? !Number.isSafeInteger(value) : !Number.isFinite(value)) return null;
  // One zero: -0 would have another digest.
  return value === 0 ? 0 : value;
}

function inRange({ min, max }: ContractColumn, value: number): boolean {
  return (min === undefined || value >= min) && (max === undefined || value <= max);
}

/** Milliseconds since the epoch, or null where the text is no moment (30 February, 25 o'clock). */
function timeOf(text: string): number | null {
  const parts = TIME.exec(text);
  if (!parts) return null;
  const [, year, month, day, hour = '00', minute = '00', second = '00', fraction = '', zone = 'Z'] = parts;
  const millis = fraction.padEnd(3, '0').slice(0, 3);
  const local = `${year}-${month}-${day}T${hour}:${minute}:${second}.${millis}Z`;
  const at = Date.parse(local);
  if (Number.isNaN(at) || new Date(at).toISOString() !== local) return null;
  if (zone === 'Z') return at;
  const [hours, minutes] = [Number(zone.slice(1, 3)), Number(zone.slice(-2))];
  if (hours > 14 || minutes > 59) return null;
  return at - (zone.startsWith('-') ? -1 : 1) * (hours * 60 + minutes) * 60_000;
}
