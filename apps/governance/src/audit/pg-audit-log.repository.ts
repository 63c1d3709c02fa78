import { Injectable } from '@nestjs/common';
import { CompactRange, type NodeId } from '@steward/audit-log';
import type { AuditEntry, AuditNote } from '@steward/contracts';
import { Database, type UnitOfWork } from '@steward/database';
import { sql, type Selectable } from 'kysely';
import type { GovernanceTables } from '../governance-tables';
import {
  AuditLogRepository,
  AuditNoteRepository,
  type EntryColumns,
  type EntryQuery,
  type LogGrowth,
  type LoggedEntry,
  type SignedHead,
} from './audit-log.repository';
import { columnsOf, columnText } from './entry-columns';
import { tampered } from './log-integrity';

type Unit = UnitOfWork<GovernanceTables>;

@Injectable()
export class PgAuditLogRepository extends AuditLogRepository {
  constructor(private readonly database: Database<GovernanceTables>) {
    super();
  }

  async lockTree(unit: Unit): Promise<CompactRange> {
    return toTree(await treeRow(unit.tx).forUpdate().executeTakeFirst());
  }

  async tree(): Promise<CompactRange> {
    return toTree(await treeRow(this.database.kysely).executeTakeFirst());
  }

  async known(unit: Unit, entryIds: readonly string[]): Promise<ReadonlySet<string>> {
    const rows = await unit.tx
      .selectFrom('audit_entries')
      .select('entry_id')
      .where('entry_id', '=', sql<string>`any(${entryIds.map(columnText)}::text[])`)
      .execute();
    const stored = new Set(rows.map(({ entry_id }) => entry_id));
    return new Set(entryIds.filter((id) => stored.has(columnText(id))));
  }

  async append(unit: Unit, { entries, nodes, tree }: LogGrowth): Promise<void> {
    await this.insertEntries(unit, entries);
    await sql`INSERT INTO audit_nodes (level, index, hash) SELECT * FROM unnest(
      ${nodes.map(({ level }) => level)}::smallint[], ${nodes.map(({ index }) => index)}::bigint[],
      ${nodes.map(({ hash }) => hash)}::bytea[])`.execute(unit.tx);
    await unit.tx
      .updateTable('audit_tree')
      .set({ size: tree.size, peaks: [...tree.hashes] })
      .execute();
  }

  async addHead(head: SignedHead): Promise<void> {
    await this.database.kysely
      .insertInto('audit_checkpoints')
      .values({ size: head.size, root: head.root, time: head.time, note: head.note })
      .onConflict((conflict) => conflict.doNothing())
      .execute();
  }

  async addCosignature(size: number, line: string): Promise<void> {
    await this.database.kysely
      .updateTable('audit_checkpoints')
      .set({ note: sql<string>`note || ${line}` })
      .where('size', '=', size)
      .execute();
  }

  /** One statement for a batch of any size: one array per column. */
  private async insertEntries(unit: Unit, entries: readonly LoggedEntry[]): Promise<void> {
    const rows = entries.map((logged) => ({ ...logged, ...columnsOf(logged.entry) }));
    const column = <T>(of: (row: (typeof rows)[number]) => T): T[] => rows.map(of);
    await sql`INSERT INTO audit_entries (index, entry_id, content, leaf, service, project, action, actor, object_kind,
        object_id, correlation, time)
      SELECT * FROM unnest(
        ${column(({ index }) => index)}::bigint[], ${column(({ entryId }) => entryId)}::text[],
        ${column(({ content }) => content)}::bytea[], ${column(({ leaf }) => leaf)}::bytea[],
        ${column(({ service }) => service)}::text[], ${column(({ project }) => project)}::text[],
        ${column(({ action }) => action)}::text[], ${column(({ actor }) => actor)}::text[],
        ${column(({ objectKind }) => objectKind)}::text[], ${column(({ objectId }) => objectId)}::text[],
        ${column(({ correlation }) => correlation)}::text[], ${column(({ entry }) => entry.time)}::timestamptz[])
    `.execute(unit.tx);
  }

  async head(): Promise<SignedHead | null> {
    const row = await this.database.kysely
      .selectFrom('audit_checkpoints')
      .selectAll()
      .orderBy('size', 'desc')
      .limit(1)
      .executeTakeFirst();
    return row ? toHead(row) : null;
  }

  async find(index: number): Promise<LoggedEntry | null> {
    return (await this.read(index, index + 1))[0] ?? null;
  }

  async search(query: EntryQuery): Promise<(LoggedEntry & { note: AuditNote | null })[]> {
    const { action, actor, object, correlation, from, to, projects } = query;
    let wanted = this.database.kysely
      .selectFrom('audit_entries')
      .leftJoin('audit_notes', 'audit_notes.entry_id', 'audit_entries.entry_id')
      .select(['index', 'content', 'leaf', 'salt', 'reason', 'address']);
    if (query.after !== null) wanted = wanted.where('index', query.newestFirst ? '<' : '>', query.after);
    if (projects) {
      const named = projects.filter((project) => project !== null).map(columnText);
      wanted = wanted.where((where) =>
        where.or([
          where('project', '=', sql<string>`any(${named}::text[])`),
          ...(projects.includes(null) ? [where('project', 'is', null)] : []),
        ]),
      );
    }
    if (action !== null) wanted = wanted.where('action', '=', columnText(action));
    if (actor !== null) wanted = wanted.where('actor', '=', columnText(actor));
    if (object !== null) wanted = wanted.where('object_id', '=', columnText(object));
    if (correlation !== null) wanted = wanted.where('correlation', '=', columnText(correlation));
    if (from !== null) wanted = wanted.where('time', '>=', new Date(from));
    if (to !== null) wanted = wanted.where('time', '<', new Date(to));
    const rows = await wanted
      .orderBy('index', query.newestFirst ? 'desc' : 'asc')
      .limit(query.limit)
      .execute();
    return rows.map((row) => {
      const logged = toLogged(row);
      const { salt, reason, address } = row;
      return {
        ...logged,
        note: salt === null ? null : { entryId: logged.entry.entryId, salt, reason, address },
      };
    });
  }

  async read(from: number, to: number): Promise<LoggedEntry[]> {
    const rows = await this.database.kysely
      .selectFrom('audit_entries')
      .select(['index', 'content', 'leaf'])
      .where('index', '>=', from)
      .where('index', '<', to)
      .orderBy('index')
      .execute();
    return rows.map(toLogged);
  }

  async readStored(
    from: number,
    to: number,
  ): Promise<(Omit<LoggedEntry, 'entry'> & { columns: EntryColumns })[]> {
    const rows = await this.database.kysely
      .selectFrom('audit_entries')
      .select(['index', 'content', 'leaf', 'entry_id as entryId', 'service', 'project', 'action', 'actor'])
      .select(['object_kind as objectKind', 'object_id as objectId', 'correlation'])
      .where('index', '>=', from)
      .where('index', '<', to)
      .orderBy('index')
      .execute();
    return rows.map(({ index, content, leaf, ...columns }) => ({ index, content, leaf, columns }));
  }

  async heads(from: number, to: number, step: number): Promise<SignedHead[]> {
    // The newest head of each stretch of `step` entries. A literal, because DISTINCT ON and ORDER BY must be the same.
    const stretch = sql`(size - 1) / ${sql.lit(Math.max(1, Math.floor(step)))}`;
    const rows = await this.database.kysely
      .selectFrom('audit_checkpoints')
      .selectAll()
      .distinctOn(stretch)
      .where('size', '>=', from)
      .where('size', '<=', to)
      .orderBy(stretch)
      .orderBy('size', 'desc')
      .execute();
    return rows.map(toHead);
  }

  async nodes(ids: readonly NodeId[]): Promise<Buffer[]> {
    const { rows } = await sql<{ hash: Buffer | null }>`
      SELECT coalesce(n.hash, e.leaf) AS hash
      FROM unnest(${ids.map(({ level }) => level)}::smallint[], ${ids.map(({ index }) => index)}::bigint[])
        WITH ORDINALITY AS asked (level, index, place)
      LEFT JOIN audit_nodes n ON asked.level > 0 AND n.level = asked.level AND n.index = asked.index
      LEFT JOIN audit_entries e ON asked.level = 0 AND e.index = asked.index
      ORDER BY asked.place`.execute(this.database.kysely);
    return rows.map(({ hash }, place) => {
      if (!hash) throw tampered(`node ${ids[place]?.index} of level ${ids[place]?.level} is missing.`);
      return hash;
    });
  }
}

@Injectable()
export class PgAuditNoteRepository extends AuditNoteRepository {
  async add(unit: Unit, { entryId, salt, reason, address }: AuditNote): Promise<boolean> {
    const { numInsertedOrUpdatedRows } = await unit.tx
      .insertInto('audit_notes')
      .values({ entry_id: columnText(entryId), salt, reason: textOf(reason), address: textOf(address) })
      .onConflict((conflict) => conflict.doNothing())
      .executeTakeFirst();
    return numInsertedOrUpdatedRows === 1n;
  }
}

const textOf = (text: string | null): string | null => (text === null ? null : columnText(text));

const treeRow = (on: Database<GovernanceTables>['kysely']) =>
  on.selectFrom('audit_tree').select(['size', 'peaks']);

function toTree(row: { size: number; peaks: Buffer[] } | undefined): CompactRange {
  if (!row) throw tampered('the row of its tree is gone.');
  try {
    return new CompactRange(row.size, row.peaks);
  } catch {
    throw tampered(`the stored tree of ${row.size} entries has not as many subtrees as it must.`);
  }
}

const toHead = (row: Selectable<GovernanceTables['audit_checkpoints']>): SignedHead => ({
  size: row.size,
  root: row.root,
  time: row.time.toISOString(),
  note: row.note,
});

const toLogged = ({
  index,
  content,
  leaf,
}: {
  index: number;
  content: Buffer;
  leaf: Buffer;
}): LoggedEntry => ({
  index,
  content,
  leaf,
  entry: JSON.parse(content.toString('utf8')) as AuditEntry,
});
