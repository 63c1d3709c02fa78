import { Injectable } from '@nestjs/common';
import { Database, type UnitOfWork } from '@steward/database';
import { newPseudonym } from '@steward/kernel';
import { sql } from 'kysely';
import type { IngestionTables } from '../ingestion-tables';
import { SubjectRepository } from './subject.repository';

@Injectable()
export class PgSubjectRepository extends SubjectRepository {
  constructor(private readonly database: Database<IngestionTables>) {
    super();
  }

  async resolve(
    unit: UnitOfWork<IngestionTables>,
    project: string,
    hmacs: readonly string[],
    wrapNew: (pseudonym: string) => Buffer,
  ): Promise<Map<string, string>> {
    // In one order, so that two batches with the same people do not wait for each other in a circle.
    const wanted = [...new Set(hmacs)].sort();
    const found = await this.find(unit, project, wanted);
    const missing = wanted.filter((hmac) => !found.has(hmac));
    if (missing.length === 0) return found;
    const made = await unit.tx
      .insertInto('subjects')
      .columns(['project', 'identifier_hmac', 'pseudonym'])
      .expression(
        sql`SELECT ${project}, * FROM unnest(${missing}::text[], ${missing.map(() => newPseudonym())}::text[])` as never,
      )
      .onConflict((conflict) => conflict.columns(['project', 'identifier_hmac']).doNothing())
      .returning(['identifier_hmac', 'pseudonym'])
      .execute();
    const pseudonyms = made.map((row) => row.pseudonym);
    await sql`
      INSERT INTO subject_keys (pseudonym, wrapped_key)
      SELECT * FROM unnest(${pseudonyms}::text[], ${pseudonyms.map(wrapNew)}::bytea[])`.execute(unit.tx);
    // Read again: another transaction may have made some of them meanwhile.
    return this.find(unit, project, wanted);
  }

  async wrappedKeys(
    unit: UnitOfWork<IngestionTables>,
    pseudonyms: readonly string[],
  ): Promise<Map<string, Buffer>> {
    const { rows } = await sql<{ pseudonym: string; wrapped_key: Buffer }>`
      SELECT pseudonym, wrapped_key FROM subject_keys WHERE pseudonym = ANY(${[...pseudonyms]}::text[])`.execute(
      unit.tx,
    );
    return new Map(rows.map((row) => [row.pseudonym, row.wrapped_key]));
  }

  async findOne(project: string, hmac: string): Promise<string | null> {
    const row = await this.database.kysely
      .selectFrom('subjects')
      .select('pseudonym')
      .where('project', '=', project)
      .where('identifier_hmac', '=', hmac)
      .executeTakeFirst();
    return row?.pseudonym ?? null;
  }

  async held(project: string, pseudonym: string) {
    const row = await this.database.kysely
      .selectFrom('subjects')
      .innerJoin('subject_keys', 'subject_keys.pseudonym', 'subjects.pseudonym')
      .select(['identifier_hmac', 'wrapped_key', 'created_at'])
      .where('project', '=', project)
      .where('subjects.pseudonym', '=', pseudonym)
      .executeTakeFirst();
    return row
      ? { hmac: row.identifier_hmac, wrappedKey: row.wrapped_key, createdAt: row.created_at.toISOString() }
      : null;
  }

  async destroy(unit: UnitOfWork<IngestionTables>, pseudonym: string): Promise<void> {
    await unit.tx.deleteFrom('subject_keys').where('pseudonym', '=', pseudonym).execute();
    await unit.tx.deleteFrom('subjects').where('pseudonym', '=', pseudonym).execute();
  }

  async any(project: string): Promise<boolean> {
    const row = await this.database.kysely
      .selectFrom('subjects')
      .select('pseudonym')
      .where('project', '=', project)
      .limit(1)
      .executeTakeFirst();
    return row !== undefined;
  }

  async known(project: string, pseudonyms: readonly string[]): Promise<Set<string>> {
    const { rows } = await sql<{ pseudonym: string }>`
      SELECT pseudonym FROM subjects
      WHERE project = ${project} AND pseudonym = ANY(${[...pseudonyms]}::text[])`.execute(
      this.database.kysely,
    );
    return new Set(rows.map((row) => row.pseudonym));
  }

  private async find(
    unit: UnitOfWork<IngestionTables>,
    project: string,
    hmacs: readonly string[],
  ): Promise<Map<string, string>> {
    const { rows } = await sql<{ identifier_hmac: string; pseudonym: string }>`
      SELECT identifier_hmac, pseudonym FROM subjects
      WHERE project = ${project} AND identifier_hmac = ANY(${[...hmacs]}::text[])`.execute(unit.tx);
    return new Map(rows.map((row) => [row.identifier_hmac, row.pseudonym]));
  }
}
