import { Partitioners, type Kafka, type Producer, type TopicMessages } from 'kafkajs';
import { partitionName, type OutgoingRecord } from '../log-record';
import { mapKafkaError } from './kafka-client';

/** Brokers refuse a batch of more than 1 MiB a partition (message.max.bytes), as they are set up by default. */
const PARTITION_BYTES = 768 * 1024;

/**
 * Writes records with acks=all through an idempotent producer. After any failure the producer is thrown away: kafkajs
 * does not raise its epoch, so one whose sequence numbers the broker no longer accepts (OUT_OF_ORDER_SEQUENCE_NUMBER,
 * UNKNOWN_PRODUCER_ID) would fail for ever. What a failure leaves twice, readers see by our own sequences.
 */
export class KafkaAppender {
  private producer: Promise<Producer> | undefined;

  constructor(private readonly kafka: Kafka) {}

  async append(records: readonly OutgoingRecord[]): Promise<void> {
    const mine = (this.producer ??= this.connect());
    try {
      const producer = await mine;
      for (const request of requests(records))
        await producer.sendBatch({ acks: -1, topicMessages: grouped(request) });
    } catch (error) {
      if (this.producer === mine) this.producer = undefined;
      void mine
        .then(
          (producer) => producer.disconnect(),
          () => undefined,
        )
        .catch(() => undefined);
      throw mapKafkaError(error);
    }
  }

  async stop(): Promise<void> {
    const producer = await this.producer?.catch(() => undefined);
    this.producer = undefined;
    await producer?.disconnect().catch(() => undefined);
  }

  private async connect(): Promise<Producer> {
    const producer = this.kafka.producer({
      idempotent: true,
      maxInFlightRequests: 1,
      allowAutoTopicCreation: false,
      createPartitioner: Partitioners.DefaultPartitioner,
    });
    await producer.connect();
    return producer;
  }
}

const sizeOf = ({ key, headers, value }: OutgoingRecord): number =>
  value.length +
  key.length +
  Object.entries(headers).reduce((sum, [name, text]) => sum + name.length + text.length + 4, 32);

/** Splits records so that what one request holds for a partition fits a broker's limit; their order stays. */
export function requests(records: readonly OutgoingRecord[], limit = PARTITION_BYTES): OutgoingRecord[][] {
  const result: OutgoingRecord[][] = [];
  let sizes = new Map<string, number>();
  for (const record of records) {
    const name = partitionName(record.topic, record.partition);
    const size = (sizes.get(name) ?? 0) + sizeOf(record);
    if (result.length === 0 || (size > limit && sizes.has(name))) {
      result.push([]);
      sizes = new Map();
    }
    sizes.set(name, (sizes.get(name) ?? 0) + sizeOf(record));
    result.at(-1)!.push(record);
  }
  return result;
}

function grouped(records: readonly OutgoingRecord[]): TopicMessages[] {
  const byTopic = new Map<string, TopicMessages>();
  for (const { topic, partition, key, headers, value } of records) {
    const group = byTopic.get(topic) ?? { topic, messages: [] };
    group.messages.push({ partition, key, headers, value });
    byTopic.set(topic, group);
  }
  return [...byTopic.values()];
}
