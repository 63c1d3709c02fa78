import type { PgDatabase } from '@steward/database';
import type { TopicDefinition } from '@steward/contracts';
import type { BatchProcessor } from '../consume/batch-processor';
import type { Subscription } from '../event-bus';
import { partitionName } from '../log-record';
import type { LogReader } from './log-reader';
import { PartitionLocks, type LockListener, type PartitionRef } from './partition-locks';
import { PartitionLoop } from './partition-loop';
import { Permits } from './permits';

/** Heads are looked at this often even if nobody said that there is something new. */
const POLL_MS = 500;
/** Batches that one process applies at once; each holds a connection of the service's pool. */
const CONCURRENT = 4;

/** The partitions that this process reads, each in a loop of its own, and the watcher that wakes them. */
export class PgSubscription implements Subscription, LockListener {
  private readonly loops = new Map<string, PartitionLoop>();
  private readonly permits = new Permits(CONCURRENT);
  private readonly locks: PartitionLocks;
  private readonly topicNames: readonly string[];
  /** Those that are to be looked at. */
  private readonly grown = new Set<string>();
  private timer: NodeJS.Timeout | undefined;
  private looking: Promise<void> | undefined;
  private stopped = false;
  private isConnected = false;
  readonly crash = null;

  constructor(
    database: PgDatabase,
    service: string,
    topics: readonly TopicDefinition[],
    private readonly reader: LogReader,
    private readonly processor: BatchProcessor,
  ) {
    const partitions = topics.flatMap(({ name, partitions }) =>
      Array.from({ length: partitions }, (_, partition): PartitionRef => ({ topic: name, partition })),
    );
    this.topicNames = topics.map(({ name }) => name);
    this.locks = new PartitionLocks(database, service, partitions, this);
  }

  start(): void {
    this.locks.start();
    this.timer = setInterval(() => this.woken(), POLL_MS);
  }

  get fault(): string | null {
    return this.isConnected ? null : 'The connection to the event log is lost.';
  }

  get turnedAt(): number {
    return this.locks.turnedAt;
  }

  async stop(): Promise<void> {
    this.stopped = true;
    clearInterval(this.timer);
    await this.locks.stop();
    await this.looking;
  }

  acquired(ref: PartitionRef): void {
    this.loops.set(
      partitionName(ref.topic, ref.partition),
      new PartitionLoop(ref, this.reader, this.processor, this.permits),
    );
    this.woken();
  }

  async released(ref: PartitionRef): Promise<void> {
    const name = partitionName(ref.topic, ref.partition);
    const loop = this.loops.get(name);
    this.loops.delete(name);
    await loop?.stop();
  }

  connected(yes: boolean): void {
    this.isConnected = yes;
  }

  /** Others write to the log too: what is not read here is no reason to look. */
  woken(topics: readonly string[] = []): void {
    for (const topic of topics.length === 0 ? this.topicNames : topics)
      if (this.topicNames.includes(topic)) this.grown.add(topic);
    if (this.grown.size === 0) return;
    this.looking ??= this.look().finally(() => {
      this.looking = undefined;
    });
  }

  private async look(): Promise<void> {
    while (this.grown.size > 0 && !this.stopped) {
      const topics = [...this.grown];
      this.grown.clear();
      if (this.loops.size === 0) return;
      const heads = await this.reader.heads(topics).catch(() => []);
      for (const head of heads) this.loops.get(partitionName(head.topic, head.partition))?.wake(head);
    }
  }
}
