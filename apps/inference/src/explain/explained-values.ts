import type { ModelDescriptor, TelemetryColumn } from '@steward/contracts';
import type { InputColumn } from '../engines/engine';
import type { ExplainedValue } from './explanation';

/** A value of a request's column as people write it. */
export function valueIn(
  columns: readonly InputColumn[],
  inputs: ModelDescriptor['inputs'],
): (input: number, row: number) => ExplainedValue {
  return (input, row) => {
    const value = columns[input]!.values[row]!;
    if (typeof value !== 'number') return value;
    if (Number.isNaN(value)) return null;
    if (inputs[input]!.kind === 'boolean') return value === 1;
    // JSON has no infinities.
    return Number.isFinite(value) ? value : String(value);
  };
}

/** One row of a logged column as the engines take it: the opposite of `telemetryColumn`. */
export function inputColumn(
  { numbers, texts, missing }: TelemetryColumn,
  kind: ModelDescriptor['inputs'][number]['kind'],
  row: number,
): InputColumn {
  if (kind !== 'categorical') return { kind: 'numbers', values: Float64Array.of(numbers[row] ?? Number.NaN) };
  return { kind: 'texts', values: [missing.includes(row) ? null : (texts[row] ?? null)] };
}
