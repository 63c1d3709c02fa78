import { errors } from '@steward/kernel';

/** The actions of the Delta protocol that Steward writes or understands (PROTOCOL.md of delta-io/delta, "Actions"). */
export interface AddFile {
  readonly path: string;
  readonly partitionValues: Readonly<Record<string, string | null>>;
  readonly size: number;
  readonly modificationTime: number;
  readonly dataChange: boolean;
  /** JSON text. */
  readonly stats?: string | null;
  readonly tags?: Readonly<Record<string, string>>;
  readonly deletionVector?: unknown;
}

/** A file that a version no longer holds; its bytes stay for the versions before. */
export interface RemoveFile {
  readonly path: string;
  readonly deletionTimestamp?: number;
  readonly dataChange?: boolean;
  readonly extendedFileMetadata?: boolean;
  readonly partitionValues?: Readonly<Record<string, string | null>>;
  readonly size?: number;
}

export interface MetaData {
  readonly id: string;
  readonly format: { readonly provider: string; readonly options: Readonly<Record<string, string>> };
  readonly schemaString: string;
  readonly partitionColumns: readonly string[];
  readonly configuration: Readonly<Record<string, string>>;
  readonly createdTime?: number;
}

export interface CommitInfo {
  readonly timestamp?: number;
  readonly operation?: string;
  readonly steward?: Readonly<Record<string, string | number>>;
  readonly [other: string]: unknown;
}

export interface Protocol {
  readonly minReaderVersion: number;
  readonly minWriterVersion: number;
}

export interface DeltaAction {
  readonly commitInfo?: CommitInfo;
  readonly protocol?: Protocol;
  readonly metaData?: MetaData;
  readonly txn?: { readonly appId: string; readonly version: number; readonly lastUpdated?: number };
  readonly add?: AddFile;
  readonly remove?: RemoveFile;
}

/** One action a line, as a commit file holds them. */
export function encodeActions(actions: readonly DeltaAction[]): Buffer {
  return Buffer.from(actions.map((action) => `${JSON.stringify(action)}\n`).join(''));
}

/** Throws DELTA.CORRUPT. `name` is the commit file's, for the message. */
export function decodeActions(bytes: Uint8Array, name: string): DeltaAction[] {
  return Buffer.from(bytes)
    .toString('utf8')
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => decodeAction(line, name));
}

function decodeAction(line: string, name: string): DeltaAction {
  try {
    const action: unknown = JSON.parse(line);
    if (typeof action === 'object' && action !== null) return action;
  } catch {
    // Falls through: what is not JSON is as wrong as JSON that is no object.
  }
  throw errors.internal('DELTA.CORRUPT', `The commit file ${name} holds a line that is not a JSON object.`);
}
