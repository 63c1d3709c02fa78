import { Injectable } from '@nestjs/common';
import { Database, type UnitOfWork } from '@steward/database';
import { sql, type Kysely, type Selectable } from 'kysely';
import type { GovernanceTables } from '../governance-tables';
import type { BookEntry, EntryContents, EntryKind } from './processing-books';
import {
  ProcessingBooksRepository,
  ProcessingFactRepository,
  type Fact,
  type FactKind,
} from './processing-books.repository';

type Unit = UnitOfWork<GovernanceTables>;
type On = Kysely<GovernanceTables>;

@Injectable()
export class PgProcessingBooksRepository extends ProcessingBooksRepository {
  constructor(private readonly database: Database<GovernanceTables>) {
    super();
  }

  async lock(unit: Unit, project: string): Promise<void> {
    await sql`SELECT pg_advisory_xact_lock(hashtextextended(${`processing ${project}`}, 0))`.execute(unit.tx);
  }

  async current<Kind extends EntryKind>(
    project: string,
    kind: Kind,
    name: string,
    unit?: Unit,
  ): Promise<BookEntry<Kind> | null> {
    const on: On = unit?.tx ?? this.database.kysely;
    const row = await on
      .selectFrom('processing_entries')
      .selectAll()
      .where('project', '=', project)
      .where('kind', '=', kind)
      .where('name', '=', name)
      .orderBy('version', 'desc')
      .limit(1)
      .executeTakeFirst();
    return row ? toEntry<Kind>(row) : null;
  }

  async all<Kind extends EntryKind>(project: string, kind: Kind, unit?: Unit): Promise<BookEntry<Kind>[]> {
    const on: On = unit?.tx ?? this.database.kysely;
    const rows = await on
      .selectFrom('processing_entries')
      .selectAll()
      .distinctOn('name')
      .where('project', '=', project)
      .where('kind', '=', kind)
      .orderBy('name')
      .orderBy('version', 'desc')
      .execute();
    return rows.map((row) => toEntry<Kind>(row));
  }

  async history<Kind extends EntryKind>(
    project: string,
    kind: Kind,
    name: string,
  ): Promise<BookEntry<Kind>[]> {
    const rows = await this.database.kysely
      .selectFrom('processing_entries')
      .selectAll()
      .where('project', '=', project)
      .where('kind', '=', kind)
      .where('name', '=', name)
      .orderBy('version')
      .execute();
    return rows.map((row) => toEntry<Kind>(row));
  }

  async add(unit: Unit, entry: BookEntry): Promise<void> {
    const { project, kind, name, version, content, changedBy, changedAt } = entry;
    await unit.tx
      .insertInto('processing_entries')
      .values({
        project,
        kind,
        name,
        version,
        content: JSON.stringify(content),
        changed_by: changedBy,
        changed_at: changedAt,
      })
      .execute();
  }
}

@Injectable()
export class PgProcessingFactRepository extends ProcessingFactRepository {
  constructor(private readonly database: Database<GovernanceTables>) {
    super();
  }

  async put(unit: Unit, { project, kind, name, version, facts, at }: Fact): Promise<void> {
    await unit.tx
      .insertInto('processing_facts')
      .values({ project, kind, name, version, facts: JSON.stringify(facts), at })
      .onConflict((conflict) => conflict.doNothing())
      .execute();
  }

  async newest(project: string, kind: FactKind): Promise<Fact[]> {
    const rows = await this.database.kysely
      .selectFrom('processing_facts')
      .selectAll()
      .distinctOn('name')
      .where('project', '=', project)
      .where('kind', '=', kind)
      .orderBy('name')
      .orderBy('version', 'desc')
      .execute();
    return rows.map(toFact);
  }

  async find(
    project: string,
    kind: FactKind,
    name: string,
    version: number,
    unit?: Unit,
  ): Promise<Fact | null> {
    const on: On = unit?.tx ?? this.database.kysely;
    const row = await on
      .selectFrom('processing_facts')
      .selectAll()
      .where('project', '=', project)
      .where('kind', '=', kind)
      .where('name', '=', name)
      .where('version', '=', version)
      .executeTakeFirst();
    return row ? toFact(row) : null;
  }

  async peopleByRole(project: string): Promise<{ role: string; people: number }[]> {
    return await this.database.kysely
      .selectFrom('role_grants')
      .innerJoin('principals', 'principals.id', 'principal_id')
      .select(({ fn }) => ['role', fn.count<number>('principal_id').distinct().as('people')])
      .where('kind', '=', 'person')
      .where('state', '=', 'active')
      .where('revoked_at', 'is', null)
      .where((where) => where.or([where('project', 'is', null), where('project', '=', project)]))
      .groupBy('role')
      .orderBy('role')
      .execute();
  }
}

/** What was written passed the schema of its kind. */
function toEntry<Kind extends EntryKind>(
  row: Selectable<GovernanceTables['processing_entries']>,
): BookEntry<Kind> {
  return {
    project: row.project,
    kind: row.kind as Kind,
    name: row.name,
    version: row.version,
    content: row.content as EntryContents[Kind],
    changedBy: row.changed_by,
    changedAt: row.changed_at.toISOString(),
  };
}

function toFact(row: Selectable<GovernanceTables['processing_facts']>): Fact {
  return { ...row, at: row.at.toISOString() };
}
