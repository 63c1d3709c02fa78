import type { Database } from '@steward/database';
import { sql } from 'kysely';
import type { LogRecord } from '../log-record';
import { hashOf } from '../partition-of';
import { unpack } from './packed-records';

/** Where a partition's log begins and ends. */
export interface PartitionHead {
  readonly topic: string;
  readonly partition: number;
  readonly firstOffset: number;
  /** The offset that the next record will get. */
  readonly nextOffset: number;
}

/** Where records of a key are looked for. */
type KeyRange = Readonly<Record<'topic' | 'key', string> & Record<'partition' | 'from' | 'to', number>>;

interface Row {
  readonly offset: number;
  readonly key: string | null;
  readonly headers: Record<string, string>;
  readonly value: Buffer;
  readonly events: number;
  readonly packed: boolean;
}

const COLUMNS = sql`"offset", key, headers, value, events, key_hashes IS NOT NULL AS packed`;
/** A batch ends after this many bytes of values, one row at least. */
const BATCH_BYTES = 4 * 1024 * 1024;
/** Events of one row, as the log bounds them. */
const MOST_EVENTS = 1_000;
/** Rows that a search for a key takes at once. */
const KEY_ROWS = 100;

/** Reads the log. Offsets are dense and in commit order, so `offset >= n` misses nothing. */
export class LogReader {
  private readonly ids = new Map<string, number>();

  constructor(private readonly database: Database) {}

  async heads(topics: readonly string[]): Promise<PartitionHead[]> {
    const { rows } = await sql<PartitionHead>`
      SELECT t.name AS topic, h.partition, h.first_offset AS "firstOffset", h.next_offset AS "nextOffset"
        FROM event_log.head h JOIN event_log.topic t ON t.id = h.topic_id
       WHERE t.name = ANY(${topics}::text[])`.execute(this.database.kysely);
    return rows;
  }

  /** About `limit` records from an offset on: rows that hold several are read to their end. */
  async read(topic: string, partition: number, from: number, limit: number): Promise<LogRecord[]> {
    const id = await this.idOf(topic);
    const { rows } = await sql<Row>`
      SELECT "offset", key, headers, value, events, packed FROM (
        SELECT *, sum(octet_length(value)) OVER (ORDER BY "offset") AS bytes,
               sum(events) OVER (ORDER BY "offset") - events AS before
          FROM (SELECT ${COLUMNS} FROM event_log.record
                 WHERE topic_id = ${id}::smallint AND partition = ${partition}::int AND "offset" >= ${from}::bigint
                 ORDER BY "offset" LIMIT ${limit}::int) batch) sized
       WHERE before < ${limit}::int AND bytes <= ${BATCH_BYTES} OR before = 0
       ORDER BY "offset"`.execute(this.database.kysely);
    return recordsOf(topic, partition, rows).filter(({ offset }) => offset >= from);
  }

  async readKeyAfter(
    topic: string,
    partition: number,
    offset: number,
    key: string,
    limit: number,
  ): Promise<LogRecord[]> {
    const found: LogRecord[] = [];
    for await (const record of this.ofKey({ topic, partition, key, from: offset + 1, to: Infinity })) {
      found.push(record);
      if (found.length === limit) break;
    }
    return found;
  }

  /** Records of one key among the offsets [from, to), which may be Infinity; oldest first. */
  async *ofKey({ topic, partition, key, from, to }: KeyRange): AsyncGenerator<LogRecord> {
    const id = await this.idOf(topic);
    const wanted = ({ offset, key: own }: LogRecord) => own === key && offset >= from && offset < to;
    const end = Number.isFinite(to) ? sql`AND "offset" < ${to + MOST_EVENTS}::bigint` : sql``;
    for (let next = from, more = true; more;) {
      const { rows } = await sql<Row>`
        SELECT ${COLUMNS} FROM event_log.record
         WHERE topic_id = ${id}::smallint AND partition = ${partition}::int AND "offset" >= ${next}::bigint ${end}
           AND (key = ${key} OR ${hashOf(key)}::int = ANY(key_hashes))
         ORDER BY "offset" LIMIT ${KEY_ROWS}::int`.execute(this.database.kysely);
      yield* recordsOf(topic, partition, rows).filter(wanted);
      more = rows.length === KEY_ROWS;
      next = (rows.at(-1)?.offset ?? 0) + 1;
    }
  }

  private async idOf(topic: string): Promise<number> {
    const known = this.ids.get(topic);
    if (known !== undefined) return known;
    const { rows } = await sql<{ id: number }>`SELECT id FROM event_log.topic WHERE name = ${topic}`.execute(
      this.database.kysely,
    );
    const id = rows[0]?.id ?? -1;
    if (id >= 0) this.ids.set(topic, id);
    return id;
  }
}

const recordsOf = (topic: string, partition: number, rows: readonly Row[]): LogRecord[] =>
  rows.flatMap(({ packed, events, offset, key, headers, value }) =>
    packed
      ? unpack({ topic, partition, offset, events, value })
      : [{ topic, partition, offset, key, headers, value }],
  );
