import type { CompactRange, CompletedNode, NodeId } from '@steward/audit-log';
import type { AuditEntry, AuditNote } from '@steward/contracts';
import type { UnitOfWork } from '@steward/database';
import type { GovernanceTables } from '../governance-tables';

type Unit = UnitOfWork<GovernanceTables>;

export interface LoggedEntry {
  readonly index: number;
  readonly entry: AuditEntry;
  /** Canonical bytes, as they were hashed. */
  readonly content: Buffer;
  readonly leaf: Buffer;
}

/** What of an entry stands in columns of its own, so that it can be searched. */
export interface EntryColumns {
  readonly entryId: string;
  readonly service: string;
  readonly project: string | null;
  readonly action: string;
  readonly actor: string;
  readonly objectKind: string;
  readonly objectId: string;
  readonly correlation: string;
}

/** What one transaction adds: entries, the inner nodes that they complete, and the tree afterwards. */
export interface LogGrowth {
  readonly entries: readonly LoggedEntry[];
  readonly nodes: readonly CompletedNode[];
  readonly tree: CompactRange;
}

export interface SignedHead {
  readonly size: number;
  readonly root: Buffer;
  readonly time: string;
  /** The checkpoint, a signed note. */
  readonly note: string;
}

/** What to look for; null fields are not asked for. */
export interface EntryQuery {
  /** Only entries of these projects (null: those that belong to none); undefined: all. */
  readonly projects?: readonly (string | null)[];
  readonly action: string | null;
  readonly actor: string | null;
  readonly object: string | null;
  readonly correlation: string | null;
  readonly from: string | null;
  readonly to: string | null;
  readonly limit: number;
  /** Index of the last entry of the page before. */
  readonly after: number | null;
  /** Default: in the order of the log. */
  readonly newestFirst?: boolean;
}

/** The audit log's tables. Abstract class = injection token. */
export abstract class AuditLogRepository {
  /** The tree as it stands, locked until the end of the transaction: whoever holds it is the one writer. */
  abstract lockTree(unit: Unit): Promise<CompactRange>;
  /** Those of these entry ids that stand in the log already. */
  abstract known(unit: Unit, entryIds: readonly string[]): Promise<ReadonlySet<string>>;
  abstract append(unit: Unit, growth: LogGrowth): Promise<void>;
  /** The tree as it was committed last. */
  abstract tree(): Promise<CompactRange>;
  /** Keeps a signed head, unless there is one of this size. */
  abstract addHead(head: SignedHead): Promise<void>;
  /** Adds a witness's line to the head of this size. */
  abstract addCosignature(size: number, line: string): Promise<void>;
  /** The newest signed head. */
  abstract head(): Promise<SignedHead | null>;
  abstract find(index: number): Promise<LoggedEntry | null>;
  abstract search(query: EntryQuery): Promise<(LoggedEntry & { readonly note: AuditNote | null })[]>;
  /** Entries from..to (exclusive), in order. */
  abstract read(from: number, to: number): Promise<LoggedEntry[]>;
  /** The same with what their columns say, unparsed: for the check of what is stored. */
  abstract readStored(
    from: number,
    to: number,
  ): Promise<(Omit<LoggedEntry, 'entry'> & { columns: EntryColumns })[]>;
  /** Signed heads of sizes from..to, thinned so that each is at least `step` entries after the one before. */
  abstract heads(from: number, to: number, step: number): Promise<SignedHead[]>;
  /** Hashes of complete nodes, in the order asked for; level 0 are leaves. Throws `AUDIT.TAMPERED` where one is missing. */
  abstract nodes(ids: readonly NodeId[]): Promise<Buffer[]>;
}

/** The part of the entries that can be erased. */
export abstract class AuditNoteRepository {
  /** False if the entry has a note already. */
  abstract add(unit: Unit, note: AuditNote): Promise<boolean>;
}
