import { errors } from '@steward/kernel';
import type { AddFile, DeltaAction, MetaData } from './delta-actions';

/** What a table is after its commits up to `version`, replayed in order. */
export class DeltaState {
  version = -1;
  metaData: MetaData | null = null;
  /** Live files in the order in which they were added. */
  readonly files = new Map<string, AddFile>();
  /** By appId: which table version committed which txn version. */
  private readonly committed = new Map<string, Map<number, number>>();

  /** Applies one commit. Throws DELTA.UNSUPPORTED for a table that needs a newer reader. */
  apply(version: number, actions: readonly DeltaAction[]): void {
    for (const action of actions) {
      if (action.protocol && action.protocol.minReaderVersion > 1) throw unsupported(action.protocol);
      if (action.metaData) this.metaData = action.metaData;
      if (action.remove) this.files.delete(action.remove.path);
      if (action.add) this.files.set(action.add.path, action.add);
      if (action.txn) this.commit(action.txn, version);
    }
    this.version = version;
  }

  /** Highest txn version by appId. */
  transactions(): Record<string, number> {
    return Object.fromEntries([...this.committed].map(([appId, seen]) => [appId, Math.max(...seen.keys())]));
  }

  /**
   * The table version that committed this txn version, or null. Throws DELTA.TRANSACTION_PASSED if the appId has gone
   * beyond it without ever committing it: by the protocol a writer must then not commit it any more.
   */
  committedBy(appId: string, txnVersion: number): number | null {
    const seen = this.committed.get(appId);
    if (!seen) return null;
    const by = seen.get(txnVersion);
    if (by !== undefined) return by;
    if (Math.max(...seen.keys()) < txnVersion) return null;
    throw errors.conflict(
      'DELTA.TRANSACTION_PASSED',
      `The table holds a later transaction of ${appId} than ${txnVersion}, which it never committed.`,
      { details: { appId, txnVersion } },
    );
  }

  private commit(txn: { appId: string; version: number }, version: number): void {
    const seen = this.committed.get(txn.appId) ?? new Map<number, number>();
    seen.set(txn.version, version);
    this.committed.set(txn.appId, seen);
  }
}

const unsupported = (protocol: { minReaderVersion: number }): Error =>
  errors.invalid(
    'DELTA.UNSUPPORTED',
    `The table needs a Delta reader of version ${protocol.minReaderVersion}; Steward's is of version 1.`,
    { details: { ...protocol } },
  );
