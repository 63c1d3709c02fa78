import type { DeltaRows, DeltaSchema } from './delta-types';

export interface DeltaSnapshot {
  readonly version: number;
  readonly schema: DeltaSchema;
  readonly rows: number;
  /** Highest `txn` version by appId. */
  readonly transactions: Readonly<Record<string, number>>;
}

/** What libs/delta offers: a Delta Lake table in an ObjectStore, readable by delta-rs, Spark and DuckDB as it is. */
export abstract class DeltaTables {
  /**
   * Appends rows as one commit by put-if-absent, with `txn {appId, version}`; creates the table at version 0 where
   * there is none. If the table already holds that txn version nothing is written and the version that did is returned.
   */
  abstract append(
    path: string,
    commit: {
      schema: DeltaSchema;
      rows: DeltaRows;
      appId: string;
      txnVersion: number;
      /** Goes into commitInfo. */
      info: Readonly<Record<string, string | number>>;
    },
  ): Promise<{ version: number; appended: boolean }>;

  abstract snapshot(path: string, version?: number): Promise<DeltaSnapshot | null>;

  /** Rows of exactly that version in commit order; `columns` limits what is read. */
  abstract read(path: string, options: { version: number; columns?: readonly string[] }): Promise<DeltaRows>;
}
