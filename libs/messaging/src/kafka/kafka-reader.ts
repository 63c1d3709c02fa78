import { randomUUID } from 'node:crypto';
import type { Kafka } from 'kafkajs';
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

/**
 * Reads one partition from an offset to its present end, for people: seldom, and slowly. kafkajs reads only in groups,
 * so this joins one of its own and deletes it afterwards.
 */
export async function readPartitionAfter(kafka: Kafka, read: PartitionRead): Promise<LogRecord[]> {
  const { topic, partition, offset, limit, wanted } = read;
  const groupId = `steward.reader.${randomUUID()}`;
  const admin = kafka.admin();
  const consumer = kafka.consumer({ groupId, maxWaitTimeInMs: 100, allowAutoTopicCreation: false });
  try {
    await admin.connect();
    const bounds = (await admin.fetchTopicOffsets(topic)).find((one) => one.partition === partition);
    const end = Number(bounds?.high ?? 0);
    const begin = Math.max(offset + 1, Number(bounds?.low ?? 0));
    if (begin >= end) return [];
    const found: LogRecord[] = [];
    await consumer.connect();
    await consumer.subscribe({ topic, fromBeginning: true });
    await new Promise<void>((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error('Reading took too long.')), READ_MS);
      const done = (): void => {
        clearTimeout(timer);
        resolve();
      };
      consumer.on(consumer.events.CRASH, ({ payload }) => reject(payload.error));
      consumer
        .run({
          autoCommit: false,
          eachBatch: ({ batch }) => {
            if (batch.partition !== partition) return Promise.resolve();
            for (const message of batch.messages) {
              const record = toLogRecord(topic, partition, message);
              if (record.offset >= begin && record.offset < end && wanted(record)) found.push(record);
            }
            if (Number(batch.lastOffset()) >= end - 1 || found.length >= limit) done();
            return Promise.resolve();
          },
        })
        .catch(reject);
      consumer.seek({ topic, partition, offset: String(begin) });
    });
    return found.slice(0, limit);
  } catch (error) {
    throw mapKafkaError(error);
  } finally {
    await consumer.disconnect().catch(() => undefined);
    await admin.deleteGroups([groupId]).catch(() => undefined);
    await admin.disconnect().catch(() => undefined);
  }
}
