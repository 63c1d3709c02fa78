import { CompactRange, type NodeId } from '@steward/audit-log';
import type { AuditNote } from '@steward/contracts';
import type { UnitOfWork } from '@steward/database';
import type { GovernanceTables } from '../governance-tables';
import {
  AuditLogRepository,
  type EntryColumns,
  type EntryQuery,
  type LogGrowth,
  type LoggedEntry,
  type SignedHead,
} from './audit-log.repository';
import { columnsOf } from './entry-columns';
import { tampered } from './log-integrity';

/** The log in memory, for tests. It writes at once, so a unit of work that fails after that is not undone. */
export class InMemoryAuditLogRepository extends AuditLogRepository {
  readonly stored: {
    index: number;
    content: Buffer;
    leaf: Buffer;
    columns: EntryColumns;
    entry: LoggedEntry['entry'];
  }[] = [];
  readonly inner = new Map<string, Buffer>();
  readonly notes = new Map<string, AuditNote>();
  signed: SignedHead[] = [];
  state = new CompactRange();

  lockTree(): Promise<CompactRange> {
    return Promise.resolve(copy(this.state));
  }

  tree(): Promise<CompactRange> {
    return Promise.resolve(copy(this.state));
  }

  known(_: UnitOfWork<GovernanceTables>, entryIds: readonly string[]): Promise<ReadonlySet<string>> {
    const stored = new Set(this.stored.map(({ entry }) => entry.entryId));
    return Promise.resolve(new Set(entryIds.filter((id) => stored.has(id))));
  }

  append(_: UnitOfWork<GovernanceTables>, { entries, nodes, tree }: LogGrowth): Promise<void> {
    for (const logged of entries) this.stored.push({ ...logged, columns: columnsOf(logged.entry) });
    for (const { level, index, hash } of nodes) this.inner.set(`${level}/${index}`, hash);
    this.state = copy(tree);
    return Promise.resolve();
  }

  addHead(head: SignedHead): Promise<void> {
    if (!this.signed.some(({ size }) => size === head.size)) this.signed.push(head);
    return Promise.resolve();
  }

  addCosignature(size: number, line: string): Promise<void> {
    this.signed = this.signed.map((head) =>
      head.size === size ? { ...head, note: head.note + line } : head,
    );
    return Promise.resolve();
  }

  head(): Promise<SignedHead | null> {
    return Promise.resolve(this.signed.toSorted((left, right) => right.size - left.size)[0] ?? null);
  }

  async find(index: number): Promise<LoggedEntry | null> {
    return (await this.read(index, index + 1))[0] ?? null;
  }

  search(query: EntryQuery): Promise<(LoggedEntry & { readonly note: AuditNote | null })[]> {
    const { after, newestFirst } = query;
    const found = (newestFirst ? this.stored.toReversed() : this.stored)
      .filter(({ index }) => after === null || (newestFirst ? index < after : index > after))
      .filter(({ entry }) => !query.projects || query.projects.includes(entry.project))
      .filter(({ entry }) => query.action === null || entry.action === query.action)
      .slice(0, query.limit);
    return Promise.resolve(found.map((row) => ({ ...row, note: this.notes.get(row.entry.entryId) ?? null })));
  }

  read(from: number, to: number): Promise<LoggedEntry[]> {
    return Promise.resolve(this.stored.filter(({ index }) => index >= from && index < to));
  }

  readStored(from: number, to: number) {
    return Promise.resolve(this.stored.filter(({ index }) => index >= from && index < to));
  }

  heads(from: number, to: number): Promise<SignedHead[]> {
    return Promise.resolve(this.signed.filter(({ size }) => size >= from && size <= to));
  }

  async nodes(ids: readonly NodeId[]): Promise<Buffer[]> {
    return ids.map(({ level, index }) => {
      const hash = level === 0 ? this.stored[index]?.leaf : this.inner.get(`${level}/${index}`);
      if (!hash) throw tampered(`node ${index} of level ${level} is missing.`);
      return hash;
    });
  }
}

const copy = (tree: CompactRange): CompactRange => new CompactRange(tree.size, tree.hashes);
