import { unpackRecords, type LogRecord } from '@steward/messaging';
import type { Client } from 'pg';

interface Row extends LogRecord {
  readonly events: number;
  readonly packed: boolean;
}

/** What stands in PostgreSQL's log on this topic, packed rows unpacked: each partition in its order. */
export async function eventsInLog(owner: Pick<Client, 'query'>, topic: string): Promise<LogRecord[]> {
  const { rows } = await owner.query<Row>(
    `SELECT t.name AS topic, r.partition, r."offset"::float8 AS "offset", r.key, r.headers, r.value, r.events,
            r.key_hashes IS NOT NULL AS packed
       FROM event_log.record r JOIN event_log.topic t ON t.id = r.topic_id
      WHERE t.name = $1 ORDER BY r.appended_at, r.partition, r."offset"`,
    [topic],
  );
  return rows.flatMap((row) => (row.packed ? unpackRecords(row) : [row]));
}
