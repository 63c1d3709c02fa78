import type { ObjectStore } from '@steward/artifacts';
import { AppError, Clock, errors, sha256, SystemClock } from '@steward/kernel';
import { randomUUID } from 'node:crypto';
import type { AddFile, DeltaAction, MetaData, RemoveFile } from './delta-actions';
import { DeltaLog } from './delta-log';
import { checkRows, sliceRows, statisticsOf, type DeltaValue } from './delta-rows';
import { checkSchema, decodeSchema, encodeSchema, mergeSchema } from './delta-schema';
import type { DeltaState } from './delta-state';
import { DeltaRewrite } from './delta-rewrite';
import {
  DeltaTables,
  type DeltaAppend,
  type DeltaCommit,
  type DeltaSnapshot,
  type DeltaUpdate,
  type FileErasure,
  type RowMatch,
  type RowsUpTo,
} from './delta-table';
import type { DeltaField, DeltaRows, DeltaSchema } from './delta-types';
import { countParquetRows, decodeParquet, encodeParquet } from './parquet-file';

// A file is encoded in one go, and nothing else runs meanwhile: about a second for so many rows of thirty columns.
const ROWS_PER_FILE = 50_000;
/** Each try that fails means that another writer got one commit in, so this many writers may meet. */
const TRIES = 100;
const READ_TRIES = 5;
const MAX_FILE_BYTES = 1024 * 1024 * 1024;

/** Delta tables in an {@link ObjectStore}: protocol reader 1 and writer 2, no checkpoints, no partitions. */
export class ObjectStoreDeltaTables extends DeltaTables {
  private readonly log: DeltaLog;
  private readonly rewrite: DeltaRewrite;

  constructor(
    private readonly objects: ObjectStore,
    private readonly clock: Clock = new SystemClock(),
  ) {
    super();
    this.log = new DeltaLog(objects);
    this.rewrite = new DeltaRewrite(objects, this.log, clock);
  }

  async append(path: string, commit: DeltaAppend): Promise<{ version: number; appended: boolean }> {
    checkSchema(commit.schema);
    checkRows(commit.schema, commit.rows);
    let adds: AddFile[] | null = null;
    for (let tries = 0; tries < TRIES; tries += 1) {
      const state = await this.log.state(path);
      const done = state?.committedBy(commit.appId, commit.txnVersion) ?? null;
      if (done !== null) return { version: done, appended: false };
      const head = this.headOf(state, commit);
      adds ??= await this.writeFiles(path, commit);
      const version = (state?.version ?? -1) + 1;
      // A lost race is read again and tried at the next version: an append depends on nothing but the schema.
      const actions = [...head, ...adds.map((add) => ({ add }))];
      if (await this.log.commit(path, version, actions)) return { version, appended: true };
    }
    throw errors.unavailable('DELTA.CONTENTION', `Too many writers meet on table ${path}; try again.`);
  }

  async snapshot(path: string, version?: number): Promise<DeltaSnapshot | null> {
    const state = await this.log.state(path, version);
    if (!state) return null;
    let rows = 0;
    for (const file of state.files.values()) rows += await this.rowsOf(path, file);
    return { version: state.version, schema: schemaOf(state), rows, transactions: state.transactions() };
  }

  async read(path: string, options: { version: number; columns?: readonly string[] }): Promise<DeltaRows> {
    for (let tries = 1; ; tries += 1) {
      try {
        return await this.readOnce(path, options);
      } catch (error) {
        // Erasure replaced a file between our look at the log and at the file: the log now names its successor.
        if (!AppError.is(error) || error.code !== 'ARTIFACT.NOT_FOUND' || tries === READ_TRIES) throw error;
      }
    }
  }

  async update(path: string, update: DeltaUpdate): Promise<{ version: number; updated: boolean }> {
    for (let tries = 0; tries < TRIES; tries += 1) {
      const state = await this.log.state(path);
      const done = state?.committedBy(update.appId, update.txnVersion) ?? null;
      if (done !== null) return { version: done, updated: false };
      const changes: DeltaAction[] = [];
      for (const file of state?.files.values() ?? []) {
        const add = await this.rewrite.edited(path, file, update.match, update.edit);
        if (add) changes.push({ remove: removed(file, this.clock.now()) }, { add });
      }
      if (!state || changes.length === 0)
        throw errors.notFound('DELTA.NOTHING_TO_UPDATE', 'No row of the table matches.');
      const version = state.version + 1;
      if (await this.log.commit(path, version, [...this.updateHead(update), ...changes]))
        return { version, updated: true };
    }
    throw errors.unavailable('DELTA.CONTENTION', `Too many writers meet on table ${path}; try again.`);
  }

  erase(
    path: string,
    match: RowMatch | RowsUpTo,
    before: (erasure: FileErasure) => Promise<void>,
  ): Promise<void> {
    return this.rewrite.erase(path, match, before);
  }

  private updateHead({ appId, txnVersion, info }: DeltaUpdate): DeltaAction[] {
    const now = this.clock.now();
    const commitInfo = {
      timestamp: now,
      operation: 'UPDATE',
      operationParameters: {},
      isBlindAppend: false,
      engineInfo: 'steward',
      steward: info,
    };
    return [{ commitInfo }, { txn: { appId, version: txnVersion, lastUpdated: now } }];
  }

  private async readOnce(
    path: string,
    options: { version: number; columns?: readonly string[] },
  ): Promise<DeltaRows> {
    const state = await this.log.state(path, options.version);
    if (!state)
      throw errors.notFound('DELTA.NOT_FOUND', `There is no Delta table ${path}.`, { details: { path } });
    const fields = project(schemaOf(state), options.columns);
    const columns: Record<string, DeltaValue[]> = Object.fromEntries(fields.map(({ name }) => [name, []]));
    let rows = 0;
    for (const file of state.files.values()) {
      const part = await decodeParquet(await this.bytesOf(path, file), fields);
      rows += part.rows;
      for (const { name } of fields) {
        for (const value of part.columns[name] ?? []) columns[name]?.push(value);
      }
    }
    return { rows, columns };
  }

  async history(path: string, options: { since?: number } = {}): Promise<DeltaCommit[]> {
    const versions = (await this.log.versions(path)).slice(options.since ?? 0);
    const commits: DeltaCommit[] = [];
    for (const version of versions) commits.push(await this.commitOf(path, version));
    return commits;
  }

  private async commitOf(path: string, version: number): Promise<DeltaCommit> {
    const actions = await this.log.read(path, version);
    const info = actions.find((action) => action.commitInfo)?.commitInfo;
    let rows = 0;
    for (const { add } of actions) if (add) rows += await this.rowsOf(path, add);
    return {
      version,
      timestamp: info?.timestamp ?? null,
      operation: info?.operation ?? null,
      transactions: actions.flatMap(({ txn }) => (txn ? [{ appId: txn.appId, version: txn.version }] : [])),
      rows,
      info: info?.steward ?? {},
    };
  }

  /** All actions of a commit but its files. A new table, or one whose schema grows, gets its metaData first. */
  private headOf(state: DeltaState | null, { schema, appId, txnVersion, info }: DeltaAppend): DeltaAction[] {
    const now = this.clock.now();
    const before = state?.metaData ?? null;
    const merged = state && before ? mergeSchema(schemaOf(state), schema) : schema;
    const schemaString = encodeSchema(merged);
    const grown = state && before && encodeSchema(schemaOf(state)) !== schemaString;
    const commitInfo = {
      timestamp: now,
      operation: 'WRITE',
      operationParameters: { mode: 'Append', partitionBy: '[]' },
      isBlindAppend: true,
      engineInfo: 'steward',
      steward: info,
    };
    const metaData: MetaData | null = before
      ? grown
        ? { ...before, schemaString }
        : null
      : newMetaData(schemaString, now);
    return [
      { commitInfo },
      ...(state ? [] : [{ protocol: { minReaderVersion: 1, minWriterVersion: 2 } }]),
      ...(metaData ? [{ metaData }] : []),
      { txn: { appId, version: txnVersion, lastUpdated: now } },
    ];
  }

  /** A file's name holds the digest of its bytes and its transaction: the same append has the same files. */
  private async writeFiles(path: string, commit: DeltaAppend): Promise<AddFile[]> {
    const adds: AddFile[] = [];
    for (let from = 0; from < commit.rows.rows; from += ROWS_PER_FILE) {
      const rows = sliceRows(commit.rows, from, from + ROWS_PER_FILE);
      const bytes = encodeParquet(commit.schema, rows);
      const name = sha256(JSON.stringify([commit.appId, commit.txnVersion, from, sha256(bytes)])).slice(
        0,
        32,
      );
      const file = `part-${String(adds.length).padStart(5, '0')}-${name}.snappy.parquet`;
      await this.objects.putIfAbsent(`${path}/${file}`, bytes);
      adds.push({
        path: file,
        partitionValues: {},
        size: bytes.length,
        modificationTime: this.clock.now(),
        dataChange: true,
        stats: statisticsOf(commit.schema, rows),
      });
    }
    return adds;
  }

  private async rowsOf(path: string, file: AddFile): Promise<number> {
    const counted = (JSON.parse(file.stats ?? '{}') as { numRecords?: unknown }).numRecords;
    return typeof counted === 'number' ? counted : countParquetRows(await this.bytesOf(path, file));
  }

  private bytesOf(path: string, file: AddFile): Promise<Buffer> {
    return this.objects.get(`${path}/${decodeURIComponent(file.path)}`, { maxBytes: MAX_FILE_BYTES });
  }
}

function removed(file: AddFile, now: number): RemoveFile {
  return {
    path: file.path,
    deletionTimestamp: now,
    dataChange: true,
    extendedFileMetadata: true,
    partitionValues: {},
    size: file.size,
  };
}

function newMetaData(schemaString: string, now: number): MetaData {
  return {
    id: randomUUID(),
    format: { provider: 'parquet', options: {} },
    schemaString,
    partitionColumns: [],
    configuration: {},
    createdTime: now,
  };
}

function schemaOf(state: DeltaState): DeltaSchema {
  const metaData = state.metaData;
  if (!metaData) throw errors.internal('DELTA.CORRUPT', 'The log of the table holds no metaData.');
  if (metaData.partitionColumns.length > 0) {
    throw errors.invalid('DELTA.UNSUPPORTED', 'Steward does not read partitioned Delta tables.');
  }
  return decodeSchema(metaData.schemaString);
}

function project(schema: DeltaSchema, columns: readonly string[] | undefined): readonly DeltaField[] {
  if (!columns) return schema.fields;
  return columns.map((name) => {
    const found = schema.fields.find((field) => field.name === name);
    if (found) return found;
    throw errors.invalid('DELTA.UNKNOWN_COLUMN', `The table has no column "${name}".`, {
      details: { column: name },
    });
  });
}
