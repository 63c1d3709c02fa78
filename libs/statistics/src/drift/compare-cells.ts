import type { ColumnCounts } from '../reference/column-counter';
import type { ReferenceColumn } from '../reference/reference-profile';
import type { CellComparison } from './drift-report';

/** Sets a column's cells side by side; the last cell is `missing`. */
export function compareCells(
  column: ReferenceColumn,
  current: ColumnCounts,
  psi: Float64Array,
  jensenShannon: Float64Array,
): CellComparison[] {
  const cells = [...column.counts, column.missing];
  return cells.map((referenceCount, i) => {
    const currentCount = i < current.counts.length ? current.counts[i]! : current.missing;
    return {
      ...nameOf(column, i),
      referenceCount,
      currentCount,
      referenceShare: column.rows === 0 ? 0 : referenceCount / column.rows,
      currentShare: current.rows === 0 ? 0 : currentCount / current.rows,
      psiContribution: psi[i]!,
      jensenShannonContribution: jensenShannon[i]!,
    };
  });
}

function nameOf(column: ReferenceColumn, cell: number): Pick<CellComparison, 'label' | 'kind'> {
  if (cell === column.counts.length) return { label: 'missing', kind: 'missing' };
  if (column.kind === 'categorical') {
    const category = column.categories[cell];
    return category === undefined ? { label: 'other', kind: 'other' } : { label: category, kind: 'category' };
  }
  return { label: binLabel(column.edges, cell), kind: 'bin' };
}

function binLabel(edges: readonly number[], bin: number): string {
  const from = bin === 0 ? undefined : shortNumber(edges[bin - 1]!);
  const to = bin === edges.length ? undefined : shortNumber(edges[bin]!);
  if (from === undefined) return to === undefined ? 'all' : `< ${to}`;
  return to === undefined ? `>= ${from}` : `${from} to ${to}`;
}

function shortNumber(value: number): string {
  return String(Number(value.toPrecision(6)));
}
