import type { CategoricalColumn } from '../table/table';

/** The categories that occur, most frequent first, ties by name. */
export function rankCategories(column: CategoricalColumn): string[] {
  const counts = new Int32Array(column.categories.length);
  for (const code of column.codes) if (code >= 0) counts[code]!++;
  const codes = [...counts.keys()].filter((code) => counts[code]! > 0);
  const byName = (a: string, b: string): number => (a < b ? -1 : 1);
  codes.sort((a, b) => counts[b]! - counts[a]! || byName(column.categories[a]!, column.categories[b]!));
  return codes.map((code) => column.categories[code]!);
}
