import type { LogRecord } from '../log-record';

/** What became of a batch, and what the adapter does next. */
export type BatchOutcome =
  /** Everything below `next` is done: read on. */
  | { readonly kind: 'advanced'; readonly next: number }
  /** Everything below `next` is done; come back to it after `waitMs`. */
  | { readonly kind: 'wait'; readonly next: number; readonly waitMs: number }
  /** Another process owns the partition: drop what is in hand and ask for the position again. */
  | { readonly kind: 'lost' };

/** What an adapter calls with what it read. One call at a time per partition. */
export interface BatchProcessor {
  /** The group's next offset. Throws a retriable AppError while the database is away. */
  position(topic: string, partition: number): Promise<number>;

  /**
   * Applies records, whose first may lie beyond `expected` only where the log has holes. Never throws. `heartbeat` is
   * called between events, so that the adapter can show that it is alive.
   */
  process(
    expected: number,
    records: readonly LogRecord[],
    heartbeat?: () => Promise<void>,
  ): Promise<BatchOutcome>;

  /**
   * The log no longer has `expected`: it begins at `first`. True: the group's position was moved there, and the loss was
   * reported. False: this topic may not skip; the partition stops and an alarm is raised.
   */
  outOfRange(topic: string, partition: number, expected: number, first: number): Promise<boolean>;

  /** Tells the monitor that the adapter looked at a partition, and how many events lie before it. */
  turned(topic: string, partition: number, lag: number): void;

  /** The adapter no longer reads this partition. */
  released(topic: string, partition: number): void;
}
