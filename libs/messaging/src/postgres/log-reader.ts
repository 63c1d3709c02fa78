import type { Database } from '@steward/database';
import { sql } from 'kysely';
import type { LogRecord } from '../log-record';

/** Where a partition's log begins and ends. */
export interface PartitionHead {
  readonly topic: string;
  readonly partition: number;
  readonly firstOffset: number;
  /** The offset that the next record will get. */
  readonly nextOffset: number;
}

interface Row {
  readonly offset: number;
  readonly key: string | null;
  readonly headers: Record<string, string>;
  readonly value: Buffer;
}

/** A batch ends after this many bytes of values, one record at least. */
const BATCH_BYTES = 4 * 1024 * 1024;

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

  async read(topic: string, partition: number, from: number, limit: number): Promise<LogRecord[]> {
    const id = await this.idOf(topic);
    const { rows } = await sql<Row>`
      SELECT "offset", key, headers, value FROM (
        SELECT "offset", key, headers, value, sum(octet_length(value)) OVER (ORDER BY "offset") AS bytes
          FROM (SELECT * FROM event_log.record
                 WHERE topic_id = ${id}::smallint AND partition = ${partition}::int AND "offset" >= ${from}::bigint
                 ORDER BY "offset" LIMIT ${limit}::int) batch) sized
       WHERE bytes <= ${BATCH_BYTES} OR "offset" = ${from}::bigint
       ORDER BY "offset"`.execute(this.database.kysely);
    return rows.map((row) => ({ topic, partition, ...row }));
  }

  async readKeyAfter(
    topic: string,
    partition: number,
    offset: number,
    key: string,
    limit: number,
  ): Promise<LogRecord[]> {
    const id = await this.idOf(topic);
    const { rows } = await sql<Row>`
      SELECT "offset", key, headers, value FROM event_log.record
       WHERE topic_id = ${id}::smallint AND partition = ${partition}::int AND "offset" > ${offset}::bigint
         AND key = ${key}
       ORDER BY "offset" LIMIT ${limit}::int`.execute(this.database.kysely);
    return rows.map((row) => ({ topic, partition, ...row }));
  }

  /** Records of one key among the offsets [from, to). */
  async readKeyBetween(
    where: Record<'from' | 'to' | 'partition', number> & Record<'topic' | 'key', string>,
  ): Promise<LogRecord[]> {
    const { topic, partition, from, to, key } = where;
    const id = await this.idOf(topic);
    const { rows } = await sql<Row>`
      SELECT "offset", key, headers, value FROM event_log.record
       WHERE topic_id = ${id}::smallint AND partition = ${partition}::int AND "offset" >= ${from}::bigint
         AND "offset" < ${to}::bigint AND key = ${key}
       ORDER BY "offset"`.execute(this.database.kysely);
    return rows.map((row) => ({ topic, partition, ...row }));
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
