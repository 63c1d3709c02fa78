import type { Database, UnitOfWork } from '@steward/database';
import { errors, isId } from '@steward/kernel';
import { sql, type Kysely, type Selectable, type Transaction } from 'kysely';
import { DeadLetters, type DeadLetter, type LaterEvent } from '../dead-letters';
import type { EventBus } from '../event-bus';
import { decodeEvent } from '../event-codec';
import type { LogRecord } from '../log-record';
import type { MessagingTables } from '../messaging-tables';
import type { Handlers } from './handlers';
import { runHandler } from './run-handler';

type Row = Selectable<MessagingTables['dead_letter']>;

const LATER = 100;

function toDeadLetter(row: Row): DeadLetter {
  const { headers } = row;
  return {
    id: row.id,
    topic: row.topic,
    partition: row.partition,
    offset: row.offset,
    key: row.key,
    type: headers.ce_type ?? null,
    eventId: headers.ce_id ?? null,
    project: headers.ce_stewardproject ?? null,
    correlation: headers.ce_stewardcorrelation ?? null,
    consumer: row.consumer || null,
    code: row.code,
    reason: row.reason,
    state: row.state,
    createdAt: row.created_at.toISOString(),
    replayedAt: row.replayed_at?.toISOString() ?? null,
  };
}

const toLater = ({ offset, headers }: LogRecord): LaterEvent => ({
  offset,
  type: headers.ce_type ?? '',
  eventId: headers.ce_id ?? '',
  time: headers.ce_time ?? '',
});

/** Dead letters in the service's own schema. */
export class PgDeadLetters extends DeadLetters {
  private readonly db: Kysely<MessagingTables>;

  constructor(
    private readonly database: Database,
    private readonly bus: EventBus,
    private readonly handlers: Handlers,
  ) {
    super();
    this.db = database.kysely as Kysely<MessagingTables>;
  }

  async list(
    options: {
      readonly limit?: number;
      readonly after?: string;
      readonly state?: 'waiting' | 'replayed';
    } = {},
  ): Promise<{ items: DeadLetter[]; next: string | null }> {
    const limit = Math.min(Math.max(options.limit ?? 100, 1), 1_000);
    let query = this.db.selectFrom('dead_letter').selectAll().orderBy('id').limit(limit);
    if (options.after) query = query.where('id', '>', known(options.after));
    if (options.state) query = query.where('state', '=', options.state);
    const rows = await query.execute();
    return { items: rows.map(toDeadLetter), next: rows.length === limit ? rows.at(-1)!.id : null };
  }

  async find(id: string): Promise<DeadLetter & { later: LaterEvent[] }> {
    const row = await this.row(id);
    return { ...toDeadLetter(row), later: await this.later(row) };
  }

  async replay(
    id: string,
    options: { readonly laterSeen?: number; readonly record?: (unit: UnitOfWork) => void } = {},
  ): Promise<DeadLetter> {
    const row = await this.row(id);
    if (row.state === 'replayed') throw alreadyReplayed(id);
    const later = await this.later(row);
    const last = later.at(-1);
    if (last && options.laterSeen !== last.offset) {
      throw errors.conflict(
        'EVENT.LATER_EVENTS_UNSEEN',
        `${later.length} later events of the same key exist. Look at them; if the event may still be applied, name the ` +
          'offset of the last one.',
        { details: { later } },
      );
    }
    await this.database.transaction(async (unit) => {
      const { numUpdatedRows } = await (unit.tx as Transaction<MessagingTables>)
        .updateTable('dead_letter')
        .set({ state: 'replayed', replayed_at: sql<Date>`now()` })
        .where('id', '=', id)
        .where('state', '=', 'waiting')
        .executeTakeFirst();
      if (numUpdatedRows !== 1n) throw alreadyReplayed(id);
      options.record?.(unit);
      const event = decodeEvent(row);
      const wanted = this.handlers
        .of(row.topic, event.envelope.type)
        .filter(({ name }) => row.consumer === '' || name === row.consumer);
      for (const handler of wanted) {
        const result = await runHandler(handler, row, event, unit);
        if (result.kind === 'ok' || result.kind === 'drop') continue;
        const why = result.kind === 'retry' ? `it wants the event in ${result.afterMs} ms` : result.reason;
        throw errors.conflict('EVENT.REPLAY_REFUSED', `${handler.name} does not take the event now: ${why}.`);
      }
    });
    return toDeadLetter(await this.row(id));
  }

  private async later(row: Row): Promise<LaterEvent[]> {
    if (row.key === null) return [];
    const records = await this.bus.readKeyAfter(row.topic, row.partition, row.offset, row.key, LATER);
    return records.map(toLater);
  }

  private async row(id: string): Promise<Row> {
    const row = await this.db
      .selectFrom('dead_letter')
      .selectAll()
      .where('id', '=', known(id))
      .executeTakeFirst();
    if (row) return row;
    throw unknown(id);
  }
}

const unknown = (id: string): Error =>
  errors.notFound('EVENT.DEAD_LETTER_UNKNOWN', `There is no dead letter ${id.slice(0, 50)}.`);

const alreadyReplayed = (id: string): Error =>
  errors.conflict('EVENT.ALREADY_REPLAYED', `The dead letter ${id} has been replayed already.`);

function known(id: string): string {
  if (isId(id)) return id;
  throw unknown(id);
}
