import { Logger } from '@nestjs/common';
import type { Consumer, EachBatchPayload, Kafka } from 'kafkajs';
import type { BatchOutcome, BatchProcessor } from '../consume/batch-processor';
import { partitionName } from '../log-record';
import { toLogRecord } from './to-log-record';

/** Records of one batch (one transaction) at most. */
const BATCH = 200;
const HEARTBEAT_MS = 1_000;
/** When database or broker cannot say where to go on. */
const UNSURE_MS = 1_000;

interface Assigned {
  readonly topic: string;
  readonly partition: number;
  /** The group's next offset as far as this process knows; undefined: ask the database. */
  next: number | undefined;
  lag: number;
  busy: boolean;
}

/** The partitions that Kafka has given to one consumer, and what is done with what arrives. */
export class KafkaPartitions {
  private readonly logger = new Logger('KafkaPartitions');
  private readonly held = new Map<string, Assigned>();
  private readonly timers = new Set<NodeJS.Timeout>();

  constructor(
    private readonly kafka: Kafka,
    private readonly consumer: Consumer,
    private readonly processor: BatchProcessor,
  ) {}

  /** True while a batch is in hand. */
  get busy(): boolean {
    return [...this.held.values()].some(({ busy }) => busy);
  }

  /** A new assignment: positions may have moved under another owner. */
  assigned(assignment: Readonly<Record<string, readonly number[]>>): void {
    const names = new Set<string>();
    for (const [topic, partitions] of Object.entries(assignment)) {
      for (const partition of partitions) {
        const name = partitionName(topic, partition);
        names.add(name);
        this.held.set(name, { topic, partition, next: undefined, lag: 0, busy: false });
        this.processor.turned(topic, partition, 0);
      }
    }
    for (const [name, { topic, partition }] of this.held) {
      if (names.has(name)) continue;
      this.held.delete(name);
      this.processor.released(topic, partition);
    }
  }

  /** The consumer came round. */
  turned(): void {
    for (const { topic, partition, lag, busy } of this.held.values()) {
      if (!busy) this.processor.turned(topic, partition, lag);
    }
  }

  release(): void {
    for (const timer of this.timers) clearTimeout(timer);
    this.timers.clear();
    for (const { topic, partition } of this.held.values()) this.processor.released(topic, partition);
    this.held.clear();
  }

  async batch(payload: EachBatchPayload): Promise<void> {
    const { topic, partition } = payload.batch;
    const state = this.held.get(partitionName(topic, partition));
    if (!state) return;
    state.busy = true;
    // Long work must not cost us the membership; a heartbeat that says "rebalance" is noticed after the batch.
    const beating = setInterval(() => void payload.heartbeat().catch(() => undefined), HEARTBEAT_MS);
    try {
      await this.apply(payload, state);
    } finally {
      clearInterval(beating);
      state.busy = false;
    }
  }

  private async apply(payload: EachBatchPayload, state: Assigned): Promise<void> {
    const { topic, partition } = state;
    const next = await this.wanted(payload, state);
    if (next === undefined) return;
    const records = payload.batch.messages
      .map((message) => toLogRecord(topic, partition, message))
      .filter(({ offset }) => offset >= next);
    // All of it was done before: Kafka's hint was old.
    if (records.length === 0) payload.resolveOffset(payload.batch.lastOffset());
    const beat = (): Promise<void> => payload.heartbeat().catch(() => undefined);
    for (let done = 0; done < records.length; done += BATCH) {
      if (!payload.isRunning() || payload.isStale()) return;
      const slice = records.slice(done, done + BATCH);
      const outcome = await this.processor.process(state.next ?? next, slice, beat);
      if (!this.settle(payload, state, outcome)) return;
    }
  }

  /** Takes an outcome in. False: read no further in this batch. */
  private settle(payload: EachBatchPayload, state: Assigned, outcome: BatchOutcome): boolean {
    if (outcome.kind === 'lost') {
      state.next = undefined;
      this.pause(payload, state, UNSURE_MS);
      return false;
    }
    const before = state.next;
    state.next = outcome.next;
    state.lag = Math.max(0, Number(payload.batch.highWatermark) - outcome.next);
    this.processor.turned(state.topic, state.partition, state.lag);
    if (outcome.next !== before) payload.resolveOffset(String(outcome.next - 1));
    if (outcome.kind === 'advanced') return true;
    this.pause(payload, state, outcome.waitMs);
    return false;
  }

  /**
   * Where the group is, if this batch fits. Otherwise the partition is sent to the right place, or stands still:
   * kafkajs itself jumps in silence when its offset is out of range.
   */
  private async wanted(payload: EachBatchPayload, state: Assigned): Promise<number | undefined> {
    const { topic, partition } = state;
    try {
      const next = (state.next ??= await this.processor.position(topic, partition));
      const first = Number(payload.batch.firstOffset() ?? next);
      const high = Number(payload.batch.highWatermark);
      if (next > high) {
        await this.processor.outOfRange(topic, partition, next, high);
        this.pause(payload, state, UNSURE_MS);
        return undefined;
      }
      if (first <= next) return next;
      return await this.fill(payload, state, next);
    } catch (error) {
      this.logger.warn(`${partitionName(topic, partition)} waits: ${String(error)}`);
      state.next = undefined;
      this.pause(payload, state, UNSURE_MS);
      return undefined;
    }
  }

  /** The batch begins beyond the position: go back, or report what retention has deleted. */
  private async fill(payload: EachBatchPayload, state: Assigned, next: number): Promise<number | undefined> {
    const { topic, partition } = state;
    const low = await this.lowWatermark(topic, partition);
    if (low <= next) {
      this.consumer.seek({ topic, partition, offset: String(next) });
      return undefined;
    }
    if (!(await this.processor.outOfRange(topic, partition, next, low))) {
      this.pause(payload, state, UNSURE_MS);
      return undefined;
    }
    state.next = low;
    this.consumer.seek({ topic, partition, offset: String(low) });
    return undefined;
  }

  private async lowWatermark(topic: string, partition: number): Promise<number> {
    const admin = this.kafka.admin();
    await admin.connect();
    try {
      const offsets = await admin.fetchTopicOffsets(topic);
      return Number(offsets.find((one) => one.partition === partition)?.low ?? 0);
    } finally {
      await admin.disconnect().catch(() => undefined);
    }
  }

  /** Leaves the partition alone for a while, the others go on; then it is read again from where the group is. */
  private pause(payload: EachBatchPayload, state: Assigned, millis: number): void {
    const resume = payload.pause();
    const timer = setTimeout(() => {
      this.timers.delete(timer);
      if (!this.held.has(partitionName(state.topic, state.partition))) return;
      if (state.next !== undefined) {
        this.consumer.seek({ topic: state.topic, partition: state.partition, offset: String(state.next) });
      }
      resume();
    }, millis);
    this.timers.add(timer);
  }
}
