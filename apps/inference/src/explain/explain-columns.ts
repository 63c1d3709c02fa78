import { booleanColumn, categoricalColumn, createTable, numericColumn, timeColumn } from '@steward/learning';
import type { Column, FittedPipeline, Table } from '@steward/learning';
import type { ReferenceProfile } from '@steward/statistics';
import type { InputColumn } from '../engines/engine';

type InputKind = FittedPipeline['inputs'][number]['kind'];

/** Rows of the table that stands for a reference: enough for its quantiles. */
const REFERENCE_ROWS = 200;

/** Columns of a request, in the order of the inputs, as a table. */
export function tableOf(inputs: FittedPipeline['inputs'], columns: readonly InputColumn[]): Table {
  return createTable(inputs.map(({ name, kind }, i) => columnOf(name, kind, columns[i]!)));
}

function columnOf(name: string, kind: InputKind, { values }: InputColumn): Column {
  switch (kind) {
    case 'numeric':
      return numericColumn(name, values as Float64Array);
    case 'time':
      return timeColumn(name, values as Float64Array);
    case 'boolean':
      return booleanColumn(
        name,
        Array.from(values as Float64Array, (value) => (Number.isNaN(value) ? null : value === 1)),
      );
    case 'categorical':
      return categoricalColumn(name, values as readonly (string | null)[]);
  }
}

/**
 * A table whose columns are distributed like those of a reference, for counterfactuals: they take on values of a column
 * and measure changes by its spread, and never look at a row as a whole. It is made of bin limits and frequent
 * categories, so that nobody's value stands in it.
 */
export function referenceTable(inputs: FittedPipeline['inputs'], reference: ReferenceProfile): Table {
  return createTable(
    inputs.map(({ name, kind }) => {
      const column = reference.columns.find((one) => one.name === name);
      const texts = column?.kind === 'categorical' ? spread(column.categories) : spread([null]);
      if (kind === 'categorical') return categoricalColumn(name, texts);
      if (kind === 'boolean') return booleanColumn(name, spread([false, true]));
      const edges = column?.kind === 'numeric' ? column.edges : [];
      const numbers = edges.length > 0 ? quantiles(edges, column!.counts) : spread([null]);
      return kind === 'time' ? timeColumn(name, numbers) : numericColumn(name, numbers);
    }),
  );
}

const spread = <T>(values: readonly T[]): T[] =>
  Array.from({ length: REFERENCE_ROWS }, (_, row) => values[row % values.length]!);

/** Evenly spaced quantiles of binned values, straight within a bin; what lies beyond the outer limits stands on them. */
function quantiles(edges: readonly number[], counts: readonly number[]): number[] {
  const total = counts.reduce((sum, count) => sum + count, 0);
  return Array.from({ length: REFERENCE_ROWS }, (_, row) => {
    let left = ((row + 0.5) / REFERENCE_ROWS) * total;
    let bin = 0;
    while (bin < counts.length - 1 && left >= counts[bin]!) left -= counts[bin++]!;
    const low = edges[Math.max(0, bin - 1)]!;
    const high = edges[Math.min(edges.length - 1, bin)]!;
    return counts[bin]! > 0 ? low + (high - low) * Math.min(1, left / counts[bin]!) : low;
  });
}
