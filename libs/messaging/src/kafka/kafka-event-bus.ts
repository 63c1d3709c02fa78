import type { ServiceName, TopicDefinition } from '@steward/contracts';
import type { Kafka } from 'kafkajs';
import type { BatchProcessor } from '../consume/batch-processor';
import { EventBus, type KeySearch, type KeySearchResult, type Subscription } from '../event-bus';
import type { LogRecord, OutgoingRecord } from '../log-record';
import { KafkaAppender } from './kafka-appender';
import { createKafka } from './kafka-client';
import { findKeyInPartition, readPartitionAfter } from './kafka-reader';
import { KafkaSubscription } from './kafka-subscription';
import { ensureKafkaTopics, requireKafkaTopics } from './kafka-topics';

/** The event bus on Kafka, for production. */
export class KafkaEventBus extends EventBus {
  readonly kind = 'kafka';
  private readonly kafka: Kafka;
  private readonly appender: KafkaAppender;

  constructor(
    private readonly service: ServiceName,
    private readonly brokers: readonly string[],
  ) {
    super();
    this.kafka = createKafka(`steward-${service}`, brokers);
    this.appender = new KafkaAppender(this.kafka);
  }

  /** Creates this service's own topics where they are missing. */
  start(): Promise<void> {
    return ensureKafkaTopics({ brokers: this.brokers, owner: this.service });
  }

  append(records: readonly OutgoingRecord[]): Promise<void> {
    return this.appender.append(records);
  }

  async subscribe(topics: readonly TopicDefinition[], processor: BatchProcessor): Promise<Subscription> {
    await requireKafkaTopics(this.brokers, topics);
    const subscription = new KafkaSubscription(this.kafka, this.service, topics, processor);
    subscription.start();
    return subscription;
  }

  readKeyAfter(
    topic: string,
    partition: number,
    offset: number,
    key: string,
    limit: number,
  ): Promise<LogRecord[]> {
    return readPartitionAfter(this.kafka, {
      topic,
      partition,
      offset,
      limit,
      wanted: (record) => record.key === key,
    });
  }

  findKey(search: KeySearch): Promise<KeySearchResult> {
    return findKeyInPartition(this.kafka, search);
  }

  stop(): Promise<void> {
    return this.appender.stop();
  }
}
