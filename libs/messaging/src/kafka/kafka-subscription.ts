import { Logger } from '@nestjs/common';
import type { TopicDefinition } from '@steward/contracts';
import type { Consumer, EachBatchPayload, Kafka } from 'kafkajs';
import type { BatchProcessor } from '../consume/batch-processor';
import type { Subscription } from '../event-bus';
import { KafkaPartitions } from './kafka-partitions';

const CONCURRENT = 4;
const SESSION_MS = 10_000;
const HEARTBEAT_MS = 2_000;
/** An idle fetch returns after this; paused partitions come back no later. */
const FETCH_WAIT_MS = 250;
const FIRST_BACKOFF_MS = 250;
const LONGEST_BACKOFF_MS = 10_000;

/** Errors of brokers that are away: the consumer waits for them; that is no reason to restart the process. */
const AWAY = /ConnectionError|ConnectionClosed|BrokerNotFound|NoBrokerAvailable|RequestTimeout|LockTimeout/;

/** kafkajs wraps the last error in one that says how often it tried. */
function isAway(error: unknown): boolean {
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    const { retriable } = cause as { retriable?: boolean };
    if (AWAY.test(cause.name) || (cause.name === 'KafkaJSProtocolError' && retriable)) return true;
  }
  return false;
}

/** The group name of a service. */
export const groupOf = (service: string): string => `steward.${service}`;

/**
 * A member of the service's consumer group. kafkajs only shares the partitions out; where to read is the processor's
 * word, and Kafka's committed offsets are a hint. A consumer that crashes is thrown away and made anew with back-off.
 */
export class KafkaSubscription implements Subscription {
  private readonly logger = new Logger('KafkaSubscription');
  private running: Promise<void> | undefined;
  private stopped = false;
  private stopping: () => void = () => undefined;
  private fetchedAt = Date.now();
  private joined = false;
  private partitions: KafkaPartitions | undefined;
  crash: string | null = null;

  constructor(
    private readonly kafka: Kafka,
    private readonly service: string,
    private readonly topics: readonly TopicDefinition[],
    private readonly processor: BatchProcessor,
  ) {}

  start(): void {
    this.running ??= this.run();
  }

  get fault(): string | null {
    return this.joined ? null : 'The consumer is not in its Kafka group.';
  }

  get turnedAt(): number {
    // While batches are in hand there is no fetch; their partitions are watched one by one. Out of the group, the
    // loop below is waiting with a back-off.
    return !this.joined || this.partitions?.busy ? Date.now() : this.fetchedAt;
  }

  async stop(): Promise<void> {
    this.stopped = true;
    this.stopping();
    await this.running;
  }

  private async run(): Promise<void> {
    let backoff = FIRST_BACKOFF_MS;
    while (!this.stopped) {
      const began = Date.now();
      const error = await this.runOnce().catch((thrown: unknown) => thrown);
      this.joined = false;
      if (this.stopped) return;
      const text = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
      this.crash = isAway(error) ? null : text;
      this.logger.warn(`The consumer ended and is made anew in ${backoff} ms: ${text}`);
      if (Date.now() - began > 60_000) backoff = FIRST_BACKOFF_MS;
      await this.sleep(backoff);
      backoff = Math.min(backoff * 2, LONGEST_BACKOFF_MS);
    }
  }

  /** Runs one consumer until it crashes (resolves with the error) or we stop. */
  private async runOnce(): Promise<unknown> {
    const consumer = this.kafka.consumer({
      groupId: groupOf(this.service),
      sessionTimeout: SESSION_MS,
      rebalanceTimeout: 3 * SESSION_MS,
      heartbeatInterval: HEARTBEAT_MS,
      maxWaitTimeInMs: FETCH_WAIT_MS,
      allowAutoTopicCreation: false,
      // Restarting is our part: kafkajs gives up on errors that it takes for final.
      retry: {
        retries: 2,
        initialRetryTime: 100,
        maxRetryTime: 1_000,
        restartOnFailure: () => Promise.resolve(false),
      },
    });
    const partitions = new KafkaPartitions(this.kafka, consumer, this.processor);
    this.partitions = partitions;
    const ended = new Promise<unknown>((resolve) => {
      this.stopping = () => resolve(undefined);
      consumer.on(consumer.events.CRASH, ({ payload }) => resolve(payload.error));
    });
    this.watch(consumer, partitions);
    try {
      await consumer.connect();
      await consumer.subscribe({ topics: this.topics.map(({ name }) => name), fromBeginning: true });
      await consumer.run({
        // A batch that ends early must not count as read.
        eachBatchAutoResolve: false,
        partitionsConsumedConcurrently: CONCURRENT,
        eachBatch: (payload: EachBatchPayload) => partitions.batch(payload),
      });
      return await ended;
    } finally {
      partitions.release();
      await consumer.disconnect().catch(() => undefined);
    }
  }

  private watch(consumer: Consumer, partitions: KafkaPartitions): void {
    consumer.on(consumer.events.GROUP_JOIN, ({ payload }) => {
      this.joined = true;
      this.crash = null;
      this.fetchedAt = Date.now();
      partitions.assigned(payload.memberAssignment);
    });
    consumer.on(consumer.events.FETCH, () => {
      this.fetchedAt = Date.now();
      partitions.turned();
    });
  }

  private async sleep(millis: number): Promise<void> {
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, millis);
      this.stopping = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}
