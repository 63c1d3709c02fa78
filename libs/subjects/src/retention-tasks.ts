import { Injectable } from '@nestjs/common';
import type { RetentionClass, RetentionMode } from '@steward/contracts';
import { Database, type UnitOfWork } from '@steward/database';
import { sql, type Kysely, type Selectable } from 'kysely';
import type { RetentionPart } from './retention-order';
import { RetentionJournal } from './retention-participant';
import type { RetentionTables } from './retention-tables';

const on = (unit: UnitOfWork): Kysely<RetentionTables> => unit.tx as Kysely<RetentionTables>;

/** Something that governance ordered. A run orders each mode once. */
export interface RetentionTask {
  readonly runId: string;
  readonly mode: RetentionMode;
  readonly project: string;
  readonly ordersDigest: string;
  readonly actor: string;
  readonly correlation: string;
}

export interface RetentionHold {
  readonly id: string;
  readonly project: string;
  readonly dataset: string | null;
  readonly class: RetentionClass | null;
  readonly until: string | null;
}

/** Orders of this service, what came of them, and the legal holds that stop them; in its own schema. */
@Injectable()
export class RetentionTasks {
  constructor(private readonly database: Database<RetentionTables>) {}

  /** Told twice, it stands as it was told first. */
  async add(unit: UnitOfWork, task: RetentionTask): Promise<void> {
    await on(unit)
      .insertInto('retention_tasks')
      .values({
        run_id: task.runId,
        mode: task.mode,
        project: task.project,
        orders_digest: task.ordersDigest,
        state: 'waiting',
        failure: null,
        actor: task.actor,
        correlation: task.correlation,
      })
      .onConflict((conflict) => conflict.doNothing())
      .execute();
  }

  async waiting(): Promise<RetentionTask[]> {
    const rows = await this.database.kysely
      .selectFrom('retention_tasks')
      .selectAll()
      .where('state', '=', 'waiting')
      .orderBy('created_at')
      .orderBy('run_id')
      .execute();
    return rows.map((row) => ({
      runId: row.run_id,
      mode: row.mode,
      project: row.project,
      ordersDigest: row.orders_digest,
      actor: row.actor,
      correlation: row.correlation,
    }));
  }

  /** False if it was done already: then nothing may be told again. */
  async finish(unit: UnitOfWork, { runId, mode }: RetentionTask): Promise<boolean> {
    const result = await on(unit)
      .updateTable('retention_tasks')
      .set({ state: 'done', done_at: new Date(), failure: null })
      .where('run_id', '=', runId)
      .where('mode', '=', mode)
      .where('state', '=', 'waiting')
      .executeTakeFirst();
    return result.numUpdatedRows > 0n;
  }

  async failed({ runId, mode }: RetentionTask, code: string): Promise<void> {
    await this.database.kysely
      .updateTable('retention_tasks')
      .set({ failure: code })
      .where('run_id', '=', runId)
      .where('mode', '=', mode)
      .execute();
  }

  /** Placed anew it stands as it is placed now. */
  async placeHold(unit: UnitOfWork, hold: RetentionHold): Promise<void> {
    const { id, ...rest } = hold;
    await on(unit)
      .insertInto('retention_holds')
      .values({ id, ...rest })
      .onConflict((conflict) => conflict.column('id').doUpdateSet(rest))
      .execute();
  }

  async liftHold(unit: UnitOfWork, id: string): Promise<void> {
    await on(unit).deleteFrom('retention_holds').where('id', '=', id).execute();
  }

  /** A hold in force that covers this, or null. */
  async holdOf(
    project: string,
    of: { readonly class: RetentionClass; readonly dataset: string | null },
  ): Promise<string | null> {
    const row = await this.database.kysely
      .selectFrom('retention_holds')
      .select('id')
      .where('project', '=', project)
      .where((where) => where.or([where('dataset', 'is', null), where('dataset', '=', of.dataset)]))
      .where((where) => where.or([where('class', 'is', null), where('class', '=', of.class)]))
      .where(sql<boolean>`(until IS NULL OR until > clock_timestamp())`)
      .orderBy('id')
      .limit(1)
      .executeTakeFirst();
    return row?.id ?? null;
  }

  journalOf(runId: string): RetentionJournal {
    return new PgRetentionJournal(this.database.kysely, runId);
  }

  /** What the run deleted here, in the order in which it was written down. */
  async parts(runId: string): Promise<RetentionPart[]> {
    const rows = await this.database.kysely
      .selectFrom('retention_parts')
      .selectAll()
      .where('run_id', '=', runId)
      .orderBy('recorded_at')
      .orderBy('store')
      .orderBy('name')
      .execute();
    return rows.map(toPart);
  }
}

class PgRetentionJournal extends RetentionJournal {
  constructor(
    private readonly db: Kysely<RetentionTables>,
    private readonly runId: string,
  ) {
    super();
  }

  async record(part: RetentionPart): Promise<void> {
    await this.db
      .insertInto('retention_parts')
      .values(this.valuesOf(part))
      .onConflict((conflict) => conflict.doNothing())
      .execute();
  }

  async add(unit: UnitOfWork, part: RetentionPart): Promise<void> {
    if (part.items === 0) return;
    await on(unit)
      .insertInto('retention_parts')
      .values(this.valuesOf(part))
      .onConflict((conflict) =>
        conflict.columns(['run_id', 'class', 'store', 'name']).doUpdateSet({
          items: sql`retention_parts.items + excluded.items`,
          oldest: sql`least(retention_parts.oldest, excluded.oldest)`,
        }),
      )
      .execute();
  }

  private valuesOf(part: RetentionPart) {
    return {
      run_id: this.runId,
      class: part.class,
      store: part.store,
      name: part.name,
      items: part.items,
      oldest: part.oldest,
      old_digest: part.oldDigest,
      new_digest: part.newDigest,
    };
  }
}

function toPart(row: Selectable<RetentionTables['retention_parts']>): RetentionPart {
  return {
    class: row.class,
    store: row.store,
    name: row.name,
    items: row.items,
    oldest: row.oldest?.toISOString() ?? null,
    oldDigest: row.old_digest,
    newDigest: row.new_digest,
  };
}
