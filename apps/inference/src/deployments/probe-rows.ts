import type { ModelDescriptor } from '@steward/contracts';
import { errors } from '@steward/kernel';
import type { ReferenceProfile } from '@steward/statistics';
import type { Engine, InputColumn } from '../engines/engine';

/** Rows of a probe. */
export const PROBE_ROWS = 64;

/** Rows like those that the model was trained on: limits of the reference's bins and its categories, missing ones too. */
export function probeRows({ inputs }: ModelDescriptor, reference: ReferenceProfile | null): InputColumn[] {
  return inputs.map(({ name, kind }) => {
    const column = reference?.columns.find((one) => one.name === name);
    if (kind === 'categorical') {
      const texts = [null, ...(column?.kind === 'categorical' ? column.categories : [])];
      return {
        kind: 'texts',
        values: Array.from({ length: PROBE_ROWS }, (_, row) => texts[row % texts.length]!),
      };
    }
    const known = column?.kind === 'numeric' ? [...column.edges, column.min, column.max] : [0, 1];
    const numbers = [
      Number.NaN,
      ...known.filter((value) => value !== null && Number.isFinite(value)),
    ] as number[];
    return {
      kind: 'numbers',
      values: Float64Array.from({ length: PROBE_ROWS }, (_, row) => numbers[row % numbers.length]!),
    };
  });
}

/**
 * Lets an engine score the probe before it gets traffic, as one batch and row by row, so that its code is compiled and
 * its memory is there. Throws AppError `INFERENCE.PROBE_FAILED` where what comes out are no probabilities.
 */
export async function warmUp(
  engine: Engine,
  { classes }: ModelDescriptor,
  rows: readonly InputColumn[],
): Promise<void> {
  const probabilities = await engine.score(rows, PROBE_ROWS);
  const sound =
    probabilities.length === PROBE_ROWS * classes.length &&
    probabilities.every((value) => value >= 0 && value <= 1);
  if (!sound) {
    throw errors.invalid(
      'INFERENCE.PROBE_FAILED',
      'The model answers rows like those that it was trained on with what are no probabilities of its classes.',
    );
  }
  for (let row = 0; row < PROBE_ROWS; row++)
    await engine.score(
      rows.map((column) => oneRow(column, row)),
      1,
    );
}

const oneRow = (column: InputColumn, row: number): InputColumn =>
  column.kind === 'numbers'
    ? { kind: 'numbers', values: column.values.slice(row, row + 1) }
    : { kind: 'texts', values: column.values.slice(row, row + 1) };
