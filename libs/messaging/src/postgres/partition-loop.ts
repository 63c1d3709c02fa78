import type { BatchOutcome, BatchProcessor } from '../consume/batch-processor';
import type { PartitionHead, LogReader } from './log-reader';
import type { PartitionRef } from './partition-locks';
import type { Permits } from './permits';

/** Records of one batch at most. */
const BATCH = 200;
const UNAVAILABLE_MS = 500;
/** A quiet loop comes round this often to show that it lives. */
const QUIET_MS = 5_000;

/** Reads one owned partition from the group's position to the head, over and over, until it is stopped. */
export class PartitionLoop {
  private stopped = false;
  private wakeUp: () => void = () => undefined;
  private head: PartitionHead | undefined;
  private readonly running: Promise<void>;

  constructor(
    private readonly ref: PartitionRef,
    private readonly reader: LogReader,
    private readonly processor: BatchProcessor,
    private readonly permits: Permits,
  ) {
    this.running = this.run();
  }

  /** The log grew. */
  wake(head: PartitionHead): void {
    this.head = head;
    this.wakeUp();
  }

  async stop(): Promise<void> {
    this.stopped = true;
    this.wakeUp();
    await this.running;
    this.processor.released(this.ref.topic, this.ref.partition);
  }

  private async run(): Promise<void> {
    let next: number | undefined;
    while (!this.stopped) {
      try {
        next ??= await this.processor.position(this.ref.topic, this.ref.partition);
        next = await this.turn(next);
      } catch {
        // The database is away; the bus's watcher says so. The position is asked for again.
        next = undefined;
        await this.sleep(UNAVAILABLE_MS);
      }
    }
  }

  /** One look at the log. Returns the next offset, or undefined to ask for the position again. */
  private async turn(next: number): Promise<number | undefined> {
    const { topic, partition } = this.ref;
    const head = this.head;
    this.processor.turned(topic, partition, head ? Math.max(0, head.nextOffset - next) : 0);
    if (head && (next < head.firstOffset || next > head.nextOffset)) return await this.jump(next);
    if (!head || next >= head.nextOffset) {
      await this.sleep(QUIET_MS);
      return next;
    }
    const outcome = await this.permits.use(() => this.batch(next));
    if (outcome.kind === 'wait') await this.pause(outcome.waitMs);
    return outcome.kind === 'lost' ? undefined : outcome.next;
  }

  private async batch(next: number): Promise<BatchOutcome> {
    const { topic, partition } = this.ref;
    const records = this.stopped ? [] : await this.reader.read(topic, partition, next, BATCH);
    if (records[0]?.offset === next) return await this.processor.process(next, records);
    // Retention was faster than the head that we know: wait for the watcher's next look.
    this.head = undefined;
    return { kind: 'advanced', next };
  }

  /** The position lies outside of what we know of the log. What we know may be old, so look again first. */
  private async jump(next: number): Promise<number> {
    const { topic, partition } = this.ref;
    const heads = await this.reader.heads([topic]);
    this.head = heads.find((head) => head.partition === partition);
    if (!this.head || (next >= this.head.firstOffset && next <= this.head.nextOffset)) return next;
    const first = next < this.head.firstOffset ? this.head.firstOffset : this.head.nextOffset;
    if (await this.processor.outOfRange(topic, partition, next, first)) return first;
    await this.sleep(QUIET_MS);
    return next;
  }

  /** Waits this long, whatever wakes the loop; only a stop ends it sooner. */
  private async pause(millis: number): Promise<void> {
    const until = Date.now() + millis;
    while (!this.stopped && Date.now() < until) await this.sleep(until - Date.now());
  }

  private async sleep(millis: number): Promise<void> {
    if (this.stopped) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, millis);
      this.wakeUp = () => {
        clearTimeout(timer);
        resolve();
      };
    });
    this.wakeUp = () => undefined;
  }
}
