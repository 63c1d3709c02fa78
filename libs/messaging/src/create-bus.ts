import type { ServiceName } from '@steward/contracts';
import type { PgDatabase } from '@steward/database';
import type { BusMetrics } from './bus-metrics';
import type { EventBus } from './event-bus';
import { KafkaEventBus } from './kafka/kafka-event-bus';
import { KafkaRelayStep } from './kafka/kafka-relay-step';
import type { MessagingTables } from './messaging-tables';
import { PgEventBus } from './postgres/pg-event-bus';
import { PgRelayStep } from './postgres/pg-relay-step';
import type { RelayStep } from './publish/outbox-relay';

export interface BusOptions {
  readonly bus: 'postgres' | 'kafka';
  /** `host:port` of Kafka brokers to begin with. */
  readonly brokers?: readonly string[];
}

/** Connections that the bus keeps beside the service's own pool. */
const BUS_POOL = 4;

/** The adapter that the configuration names, the way from the outbox to it, and the pool that both use. */
export function createBus(
  options: BusOptions,
  service: ServiceName,
  database: PgDatabase,
  metrics: BusMetrics,
): { bus: EventBus; relayStep: RelayStep; pool: PgDatabase } {
  const pool = database.sibling<MessagingTables>({
    poolSize: BUS_POOL,
    applicationName: `steward-${service}-bus`,
  });
  if (options.bus === 'kafka') {
    const bus = new KafkaEventBus(service, options.brokers ?? []);
    return { bus, relayStep: new KafkaRelayStep(pool, bus, metrics), pool };
  }
  const bus = new PgEventBus(service, pool);
  return { bus, relayStep: new PgRelayStep(pool, bus.notifier, metrics), pool };
}
