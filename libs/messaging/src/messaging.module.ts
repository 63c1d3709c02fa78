import {
  Global,
  Injectable,
  Module,
  type DynamicModule,
  type OnApplicationBootstrap,
  type OnApplicationShutdown,
  type OnModuleDestroy,
} from '@nestjs/common';
import { DiscoveryModule, DiscoveryService } from '@nestjs/core';
import type { EventDefinition } from '@steward/contracts';
import { PgDatabase } from '@steward/database';
import { BusHealth } from './bus-health';
import { EventConsumer } from './consumer';
import { DeadLetters } from './dead-letters';
import { MessagingRuntime, type MessagingOptions } from './messaging-runtime';
import { Outbox, TelemetryHistory, TelemetryLog } from './outbox';

/** Starts and ends the bus with the application. */
@Injectable()
class MessagingLifetime implements OnApplicationBootstrap, OnModuleDestroy, OnApplicationShutdown {
  constructor(
    private readonly runtime: MessagingRuntime,
    private readonly discovery: DiscoveryService,
  ) {}

  onApplicationBootstrap(): Promise<void> {
    const consumers = this.discovery
      .getProviders()
      .map(({ instance }) => instance as unknown)
      .filter((instance): instance is EventConsumer<EventDefinition> => instance instanceof EventConsumer);
    return this.runtime.start([...new Set(consumers)]);
  }

  onModuleDestroy(): Promise<void> {
    return this.runtime.stopConsuming();
  }

  onApplicationShutdown(): Promise<void> {
    return this.runtime.stop();
  }
}

/**
 * The event bus of a service: provides {@link Outbox}, {@link TelemetryLog}, {@link TelemetryHistory}, {@link BusHealth} and
 * {@link DeadLetters} everywhere, and runs every provider that extends {@link EventConsumer}. Needs DatabaseModule.
 */
@Global()
@Module({})
export class MessagingModule {
  static forRoot(options: MessagingOptions): DynamicModule {
    return {
      module: MessagingModule,
      imports: [DiscoveryModule],
      providers: [
        {
          provide: MessagingRuntime,
          inject: [PgDatabase],
          useFactory: (database: PgDatabase) => new MessagingRuntime(options, database),
        },
        MessagingLifetime,
        { provide: BusHealth, useExisting: MessagingRuntime },
        {
          provide: Outbox,
          inject: [MessagingRuntime],
          useFactory: (runtime: MessagingRuntime) => runtime.outbox,
        },
        {
          provide: TelemetryLog,
          inject: [MessagingRuntime],
          useFactory: (runtime: MessagingRuntime) => runtime.telemetry,
        },
        {
          provide: TelemetryHistory,
          inject: [MessagingRuntime],
          useFactory: (runtime: MessagingRuntime) => runtime.history,
        },
        {
          provide: DeadLetters,
          inject: [MessagingRuntime],
          useFactory: (runtime: MessagingRuntime) => runtime.deadLetters,
        },
      ],
      exports: [BusHealth, Outbox, TelemetryLog, TelemetryHistory, DeadLetters, MessagingRuntime],
    };
  }
}
