import { Injectable } from '@nestjs/common';
import { Database, type UnitOfWork } from '@steward/database';
import { sql, type Kysely, type Selectable } from 'kysely';
import type { DestroyedPart } from './erasure-report';
import { ErasureJournal, type TaskSubject } from './subject-participant';
import type { SubjectTables } from './subject-tables';

const on = (unit: UnitOfWork): Kysely<SubjectTables> => unit.tx as Kysely<SubjectTables>;

/** Something that governance ordered about a subject. The id is the request's; a request orders one thing. */
export interface SubjectTask extends TaskSubject {
  readonly kind: 'erase' | 'gather';
  readonly recipientKey: string | null;
  readonly payload: Readonly<Record<string, unknown>>;
  readonly actor: string;
  readonly correlation: string;
}

/** Tasks of this service, and what came of them, in its own schema. */
@Injectable()
export class SubjectTasks {
  constructor(private readonly database: Database<SubjectTables>) {}

  /** Told twice, it stands as it was told first. */
  async add(unit: UnitOfWork, task: SubjectTask): Promise<void> {
    await on(unit)
      .insertInto('subject_tasks')
      .values({
        id: task.requestId,
        kind: task.kind,
        project: task.project,
        pseudonym: task.pseudonym,
        recipient_key: task.recipientKey,
        payload: JSON.stringify(task.payload),
        state: 'waiting',
        failure: null,
        actor: task.actor,
        correlation: task.correlation,
      })
      .onConflict((conflict) => conflict.doNothing())
      .execute();
    if (task.kind !== 'erase') return;
    // From this commit on nothing new is kept under the pseudonym.
    await on(unit)
      .insertInto('erased_subjects')
      .values({ project: task.project, pseudonym: task.pseudonym, request_id: task.requestId })
      .onConflict((conflict) => conflict.doNothing())
      .execute();
  }

  async waiting(): Promise<SubjectTask[]> {
    const rows = await this.database.kysely
      .selectFrom('subject_tasks')
      .selectAll()
      .where('state', '=', 'waiting')
      .orderBy('created_at')
      .orderBy('id')
      .execute();
    return rows.map(toTask);
  }

  async erasures(): Promise<(SubjectTask & { readonly done: boolean })[]> {
    const rows = await this.database.kysely
      .selectFrom('subject_tasks')
      .selectAll()
      .where('kind', '=', 'erase')
      .execute();
    return rows.map((row) => ({ ...toTask(row), done: row.state === 'done' }));
  }

  /** To be done again from the start: what was restored from a backup may hold it again. */
  async reopen(unit: UnitOfWork, id: string): Promise<void> {
    await on(unit)
      .updateTable('subject_tasks')
      .set({ state: 'waiting', done_at: null })
      .where('id', '=', id)
      .execute();
  }

  /** False if it was done already: then nothing may be told again. The note is needed no longer. */
  async finish(unit: UnitOfWork, id: string): Promise<boolean> {
    const result = await on(unit)
      .updateTable('subject_tasks')
      .set({ state: 'done', done_at: new Date(), note: null, failure: null })
      .where('id', '=', id)
      .where('state', '=', 'waiting')
      .executeTakeFirst();
    return result.numUpdatedRows > 0n;
  }

  async failed(id: string, code: string): Promise<void> {
    await this.database.kysely
      .updateTable('subject_tasks')
      .set({ failure: code })
      .where('id', '=', id)
      .execute();
  }

  journalOf(id: string): ErasureJournal {
    return new PgErasureJournal(this.database.kysely, id);
  }

  /** Those of the pseudonyms that were erased: nothing may be kept under them any more. */
  async erased(pseudonyms: readonly string[], unit?: UnitOfWork): Promise<ReadonlySet<string>> {
    if (pseudonyms.length === 0) return new Set();
    const rows = await (unit ? on(unit) : this.database.kysely)
      .selectFrom('erased_subjects')
      .select('pseudonym')
      .where(sql<boolean>`pseudonym = ANY(${[...new Set(pseudonyms)]}::text[])`)
      .execute();
    return new Set(rows.map(({ pseudonym }) => pseudonym));
  }
}

class PgErasureJournal extends ErasureJournal {
  constructor(
    private readonly db: Kysely<SubjectTables>,
    private readonly id: string,
  ) {
    super();
  }

  async record(part: DestroyedPart): Promise<void> {
    await this.db
      .insertInto('subject_parts')
      .values({
        task_id: this.id,
        store: part.store,
        name: part.name,
        old_digest: part.oldDigest,
        new_digest: part.newDigest,
        items: part.items,
      })
      .onConflict((conflict) => conflict.doNothing())
      .execute();
  }

  async parts(): Promise<DestroyedPart[]> {
    const rows = await this.db
      .selectFrom('subject_parts')
      .selectAll()
      .where('task_id', '=', this.id)
      .orderBy('recorded_at')
      .orderBy('store')
      .orderBy('name')
      .execute();
    return rows.map((row) => ({
      store: row.store,
      name: row.name,
      oldDigest: row.old_digest,
      newDigest: row.new_digest,
      items: row.items,
    }));
  }

  async remember(note: Readonly<Record<string, unknown>>): Promise<void> {
    await this.db
      .updateTable('subject_tasks')
      .set({ note: JSON.stringify(note) })
      .where('id', '=', this.id)
      .where('note', 'is', null)
      .execute();
  }

  async remembered(): Promise<Readonly<Record<string, unknown>> | null> {
    const row = await this.db
      .selectFrom('subject_tasks')
      .select('note')
      .where('id', '=', this.id)
      .executeTakeFirst();
    return row?.note ?? null;
  }
}

function toTask(row: Selectable<SubjectTables['subject_tasks']>): SubjectTask {
  return {
    requestId: row.id,
    kind: row.kind,
    project: row.project,
    pseudonym: row.pseudonym,
    recipientKey: row.recipient_key,
    payload: row.payload,
    actor: row.actor,
    correlation: row.correlation,
  };
}
