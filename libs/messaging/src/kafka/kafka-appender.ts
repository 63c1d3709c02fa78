import { Partitioners, type Kafka, type Producer, type TopicMessages } from 'kafkajs';
import type { OutgoingRecord } from '../log-record';
import { mapKafkaError } from './kafka-client';

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
      await producer.sendBatch({ acks: -1, topicMessages: grouped(records) });
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

function grouped(records: readonly OutgoingRecord[]): TopicMessages[] {
  const byTopic = new Map<string, TopicMessages>();
  for (const { topic, partition, key, headers, value } of records) {
    const group = byTopic.get(topic) ?? { topic, messages: [] };
    group.messages.push({ partition, key, headers, value });
    byTopic.set(topic, group);
  }
  return [...byTopic.values()];
}
