import { canonicalJson } from './canonical-json';
import { signCheckpoint } from './checkpoint';
import { CompactRange } from './compact-range';
import { checkpointLine, entryLine, headerLine } from './export-bundle';
import type { LogKey } from './log-key';
import { hashLeaf } from './merkle-hash';

/** Lines of a bundle over these entries, signed by the key after each `batch` of them and at the end. For tests. */
export function makeBundle(entries: readonly unknown[], key: LogKey, batch = 4): string[] {
  const tree = new CompactRange();
  const checkpoint = () =>
    checkpointLine(
      signCheckpoint({ size: tree.size, root: tree.root(), time: '2026-01-01T00:00:00.000Z' }, key),
    );
  const lines = [headerLine(key.verifier)];
  for (const [index, entry] of entries.entries()) {
    const content = canonicalJson(entry);
    const leaf = hashLeaf(content);
    tree.append(leaf);
    lines.push(entryLine({ content, index, leaf }));
    if (tree.size % batch === 0) lines.push(checkpoint());
  }
  if (tree.size % batch !== 0 || tree.size === 0) lines.push(checkpoint());
  return lines;
}

/** Entries such as governance logs, `count` of them. For tests. */
export const someEntries = (count: number): unknown[] =>
  Array.from({ length: count }, (_, n) => ({
    entryId: `e${n}`,
    action: 'run.start',
    details: { n, why: 'ö"\\' },
  }));
