import { Injectable } from '@nestjs/common';
import { CompactRange, hashLeaf, LogKey } from '@steward/audit-log';
import type { AuditEntry } from '@steward/contracts';
import {
  AuditLogRepository,
  type EntryColumns,
  type LoggedEntry,
  type SignedHead,
} from './audit-log.repository';
import { columnsOf } from './entry-columns';
import { tampered } from './log-integrity';
import { requireSigned } from './sign-head';

const PAGE = 1_000;

/** Reads the whole stored log and compares it with its hashes, its tree and the head that was signed last. */
@Injectable()
export class CheckLog {
  constructor(
    private readonly log: AuditLogRepository,
    private readonly key: LogKey,
  ) {}

  /** How many entries were checked. Throws `AUDIT.TAMPERED` with the first thing that does not fit. */
  async check(): Promise<number> {
    const head = await this.log.head();
    requireSigned(head, this.key.verifier);
    const found = new CompactRange();
    requireHead(head, found);
    await this.readOn(found, head, Number.POSITIVE_INFINITY);
    // Read after the entries: another process may still be committing, and then the tree is ahead of them.
    const tree = await this.log.tree();
    await this.readOn(found, head, tree.size);
    if (head && head.size > found.size)
      throw tampered(`it has ${found.size} entries, and a signed head vouches for ${head.size}.`);
    if (found.size !== tree.size || !found.root().equals(tree.root()))
      throw tampered(`the stored tree of ${tree.size} entries does not belong to the ${found.size} entries.`);
    return found.size;
  }

  private async readOn(found: CompactRange, head: SignedHead | null, upTo: number): Promise<void> {
    while (found.size < upTo) {
      const page = await this.log.readStored(found.size, Math.min(upTo, found.size + PAGE));
      if (page.length === 0) return;
      for (const stored of page) {
        requireEntry(stored, found.size);
        found.append(stored.leaf);
        requireHead(head, found);
      }
    }
  }
}

function requireEntry(
  stored: Omit<LoggedEntry, 'entry'> & { readonly columns: EntryColumns },
  index: number,
): void {
  if (stored.index !== index) throw tampered(`entry ${index} is missing.`);
  if (!hashLeaf(stored.content).equals(stored.leaf)) throw tampered(`entry ${index} was changed.`);
  const columns = columnsOf(JSON.parse(stored.content.toString('utf8')) as AuditEntry);
  for (const [name, value] of Object.entries(columns))
    if (stored.columns[name as keyof EntryColumns] !== value)
      throw tampered(`the column ${name} of entry ${index} was changed.`);
}

function requireHead(head: SignedHead | null, found: CompactRange): void {
  if (head?.size === found.size && !head.root.equals(found.root()))
    throw tampered(`its first ${head.size} entries are not those of the signed head.`);
}
