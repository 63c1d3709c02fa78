import type { FittedPipeline } from '../pipeline/fitted-pipeline';
import { predict, predictionWidth } from '../pipeline/predict';
import { columnOf } from '../table/select-table';
import type { Column, Table } from '../table/table';
import { type Cell, constantColumn, withColumns } from './cell';

/** How the mean prediction moves with one input. */
export interface PartialDependence {
  readonly input: string;
  readonly grid: readonly Cell[];
  readonly width: number;
  /** Mean prediction over the table's rows with the input set to each grid value, row-major [grid, width]. */
  readonly values: Float64Array;
}

/**
 * Partial dependence (Friedman 2001) of a fitted pipeline on an input, over the rows of a table. The grid is given or
 * made: up to `points` (default 20) quantiles of a number, every category, false and true.
 */
export function partialDependence(
  fitted: FittedPipeline,
  table: Table,
  input: string,
  options: { readonly grid?: readonly Cell[]; readonly points?: number } = {},
): PartialDependence {
  const column = columnOf(table, input);
  const grid = options.grid ?? gridOf(column, options.points ?? 20);
  const width = predictionWidth(fitted);
  const values = new Float64Array(grid.length * width);
  grid.forEach((cell, g) => {
    const predicted = predict(fitted, withColumns(table, [constantColumn(column, cell, table.rows)]));
    predicted.forEach((value, i) => {
      values[g * width + (i % width)]! += value / table.rows;
    });
  });
  return { input, grid, width, values };
}

/** Values of a column that stand for its range, ascending. */
export function gridOf(column: Column, points: number): Cell[] {
  if (column.kind === 'boolean') return [false, true];
  if (column.kind === 'categorical') return [...column.categories];
  const sorted = column.values.filter(Number.isFinite).sort();
  if (sorted.length === 0) return [];
  const at = (i: number): number => sorted[Math.round((i * (sorted.length - 1)) / Math.max(1, points - 1))]!;
  return [...new Set(Array.from({ length: points }, (_, i) => at(i)))];
}
