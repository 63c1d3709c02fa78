import { randomUUID } from 'node:crypto';
import type { Admin, Kafka } from 'kafkajs';
import type { KeySearch, KeySearchResult } from '../event-bus';
import type { LogRecord } from '../log-record';
import { mapKafkaError } from './kafka-client';
import { toLogRecord } from './to-log-record';

const READ_MS = 20_000;

export interface PartitionRead {
  readonly topic: string;
  readonly partition: number;
  /** Only what comes after it. */
  readonly offset: number;
  readonly limit: number;
  readonly wanted: (record: LogRecord) => boolean;
}

/** Reads one partition from an offset to its present end, for people: seldom, and slowly. */
export async function readPartitionAfter(kafka: Kafka, read: PartitionRead): Promise<LogRecord[]> {
  const { topic, partition, offset, limit, wanted } = read;
  const found: LogRecord[] = [];
  await withAdmin(kafka, async (admin) => {
    const { low, high } = await boundsOf(admin, topic, partition);
    await scan(kafka, { topic, partition, begin: Math.max(offset + 1, low), end: high }, (record) => {
      if (wanted(record)) found.push(record);
      return found.length >= limit;
    });
  });
  return found.slice(0, limit);
}

/** Looks for records of one key from a time on; Kafka finds the offset of the time by its own index. */
export async function findKeyInPartition(kafka: Kafka, search: KeySearch): Promise<KeySearchResult> {
  const { topic, partition, key, fromMs, mostRecords, enough } = search;
  return await withAdmin(kafka, async (admin) => {
    const since = await admin.fetchTopicOffsetsByTimestamp(topic, fromMs);
    const { low, high } = await boundsOf(admin, topic, partition);
    const first = Number(since.find((one) => one.partition === partition)?.offset ?? high);
    const begin = Math.max(first, low);
    const end = Math.min(high, begin + mostRecords);
    const records: LogRecord[] = [];
    const enoughFound = await scan(kafka, { topic, partition, begin, end }, (record) => {
      if (record.key !== key) return false;
      records.push(record);
      return enough(record);
    });
    return { records, complete: enoughFound || end === high };
  });
}

async function withAdmin<T>(kafka: Kafka, work: (admin: Admin) => Promise<T>): Promise<T> {
  const admin = kafka.admin();
  try {
    await admin.connect();
    return await work(admin);
  } catch (error) {
    throw mapKafkaError(error);
  } finally {
    await admin.disconnect().catch(() => undefined);
  }
}

async function boundsOf(
  admin: Admin,
  topic: string,
  partition: number,
): Promise<{ low: number; high: number }> {
  const bounds = (await admin.fetchTopicOffsets(topic)).find((one) => one.partition === partition);
  return { low: Number(bounds?.low ?? 0), high: Number(bounds?.high ?? 0) };
}

interface Range {
  readonly topic: string;
  readonly partition: number;
  readonly begin: number;
  readonly end: number;
}

/**
 * Gives the records of [begin, end) one by one, until `done` says so (then true) or the range ends. kafkajs reads only in
 * groups, so this joins one of its own and deletes it afterwards.
 */
async function scan(kafka: Kafka, range: Range, done: (record: LogRecord) => boolean): Promise<boolean> {
  const { topic, partition, begin, end } = range;
  if (begin >= end) return false;
  const groupId = `steward.reader.${randomUUID()}`;
  const consumer = kafka.consumer({ groupId, maxWaitTimeInMs: 100, allowAutoTopicCreation: false });
  try {
    await consumer.connect();
    await consumer.subscribe({ topic, fromBeginning: true });
    return await new Promise<boolean>((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error('Reading took too long.')), READ_MS);
      const settle = (enough: boolean): void => {
        clearTimeout(timer);
        resolve(enough);
      };
      // What a later try mends (a coordinator that still loads) kafkajs tries again itself, within our time.
      consumer.on(consumer.events.CRASH, ({ payload }) => {
        if (!payload.restart) reject(payload.error);
      });
      // At each join, for what was sought is forgotten with the group.
      consumer.on(consumer.events.GROUP_JOIN, () =>
        consumer.seek({ topic, partition, offset: String(begin) }),
      );
      consumer
        .run({
          autoCommit: false,
          eachBatch: ({ batch }) => {
            if (batch.partition !== partition) return Promise.resolve();
            for (const message of batch.messages) {
              const record = toLogRecord(topic, partition, message);
              if (record.offset >= begin && record.offset < end && done(record)) {
                settle(true);
                return Promise.resolve();
              }
            }
            if (Number(batch.lastOffset()) >= end - 1) settle(false);
            return Promise.resolve();
          },
        })
        .catch(reject);
    });
  } finally {
    await consumer.disconnect().catch(() => undefined);
    await withAdmin(kafka, (admin) => admin.deleteGroups([groupId])).catch(() => undefined);
  }
}
