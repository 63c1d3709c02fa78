import type { PartitionStatus } from './consume/partition-monitor';

/** How a service's part of the bus is doing. */
export interface BusReport {
  /** False: something hangs and does not come round any more; the process should be restarted. */
  readonly live: boolean;
  /** False: events cannot be sent or handled at the moment; it goes on by itself. */
  readonly ready: boolean;
  /** A sentence for each thing that is wrong. */
  readonly faults: readonly string[];
  /** Partitions that stand still at an event which may not be skipped: people must act. */
  readonly alarms: readonly string[];
  readonly partitions: readonly PartitionStatus[];
}

/** Health of the bus, for `/health/live` and `/health/ready`. Abstract class = injection token. */
export abstract class BusHealth {
  abstract report(): BusReport;
}
