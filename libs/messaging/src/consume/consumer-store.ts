import type { Database } from '@steward/database';
import { newId } from '@steward/kernel';
import { sql, type Kysely, type Transaction } from 'kysely';
import type { OutgoingRecord, LogRecord } from '../log-record';
import type { MessagingTables } from '../messaging-tables';
import { DEAD_LETTER_DAYS, deadLetterTopic } from '../event-log-schema';
import { stampOf } from '../event-headers';
import { topicNamed } from './handlers';

type Tx = Transaction<MessagingTables>;

/** Another process has read on from here: this one has lost the partition, and nothing of its batch was done. */
export class PositionLost extends Error {
  constructor(topic: string, partition: number) {
    super(`Another process reads ${topic}/${partition} now.`);
    this.name = PositionLost.name;
  }
}

/** Why an event went to the dead letters. */
export interface Verdict {
  /** The handler's name, or empty where the event could not be decoded for any of them. */
  readonly consumer: string;
  readonly code: string;
  readonly reason: string;
}

/** How far the group has read: offsets and the producers' sequences, in the service's own schema. */
export class ConsumerStore {
  private readonly db: Kysely<MessagingTables>;

  constructor(database: Database) {
    this.db = database.kysely as Kysely<MessagingTables>;
  }

  /** The next offset of the group; a new group starts with the oldest event. */
  async position(topic: string, partition: number): Promise<number> {
    await this.db
      .insertInto('consumer_position')
      .values({ topic, partition })
      .onConflict((conflict) => conflict.doNothing())
      .execute();
    const row = await this.db
      .selectFrom('consumer_position')
      .select('next_offset')
      .where('topic', '=', topic)
      .where('partition', '=', partition)
      .executeTakeFirstOrThrow();
    return row.next_offset;
  }

  /** Compare-and-set. Locks the position until the transaction ends. Throws {@link PositionLost}. */
  async advance(tx: Tx, topic: string, partition: number, expected: number, next: number): Promise<void> {
    const { numUpdatedRows } = await tx
      .updateTable('consumer_position')
      .set({ next_offset: next, failing_offset: null, tries: 0 })
      .where('topic', '=', topic)
      .where('partition', '=', partition)
      .where('next_offset', '=', expected)
      .executeTakeFirst();
    if (numUpdatedRows !== 1n) throw new PositionLost(topic, partition);
  }

  /** Counts a failed try of the event at `offset`, which survives this process. Returns how many there were. */
  async countTry(topic: string, partition: number, offset: number): Promise<number> {
    const row = await this.db
      .updateTable('consumer_position')
      .set({
        failing_offset: offset,
        tries: sql<number>`CASE WHEN failing_offset = ${offset} THEN tries + 1 ELSE 1 END`,
      })
      .where('topic', '=', topic)
      .where('partition', '=', partition)
      .returning('tries')
      .executeTakeFirstOrThrow();
    return row.tries;
  }

  /** Those of the records that were not applied before, by their producers' sequences. */
  async unseen(tx: Tx, records: readonly LogRecord[]): Promise<Set<LogRecord>> {
    const highest = await this.highest(tx, records);
    const fresh = new Set<LogRecord>();
    for (const record of records) {
      const stamp = stampOf(record.headers);
      if (stamp && stamp.sequence <= (highest.get(stamp.producer) ?? -1)) continue;
      if (stamp) highest.set(stamp.producer, stamp.sequence);
      fresh.add(record);
    }
    await this.keepHighest(tx, records, highest);
    return fresh;
  }

  private async highest(tx: Tx, records: readonly LogRecord[]): Promise<Map<string, number>> {
    const producers = new Set(records.flatMap((record) => stampOf(record.headers)?.producer ?? []));
    const [first] = records;
    if (!first || producers.size === 0) return new Map();
    const rows = await tx
      .selectFrom('consumer_sequence')
      .select(['producer', 'sequence'])
      .where('topic', '=', first.topic)
      .where('partition', '=', first.partition)
      .where('producer', 'in', [...producers])
      .execute();
    return new Map(rows.map(({ producer, sequence }) => [producer, sequence]));
  }

  private async keepHighest(
    tx: Tx,
    records: readonly LogRecord[],
    highest: ReadonlyMap<string, number>,
  ): Promise<void> {
    const [first] = records;
    if (!first || highest.size === 0) return;
    const { topic, partition } = first;
    await tx
      .insertInto('consumer_sequence')
      .values([...highest].map(([producer, sequence]) => ({ topic, partition, producer, sequence })))
      .onConflict((conflict) =>
        conflict.columns(['topic', 'partition', 'producer']).doUpdateSet({
          sequence: sql<number>`greatest(consumer_sequence.sequence, excluded.sequence)`,
          seen_at: sql<Date>`now()`,
        }),
      )
      .execute();
  }

  /** Keeps the event for people, and announces it on `<topic>.dlq`, in the transaction that moves past it. */
  async deadLetter(tx: Tx, record: LogRecord, verdict: Verdict): Promise<void> {
    const days = Math.min(topicNamed(record.topic).retentionDays ?? Infinity, 36_500);
    await tx
      .insertInto('dead_letter')
      .values({
        id: newId(),
        topic: record.topic,
        partition: record.partition,
        offset: record.offset,
        key: record.key,
        headers: JSON.stringify(record.headers),
        value: record.value,
        ...verdict,
        expires_at: days === 36_500 ? null : sql<Date>`now() + make_interval(days => ${days}::int)`,
      })
      .onConflict((conflict) => conflict.columns(['topic', 'partition', 'offset', 'consumer']).doNothing())
      .execute();
    const announced = announcement(record, verdict);
    await tx
      .insertInto('outbox')
      .values({ ...announced, headers: JSON.stringify(announced.headers) })
      .execute();
  }

  /** Forgets telemetry producers (one a process) that have long ended, and dead letters that may not be kept longer. */
  async prune(): Promise<void> {
    const telemetry = (topic: string): boolean => topicNamed(topic).kind === 'telemetry';
    const topics = await this.db.selectFrom('consumer_sequence').select('topic').distinct().execute();
    for (const { topic } of topics.filter((row) => telemetry(row.topic))) {
      await this.db
        .deleteFrom('consumer_sequence')
        .where('topic', '=', topic)
        .where('seen_at', '<', sql<Date>`now() - make_interval(days => ${DEAD_LETTER_DAYS}::int)`)
        .execute();
    }
    await this.db
      .deleteFrom('dead_letter')
      .where('expires_at', '<', sql<Date>`now()`)
      .execute();
  }
}

function announcement(record: LogRecord, verdict: Verdict): OutgoingRecord {
  return {
    topic: deadLetterTopic(record.topic),
    partition: 0,
    key: record.key ?? '',
    value: record.value,
    headers: {
      ...record.headers,
      steward_deadletter_topic: record.topic,
      steward_deadletter_partition: String(record.partition),
      steward_deadletter_offset: String(record.offset),
      steward_deadletter_consumer: verdict.consumer,
      steward_deadletter_code: verdict.code,
    },
  };
}
