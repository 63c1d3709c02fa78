import type { GraphSignature, GraphValues } from '@steward/onnx';

/** Rows of every size that matter: one, a few, and more than one batch. */
export const PROBE_ROWS = 65;

const NUMBERS = [0, 1, -1, 3, 100, -7, 1_000_000, 12];
const TEXTS = ['a', '', 'yes', 'no', 'a text that no model has seen', 'ä€'];
const DAY_MS = 86_400_000;

/** Values that any model of such columns must answer: whole numbers, so that integers take them, and texts of all kinds. */
export function probeColumns(signature: GraphSignature, rows = PROBE_ROWS): GraphValues[] {
  return signature.inputs.map(({ kind }, column): GraphValues => {
    if (kind === 'categorical') {
      return {
        kind: 'texts',
        values: Array.from({ length: rows }, (_, row) => TEXTS[(row + column) % TEXTS.length]!),
      };
    }
    const value = (row: number): number => {
      const at = row * 3 + column;
      if (kind === 'boolean') return at % 2;
      return kind === 'time' ? at * DAY_MS : NUMBERS[at % NUMBERS.length]!;
    };
    return { kind: 'numbers', values: Float64Array.from({ length: rows }, (_, row) => value(row)) };
  });
}

/** One row of the probe by itself. */
export function rowOf(columns: readonly GraphValues[], row: number): GraphValues[] {
  return columns.map((column) =>
    column.kind === 'texts'
      ? { kind: 'texts', values: column.values.slice(row, row + 1) }
      : { kind: 'numbers', values: column.values.slice(row, row + 1) },
  );
}
