import type { DynamicModule } from '@nestjs/common';
import type { ServiceName } from '@steward/contracts';
import { DatabaseModule } from '@steward/database';
import { MessagingModule } from '@steward/messaging';
import type { CommonConfig } from './service';

/** The global modules below every service: its database, and the event bus of the settings. */
export function infrastructureOf(service: ServiceName, config: CommonConfig): DynamicModule[] {
  return [
    DatabaseModule.forRoot({ url: config.databaseUrl, applicationName: `steward-${service}` }),
    MessagingModule.forRoot({ service, bus: config.eventBus, brokers: config.kafkaBrokers }),
  ];
}
