import type { TopicDefinition } from '@steward/contracts';
import type { BatchProcessor } from './consume/batch-processor';
import type { LogRecord, OutgoingRecord } from './log-record';

/** A running subscription. */
export interface Subscription {
  /** What keeps it from reading at the moment; null: nothing. It goes on by itself. */
  readonly fault: string | null;
  /** It has ended by a fault of its own and is being made anew: liveness is red until it reads again. */
  readonly crash: string | null;
  /** Milliseconds since the epoch: when it last came round. If that is long ago, it hangs. */
  readonly turnedAt: number;
  /** Finishes the batches in hand, gives the partitions back. */
  stop(): Promise<void>;
}

/** Where and for how long records of one key are looked for. */
export interface KeySearch {
  readonly topic: string;
  readonly partition: number;
  readonly key: string;
  /** Nothing that was appended before it is looked at; milliseconds since the epoch. */
  readonly fromMs: number;
  /** Records of the partition that are looked at, of any key. */
  readonly mostRecords: number;
  /** True for a record of the key that is enough: the search ends there. */
  readonly enough: (record: LogRecord) => boolean;
}

/** What a search found: records of the key, oldest first. */
export interface KeySearchResult {
  readonly records: readonly LogRecord[];
  /** False where it ended at {@link KeySearch.mostRecords}: there may be more further on. */
  readonly complete: boolean;
}

/** The log behind the bus: the port that both adapters implement, and that one conformance suite tests. */
export abstract class EventBus {
  abstract readonly kind: 'postgres' | 'kafka';

  /** Prepares what the adapter needs (topics, producers). May be called while the bus is away: then it keeps trying. */
  abstract start(): Promise<void>;

  /**
   * Resolves when all records are durable. Records of one partition stay in order. Rejects with a retriable AppError
   * while the bus is away; some records may have been written then. The caller sends the same ones again or gives up.
   */
  abstract append(records: readonly OutgoingRecord[]): Promise<void>;

  /** Reads these topics for the service's group, from the positions that the processor keeps. */
  abstract subscribe(topics: readonly TopicDefinition[], processor: BatchProcessor): Promise<Subscription>;

  /** Records of one key after an offset, oldest first. For people who decide about a dead letter. */
  abstract readKeyAfter(
    topic: string,
    partition: number,
    offset: number,
    key: string,
    limit: number,
  ): Promise<LogRecord[]>;

  /** Records of one key that were appended from a time on. For people who ask about one event: seldom, and bounded. */
  abstract findKey(search: KeySearch): Promise<KeySearchResult>;

  /** Lets connections go. Nothing may be appended afterwards. */
  abstract stop(): Promise<void>;
}
