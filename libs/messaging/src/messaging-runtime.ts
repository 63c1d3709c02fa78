import { Logger } from '@nestjs/common';
import type { EventDefinition, ServiceName } from '@steward/contracts';
import type { PgDatabase } from '@steward/database';
import { errors, isRetriable, SystemClock, type Clock } from '@steward/kernel';
import { BusHealth, type BusReport } from './bus-health';
import { BusMetrics } from './bus-metrics';
import { ConsumerStore } from './consume/consumer-store';
import { EventBatchProcessor } from './consume/event-batch-processor';
import { Handlers } from './consume/handlers';
import { PartitionMonitor } from './consume/partition-monitor';
import { PgDeadLetters } from './consume/pg-dead-letters';
import type { EventConsumer } from './consumer';
import type { EventBus, Subscription } from './event-bus';
import { createBus, type BusOptions } from './create-bus';
import type { MessagingTables } from './messaging-tables';
import { partitionName } from './log-record';
import { BatchingTelemetryLog } from './publish/batching-telemetry-log';
import { LogTelemetryHistory } from './publish/log-telemetry-history';
import { OutboxRelay } from './publish/outbox-relay';
import { PgOutbox } from './publish/pg-outbox';

export interface MessagingOptions extends BusOptions {
  /** Who publishes and consumes; also the name of the consumer group. */
  readonly service: ServiceName;
  /** Default: the system's. */
  readonly clock?: Clock;
  /** How often a partition that stands still at an event which may not be skipped is tried again. Default 10,000 ms. */
  readonly stoppedRetryMs?: number;
}

/** Loops that have not come round for this long hang. */
const HANGS_MS = 120_000;
const STOPPED_RETRY_MS = 10_000;
const START_AGAIN_MS = 500;
const PRUNE_MS = 10 * 60_000;

/** One service's part of the bus, put together: what MessagingModule gives to Nest, and tests use as it is. */
export class MessagingRuntime extends BusHealth {
  private readonly logger = new Logger('Messaging');
  readonly outbox: PgOutbox;
  readonly telemetry: BatchingTelemetryLog;
  readonly history: LogTelemetryHistory;
  readonly deadLetters: PgDeadLetters;
  readonly bus: EventBus;
  private readonly pool: PgDatabase;
  private readonly relay: OutboxRelay;
  private readonly handlers = new Handlers();
  private readonly monitor: PartitionMonitor;
  private readonly store: ConsumerStore;
  readonly processor: EventBatchProcessor;
  private subscription: Subscription | undefined;
  private starting: Promise<void> | undefined;
  private pruning: NodeJS.Timeout | undefined;
  private startFault: string | null = 'The event bus has not started yet.';
  private stopped = false;

  constructor(
    private readonly options: MessagingOptions,
    private readonly database: PgDatabase<MessagingTables>,
  ) {
    super();
    const { service, clock = new SystemClock() } = options;
    const metrics = new BusMetrics(service);
    const made = createBus(options, service, database, metrics);
    this.bus = made.bus;
    this.pool = made.pool;
    this.relay = new OutboxRelay(made.relayStep, database.kysely, metrics);
    this.outbox = new PgOutbox(service, clock, this.relay.wake);
    this.telemetry = new BatchingTelemetryLog(service, made.bus, clock, metrics);
    this.history = new LogTelemetryHistory(service, made.bus);
    this.deadLetters = new PgDeadLetters(database, made.bus, this.handlers);
    this.monitor = new PartitionMonitor(metrics);
    this.store = new ConsumerStore(database);
    this.processor = new EventBatchProcessor(database, this.store, this.handlers, this.monitor, metrics, {
      stoppedRetryMs: options.stoppedRetryMs ?? STOPPED_RETRY_MS,
    });
  }

  /**
   * Begins to relay and to consume. If database or bus are away it goes on trying in the background, not ready until
   * then. Throws what trying again cannot mend, for example `EVENT.BUS_CHANGED`.
   */
  async start(consumers: readonly EventConsumer<EventDefinition>[]): Promise<void> {
    this.handlers.register(consumers);
    try {
      await this.begin();
    } catch (error) {
      if (!isRetriable(error)) throw error;
      this.startFault = String(error);
      this.starting = this.beginLater();
    }
    this.pruning = setInterval(() => {
      this.store.prune().catch((error: unknown) => this.logger.warn(`Pruning failed: ${String(error)}`));
    }, PRUNE_MS);
    this.pruning.unref();
  }

  private async beginLater(): Promise<void> {
    while (!this.stopped) {
      await new Promise((resolve) => setTimeout(resolve, START_AGAIN_MS));
      try {
        await this.begin();
        return;
      } catch (error) {
        this.startFault = String(error);
      }
    }
  }

  private async begin(): Promise<void> {
    if (this.stopped) return;
    await this.checkBus();
    await this.bus.start();
    this.relay.start();
    if (this.handlers.topics.length > 0) {
      this.subscription = await this.bus.subscribe(this.handlers.topics, this.processor);
    }
    this.startFault = null;
  }

  /** Offsets belong to one bus; on another they would skip or repeat. */
  private async checkBus(): Promise<void> {
    const db = this.database.kysely;
    await db.updateTable('outbox_relay').set({ bus: this.bus.kind }).where('bus', 'is', null).execute();
    const { bus } = await db.selectFrom('outbox_relay').select('bus').executeTakeFirstOrThrow();
    if (bus === this.bus.kind) return;
    throw errors.conflict(
      'EVENT.BUS_CHANGED',
      `This database's offsets belong to the bus "${bus}", not "${this.bus.kind}". Start with that, or with an empty database.`,
    );
  }

  report(): BusReport {
    const partitions = this.monitor.all();
    const hangs = (at: number): boolean => Date.now() - at > HANGS_MS;
    const hanging = [
      ...(this.startFault === null && hangs(this.relay.turnedAt) ? ['The outbox relay hangs.'] : []),
      ...(this.subscription?.crash ? [`The subscription crashed: ${this.subscription.crash}.`] : []),
      ...(this.subscription && hangs(this.subscription.turnedAt) ? ['The subscription hangs.'] : []),
      ...partitions
        .filter(({ turnedAt }) => hangs(turnedAt))
        .map(({ topic, partition }) => `The consumer of ${partitionName(topic, partition)} hangs.`),
    ];
    const waiting = [
      ...(this.startFault ? [this.startFault] : []),
      ...(this.relay.trouble ? [`The outbox cannot be relayed: ${this.relay.trouble}.`] : []),
      ...(this.telemetry.trouble ? [`Telemetry cannot be appended: ${this.telemetry.trouble}.`] : []),
      ...(this.subscription?.fault ? [this.subscription.fault] : []),
      ...partitions.flatMap(({ topic, partition, trouble }) =>
        trouble?.kind === 'waiting' ? [`${partitionName(topic, partition)} waits: ${trouble.code}.`] : [],
      ),
    ];
    const alarms = partitions.flatMap(({ topic, partition, trouble }) =>
      trouble?.kind === 'stopped'
        ? [`${partitionName(topic, partition)} stands still at offset ${trouble.offset}: ${trouble.code}.`]
        : [],
    );
    return {
      live: hanging.length === 0,
      ready: waiting.length === 0,
      faults: [...hanging, ...waiting],
      alarms,
      partitions,
    };
  }

  /** Finishes the batches in hand and takes no more events. */
  async stopConsuming(): Promise<void> {
    this.stopped = true;
    clearInterval(this.pruning);
    await this.starting;
    await this.subscription?.stop();
  }

  /** Writes what waits and lets go. What is left in the outbox goes out at the next start. */
  async stop(): Promise<void> {
    await this.stopConsuming();
    await this.telemetry.close();
    await this.relay.stop();
    await this.bus.stop();
    await this.pool.close();
  }
}
