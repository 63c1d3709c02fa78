import type { ObjectStore } from '@steward/artifacts';
import { sha256, type Clock } from '@steward/kernel';
import type { AddFile, DeltaAction } from './delta-actions';
import type { DeltaLog } from './delta-log';
import { statisticsOf, type DeltaValue } from './delta-rows';
import { decodeSchema } from './delta-schema';
import type { FileErasure, RowMatch, RowsUpTo } from './delta-table';
import type { DeltaField, DeltaRows, DeltaSchema } from './delta-types';
import { decodeParquet, encodeParquet, parquetColumns } from './parquet-file';

/** A data file as it lies in the store. */
interface HeldFile {
  readonly bytes: Buffer;
  readonly schema: DeltaSchema;
  readonly rows: DeltaRows;
}

const MAX_FILE_BYTES = 1024 * 1024 * 1024;
const DATA_FILE = /\.parquet$/;
/** Tag of a file that erasure put in another's place. */
const REPLACES = 'steward.replaces';

/** Rewrites the data files of one table. Its caller is the table's only writer meanwhile. */
export class DeltaRewrite {
  constructor(
    private readonly objects: ObjectStore,
    private readonly log: DeltaLog,
    private readonly clock: Clock,
  ) {}

  /**
   * Takes the matching rows out of every data file of every version. A file gets its successor beside it; then the
   * commit that added it names the successor, in one step; then the old file goes. After a crash the same call goes on.
   */
  async erase(
    path: string,
    match: RowMatch | RowsUpTo,
    before: (erasure: FileErasure) => Promise<void>,
  ): Promise<void> {
    const fields = await this.everyField(path);
    await this.followSuccessors(path);
    for (const version of await this.log.versions(path)) {
      const actions = await this.log.read(path, version);
      const changed: ({ add: AddFile | null } | null)[] = [];
      for (const { add } of actions)
        changed.push(add ? await this.eraseFrom(path, add, fields, match, before) : null);
      if (changed.every((each) => each === null)) continue;
      const next = actions.flatMap((action, at): DeltaAction[] => {
        const change = changed[at];
        if (!change) return [action];
        return change.add ? [{ ...action, add: change.add }] : [];
      });
      await this.log.replace(path, version, next);
      await this.followSuccessors(path);
    }
    await this.deleteUnnamed(path);
  }

  /** The successor of a live file after `edit`, or null where no row matches. */
  async edited(
    path: string,
    file: AddFile,
    match: RowMatch,
    edit: (rows: DeltaRows, matching: readonly number[]) => DeltaRows,
  ): Promise<AddFile | null> {
    const held = await this.held(path, file, await this.everyField(path));
    const matching = matchingRows(held.rows, match);
    if (matching.length === 0) return null;
    return this.write(path, file, held.schema, edit(held.rows, matching));
  }

  private async eraseFrom(
    path: string,
    file: AddFile,
    fields: ReadonlyMap<string, DeltaField>,
    match: RowMatch | RowsUpTo,
    before: (erasure: FileErasure) => Promise<void>,
  ): Promise<{ add: AddFile | null } | null> {
    const held = await this.held(path, file, fields);
    const matching = matchingRows(held.rows, match);
    if (matching.length === 0) return null;
    const gone = new Set(matching);
    const kept = held.rows.rows === gone.size ? null : pick(held.rows, (row) => !gone.has(row));
    const add = kept && (await this.write(path, file, held.schema, kept));
    await before({
      file: nameOf(file),
      oldDigest: sha256(held.bytes),
      newFile: add && nameOf(add),
      newDigest: add && sha256(await this.bytesOf(path, add)),
      rows: pick(held.rows, (row) => gone.has(row)),
    });
    return { add: add && { ...add, tags: { ...add.tags, [REPLACES]: file.path } } };
  }

  /**
   * A later commit that removes a file must name its successor. Told from the log alone (a successor's tag says whom it
   * replaces), so that it is made good after a crash too.
   */
  private async followSuccessors(path: string): Promise<void> {
    const successors = new Map<string, AddFile>();
    for (const version of await this.log.versions(path)) {
      const actions = await this.log.read(path, version);
      const stale = actions.some(({ remove }) => remove && successors.has(remove.path));
      if (stale)
        await this.log.replace(
          path,
          version,
          actions.map((action) => renamed(action, successors)),
        );
      for (const { add } of actions) {
        const replaces = add?.tags?.[REPLACES];
        if (add && replaces !== undefined) successors.set(replaces, add);
      }
    }
  }

  /** Data files that no version names: predecessors, and what a crash left of a successor. */
  private async deleteUnnamed(path: string): Promise<void> {
    const named = new Set<string>();
    for (const version of await this.log.versions(path)) {
      for (const { add } of await this.log.read(path, version)) if (add) named.add(`${path}/${nameOf(add)}`);
    }
    for (const object of await this.objects.list(path)) {
      if (DATA_FILE.test(object) && !named.has(object)) await this.objects.delete(object);
    }
  }

  private async held(
    path: string,
    file: AddFile,
    fields: ReadonlyMap<string, DeltaField>,
  ): Promise<HeldFile> {
    const bytes = await this.bytesOf(path, file);
    const schema = {
      fields: parquetColumns(bytes).flatMap((name) => {
        const field = fields.get(name);
        return field ? [field] : [];
      }),
    };
    return { bytes, schema, rows: await decodeParquet(bytes, schema.fields) };
  }

  /** The same rows and predecessor have the same name and bytes, so that a repeated call writes nothing new. */
  private async write(
    path: string,
    predecessor: AddFile,
    schema: DeltaSchema,
    rows: DeltaRows,
  ): Promise<AddFile> {
    const bytes = encodeParquet(schema, rows);
    const name = sha256(JSON.stringify([predecessor.path, sha256(bytes)])).slice(0, 32);
    const file = `part-00000-${name}.snappy.parquet`;
    await this.objects.putIfAbsent(`${path}/${file}`, bytes);
    return {
      path: file,
      partitionValues: {},
      size: bytes.length,
      modificationTime: this.clock.now(),
      dataChange: predecessor.dataChange,
      stats: statisticsOf(schema, rows),
    };
  }

  private bytesOf(path: string, file: AddFile): Promise<Buffer> {
    return this.objects.get(`${path}/${nameOf(file)}`, { maxBytes: MAX_FILE_BYTES });
  }

  /** By name, over all schemas that the table ever had: a type never changes. */
  private async everyField(path: string): Promise<ReadonlyMap<string, DeltaField>> {
    const fields = new Map<string, DeltaField>();
    for (const version of await this.log.versions(path)) {
      for (const { metaData } of await this.log.read(path, version)) {
        if (metaData)
          for (const field of decodeSchema(metaData.schemaString).fields) fields.set(field.name, field);
      }
    }
    return fields;
  }
}

/** A file may have had several successors, one after the other. */
function renamed(action: DeltaAction, successors: ReadonlyMap<string, AddFile>): DeltaAction {
  let file = action.remove ? successors.get(action.remove.path) : undefined;
  if (!file) return action;
  for (let next = successors.get(file.path); next; next = successors.get(file.path)) file = next;
  return { ...action, remove: { ...action.remove!, path: file.path, size: file.size } };
}

const nameOf = (file: AddFile): string => decodeURIComponent(file.path);

function matchingRows(rows: DeltaRows, match: RowMatch | RowsUpTo): number[] {
  const found: number[] = [];
  const matches = (held: DeltaValue): boolean =>
    'value' in match ? held === match.value : typeof held === 'number' && held <= match.upTo;
  for (const [at, held] of (rows.columns[match.column] ?? []).entries()) if (matches(held)) found.push(at);
  return found;
}

/** The rows for which `wanted` holds. */
export function pick(rows: DeltaRows, wanted: (row: number) => boolean): DeltaRows {
  const columns: Record<string, DeltaValue[]> = {};
  let count = 0;
  for (let row = 0; row < rows.rows; row += 1) if (wanted(row)) count += 1;
  for (const [name, values] of Object.entries(rows.columns))
    columns[name] = values.filter((_, row) => wanted(row));
  return { rows: count, columns };
}
