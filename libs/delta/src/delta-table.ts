import type { DeltaRows, DeltaSchema } from './delta-types';

export interface DeltaSnapshot {
  readonly version: number;
  readonly schema: DeltaSchema;
  readonly rows: number;
  /** Highest `txn` version by appId. */
  readonly transactions: Readonly<Record<string, number>>;
}

/** One commit as its log file tells it. */
export interface DeltaCommit {
  readonly version: number;
  /** Milliseconds since the epoch, by the writer's clock; null where the writer gave none. */
  readonly timestamp: number | null;
  readonly operation: string | null;
  readonly transactions: readonly { readonly appId: string; readonly version: number }[];
  /** Rows added by this commit. */
  readonly rows: number;
  /** What the writer gave as `info`; empty for commits of other writers. */
  readonly info: Readonly<Record<string, string | number>>;
}

/** What one append says. */
export interface DeltaAppend {
  /**
   * The rows' columns. Against the table's: a new column is added to it (older rows are null there), a column that is
   * left out or newly nullable becomes nullable, another type is refused.
   */
  readonly schema: DeltaSchema;
  readonly rows: DeltaRows;
  /** With `txnVersion` the name of this append: a whole number that grows by appId. */
  readonly appId: string;
  readonly txnVersion: number;
  /** Goes into commitInfo as `steward`; `history` gives it back. */
  readonly info: Readonly<Record<string, string | number>>;
}

/** Rows whose column has exactly this value. */
export interface RowMatch {
  readonly column: string;
  readonly value: string;
}

/** Rows whose column holds at most this number. */
export interface RowsUpTo {
  readonly column: string;
  readonly upTo: number;
}

/** One data file that erasure is about to replace. */
export interface FileErasure {
  /** Name in the table's folder. */
  readonly file: string;
  readonly oldDigest: string;
  /** Null: no row is left. */
  readonly newFile: string | null;
  readonly newDigest: string | null;
  /** The rows that go, with all columns of the file. */
  readonly rows: DeltaRows;
}

/** What one update says. */
export interface DeltaUpdate extends Omit<DeltaAppend, 'schema' | 'rows'> {
  readonly match: RowMatch;
  /** A file's rows with those at `matching` changed; of the same number and order. */
  readonly edit: (rows: DeltaRows, matching: readonly number[]) => DeltaRows;
}

/** What libs/delta offers: a Delta Lake table in an ObjectStore, readable by delta-rs, Spark and DuckDB as it is. */
export abstract class DeltaTables {
  /**
   * Appends rows as one commit by put-if-absent, with `txn {appId, version}`; creates the table at version 0 where
   * there is none. If the table already holds that txn version nothing is written and the version that did is returned.
   * Throws DELTA.INVALID_ROWS, DELTA.INVALID_COLUMN, DELTA.SCHEMA_MISMATCH, DELTA.TRANSACTION_PASSED (the appId has a
   * higher txn version but never had this one), DELTA.CONTENTION (retriable), DELTA.UNSUPPORTED, DELTA.CORRUPT.
   */
  abstract append(path: string, commit: DeltaAppend): Promise<{ version: number; appended: boolean }>;

  /** Null where there is no table. Throws DELTA.VERSION_NOT_FOUND. */
  abstract snapshot(path: string, version?: number): Promise<DeltaSnapshot | null>;

  /**
   * Rows of exactly that version in commit order; `columns` limits what is read.
   * Throws DELTA.NOT_FOUND, DELTA.VERSION_NOT_FOUND, DELTA.UNKNOWN_COLUMN.
   */
  abstract read(path: string, options: { version: number; columns?: readonly string[] }): Promise<DeltaRows>;

  /**
   * Changes matching rows as one commit: their files are replaced by edited ones, the versions before keep theirs. Same
   * terms as `append`: once a txn version, by put-if-absent. `updated` false: that txn version was committed before.
   * Throws DELTA.NOTHING_TO_UPDATE where no row matches, and what `append` throws.
   */
  abstract update(path: string, update: DeltaUpdate): Promise<{ version: number; updated: boolean }>;

  /**
   * Destroys matching rows in every version: data files are written anew without them and the log names those. For the
   * right to erasure and for retention; nothing else may change the past. `before` is called for each file while its old bytes are still
   * there; what it wrote down is true whether or not a crash follows. Called again it goes on where it stopped, and
   * deletes data files that no version names. The caller makes sure that nobody writes to the table meanwhile.
   */
  abstract erase(
    path: string,
    match: RowMatch | RowsUpTo,
    before: (erasure: FileErasure) => Promise<void>,
  ): Promise<void>;

  /** All commits, oldest first, from version `since` on (default 0); empty where there is no table. */
  abstract history(path: string, options?: { since?: number }): Promise<DeltaCommit[]>;
}
