import type { ObjectStore } from '@steward/artifacts';
import { errors } from '@steward/kernel';
import { decodeActions, encodeActions, type DeltaAction } from './delta-actions';
import { DeltaState } from './delta-state';

const COMMIT = /\/(\d{20})\.json$/;

/** The commit files of a table: `_delta_log/00000000000000000000.json` and on. */
export class DeltaLog {
  constructor(private readonly objects: ObjectStore) {}

  /** Versions in order. Throws DELTA.CORRUPT where one is missing. */
  async versions(path: string): Promise<number[]> {
    const names = await this.objects.list(`${path}/_delta_log`);
    const versions = names.flatMap((name) => {
      const digits = COMMIT.exec(name)?.[1];
      return digits === undefined ? [] : [Number(digits)];
    });
    const gap = versions.findIndex((version, at) => version !== at);
    if (gap >= 0) {
      throw errors.internal(
        'DELTA.CORRUPT',
        `The log of table ${path} lacks the commit file of version ${gap}.`,
      );
    }
    return versions;
  }

  async read(path: string, version: number): Promise<DeltaAction[]> {
    const name = fileOf(path, version);
    return decodeActions(await this.objects.get(name), name);
  }

  /** The table at a version (default its newest), or null where there is no table. Throws DELTA.VERSION_NOT_FOUND. */
  async state(path: string, version?: number): Promise<DeltaState | null> {
    const versions = await this.versions(path);
    const newest = versions.length - 1;
    if (newest < 0) return null;
    const wanted = version ?? newest;
    if (!Number.isInteger(wanted) || wanted < 0 || wanted > newest) {
      throw errors.notFound(
        'DELTA.VERSION_NOT_FOUND',
        `The table has versions 0 to ${newest}, not ${wanted}.`,
        {
          details: { path, version: wanted, newest },
        },
      );
    }
    const state = new DeltaState();
    for (let at = 0; at <= wanted; at += 1) state.apply(at, await this.read(path, at));
    return state;
  }

  /**
   * Writes a commit file anew, in one step. Against the protocol, which calls the log immutable, and for one purpose:
   * erasure must leave no version that names what it destroyed. Readers that hold the old file's content see the
   * data file gone and read again.
   */
  async replace(path: string, version: number, actions: readonly DeltaAction[]): Promise<void> {
    await this.objects.put(fileOf(path, version), encodeActions(actions));
  }

  /** False if another writer has taken that version. */
  async commit(path: string, version: number, actions: readonly DeltaAction[]): Promise<boolean> {
    return this.objects.putIfAbsent(fileOf(path, version), encodeActions(actions));
  }
}

function fileOf(path: string, version: number): string {
  return `${path}/_delta_log/${String(version).padStart(20, '0')}.json`;
}
