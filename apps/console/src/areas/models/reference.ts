/** A column of the reference that monitoring compares with (libs/statistics ReferenceProfile). */
export type ReferenceColumn = {
  readonly name: string;
  readonly counts: readonly number[];
  readonly missing: number;
  readonly rows: number;
} & (
  | { readonly kind: 'numeric'; readonly edges: readonly number[] }
  | { readonly kind: 'categorical'; readonly categories: readonly string[] }
);

export interface ReferenceAnswer {
  readonly columns: readonly ReferenceColumn[];
}

export interface Cell {
  readonly label: string;
  readonly count: number;
  readonly share: number;
}

const edge = (value: number): string => (Number.isInteger(value) ? String(value) : value.toPrecision(3));

function labels(column: ReferenceColumn): string[] {
  if (column.kind === 'categorical') return [...column.categories, 'other'];
  const { edges } = column;
  if (edges.length === 0) return ['all'];
  return column.counts.map((_, at) => {
    if (at === 0) return `below ${edge(edges[0]!)}`;
    if (at === edges.length) return `${edge(edges.at(-1)!)} or more`;
    return `${edge(edges[at - 1]!)} to ${edge(edges[at]!)}`;
  });
}

/** The cells of a column with their shares; missing values have a cell where there are any. */
export function cellsOf(column: ReferenceColumn): Cell[] {
  const names = labels(column);
  const cells = column.counts.map((count, at) => ({ label: names[at] ?? `cell ${at}`, count }));
  const kept =
    column.kind === 'categorical'
      ? cells.filter(({ label, count }) => label !== 'other' || count > 0)
      : cells;
  if (column.missing > 0) kept.push({ label: 'missing', count: column.missing });
  return kept.map((cell) => ({ ...cell, share: column.rows === 0 ? 0 : cell.count / column.rows }));
}
