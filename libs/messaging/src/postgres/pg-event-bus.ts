import { PgDatabase } from '@steward/database';
import type { ServiceName, TopicDefinition } from '@steward/contracts';
import { Logger } from '@nestjs/common';
import { sql } from 'kysely';
import type { BatchProcessor } from '../consume/batch-processor';
import { EventBus, type KeySearch, type KeySearchResult, type Subscription } from '../event-bus';
import type { LogRecord, OutgoingRecord } from '../log-record';
import { appendRecords } from './append-records';
import { KeyFinder } from './key-finder';
import { LogNotifier, TELEMETRY_SPACING_MS } from './log-notifier';
import { LogReader } from './log-reader';
import { PgSubscription } from './pg-subscription';

const PRUNE_MS = 10 * 60_000;
const PRUNE_BATCH = 5_000;

/** The event log in PostgreSQL: the bus of installations that have no broker. */
export class PgEventBus extends EventBus {
  readonly kind = 'postgres';
  readonly notifier: LogNotifier;
  private readonly logger = new Logger(PgEventBus.name);
  private readonly reader: LogReader;
  private readonly keys: KeyFinder;
  private pruning: NodeJS.Timeout | undefined;

  /** @param database a pool for the bus alone, so that telemetry never waits behind requests */
  constructor(
    private readonly service: ServiceName,
    private readonly database: PgDatabase,
  ) {
    super();
    this.notifier = new LogNotifier(database);
    this.reader = new LogReader(database);
    this.keys = new KeyFinder(database, this.reader);
  }

  start(): Promise<void> {
    this.pruning ??= setInterval(() => void this.prune(), PRUNE_MS);
    this.pruning.unref();
    return Promise.resolve();
  }

  async append(records: readonly OutgoingRecord[]): Promise<void> {
    await this.database.statement((db) => appendRecords(db, records));
    this.notifier.notify(new Set(records.map(({ topic }) => topic)), TELEMETRY_SPACING_MS);
  }

  subscribe(topics: readonly TopicDefinition[], processor: BatchProcessor): Promise<Subscription> {
    const subscription = new PgSubscription(this.database, this.service, topics, this.reader, processor);
    subscription.start();
    return Promise.resolve(subscription);
  }

  readKeyAfter(
    topic: string,
    partition: number,
    offset: number,
    key: string,
    limit: number,
  ): Promise<LogRecord[]> {
    return this.reader.readKeyAfter(topic, partition, offset, key, limit);
  }

  findKey(search: KeySearch): Promise<KeySearchResult> {
    return this.keys.find(search);
  }

  /** Deletes what the retention of this service's topics no longer keeps. Returns how many records. */
  async prune(): Promise<number> {
    let total = 0;
    try {
      for (let pruned = PRUNE_BATCH; pruned >= PRUNE_BATCH; total += pruned) {
        const { rows } = await sql<{
          pruned: number;
        }>`SELECT event_log.prune(${PRUNE_BATCH}) AS pruned`.execute(this.database.kysely);
        pruned = rows[0]?.pruned ?? 0;
      }
    } catch (error) {
      this.logger.warn(`Old records could not be deleted; tried again later: ${String(error)}`);
    }
    return total;
  }

  async stop(): Promise<void> {
    clearInterval(this.pruning);
    await this.notifier.stop();
  }
}
