import type { Database } from '@steward/database';
import { sql } from 'kysely';
import type { KeySearch, KeySearchResult } from '../event-bus';
import type { LogRecord } from '../log-record';
import type { LogReader } from './log-reader';

/** Offsets that one statement looks through: milliseconds, by the primary key. */
const LOT = 10_000;

/** Finds records of one key without an index over keys, which every append would pay for. */
export class KeyFinder {
  constructor(
    private readonly database: Database,
    private readonly reader: LogReader,
  ) {}

  async find(search: KeySearch): Promise<KeySearchResult> {
    const { topic, partition, key, mostRecords, enough } = search;
    const head = (await this.reader.heads([topic])).find((each) => each.partition === partition);
    if (!head) return { records: [], complete: true };
    const first = await this.firstSince(search, head.firstOffset, head.nextOffset);
    const end = Math.min(head.nextOffset, first + mostRecords);
    const records: LogRecord[] = [];
    for (let from = first; from < end; from += LOT) {
      const to = Math.min(end, from + LOT);
      for await (const record of this.reader.ofKey({ topic, partition, key, from, to })) {
        records.push(record);
        if (enough(record)) return { records, complete: true };
      }
    }
    return { records, complete: end === head.nextOffset };
  }

  /** Offsets are in the order of `appended_at`, for whoever appends holds the partition's head: halved, not scanned. */
  private async firstSince(
    { topic, partition, fromMs }: KeySearch,
    low: number,
    high: number,
  ): Promise<number> {
    while (low < high) {
      const middle = Math.floor((low + high) / 2);
      const { rows } = await sql<{ at: Date }>`
        SELECT r.appended_at AS at FROM event_log.record r JOIN event_log.topic t ON t.id = r.topic_id
         WHERE t.name = ${topic} AND r.partition = ${partition}::int AND r."offset" >= ${middle}::bigint
         ORDER BY r."offset" LIMIT 1`.execute(this.database.kysely);
      // What retention has just deleted is older than what is left.
      if (!rows[0] || rows[0].at.getTime() < fromMs) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
