import type { DeltaRows } from '@steward/delta';
import { sha256 } from '@steward/kernel';
import type { SystemColumnNames } from './experiment-rows';

/** Who was left out of a training, for the evaluation: a count, and a digest by which the same list is known again. */
export interface LeftOut {
  readonly subjects: number;
  readonly rows: number;
  /** SHA-256 over the sorted pseudonyms, one a line, of those whose rows were left out. */
  readonly digest: string;
}

/**
 * A dataset version's rows as training may use them: without those of subjects who are left out, in order of (batch, row),
 * in which a rectified version does not lie. `leftOut` null: nobody was.
 */
export function trainingRows(
  table: DeltaRows,
  leftOut: readonly string[],
  system: SystemColumnNames,
): { table: DeltaRows; leftOut: LeftOut | null } {
  const barred = new Set(leftOut);
  const subjects = table.columns[system.subject] ?? [];
  const found = new Set<string>();
  const kept: number[] = [];
  for (let row = 0; row < table.rows; row += 1) {
    const subject = subjects[row];
    if (typeof subject === 'string' && barred.has(subject)) found.add(subject);
    else kept.push(row);
  }
  const batch = (table.columns[system.batch] ?? []).map(Number);
  const place = (table.columns[system.row] ?? []).map(Number);
  const order = (left: number, right: number): number =>
    batch[left]! - batch[right]! || place[left]! - place[right]!;
  const sorted = kept.every((row, at) => at === 0 || order(kept[at - 1]!, row) <= 0);
  if (sorted && kept.length === table.rows) return { table, leftOut: null };
  if (!sorted) kept.sort(order);
  const columns = Object.fromEntries(
    Object.entries(table.columns).map(([name, values]) => [name, kept.map((row) => values[row] ?? null)]),
  );
  const names = [...found].sort();
  return {
    table: { rows: kept.length, columns },
    leftOut:
      names.length === 0
        ? null
        : {
            subjects: names.length,
            rows: table.rows - kept.length,
            digest: sha256(names.map((name) => `${name}\n`).join('')),
          },
  };
}
