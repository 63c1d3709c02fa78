import type { BusMetrics } from '../bus-metrics';
import { partitionName } from '../log-record';

/** Why a partition does not move on. */
export type Trouble =
  /** Database or something else is away; goes on by itself. Readiness is red. */
  | { readonly kind: 'waiting'; readonly code: string }
  /** An event cannot be handled and may not be skipped. People must act; the alarm metric is 1. */
  | { readonly kind: 'stopped'; readonly code: string; readonly offset: number };

export interface PartitionStatus {
  readonly topic: string;
  readonly partition: number;
  readonly lag: number;
  /** Milliseconds since the epoch: when the loop last came round. */
  readonly turnedAt: number;
  readonly trouble: Trouble | null;
}

/** How each partition in hand is doing: the ground of health and alarms. */
export class PartitionMonitor {
  private readonly statuses = new Map<string, PartitionStatus>();

  constructor(private readonly metrics: BusMetrics) {}

  turned(topic: string, partition: number, lag?: number): void {
    const before = this.statuses.get(partitionName(topic, partition));
    this.set({
      topic,
      partition,
      lag: lag ?? before?.lag ?? 0,
      turnedAt: Date.now(),
      trouble: before?.trouble ?? null,
    });
    if (lag !== undefined) this.metrics.lag.set({ topic, partition: String(partition) }, lag);
  }

  troubled(topic: string, partition: number, trouble: Trouble | null): void {
    this.turned(topic, partition);
    const status = this.statuses.get(partitionName(topic, partition))!;
    this.set({ ...status, trouble });
    this.metrics.stopped.set({ topic, partition: String(partition) }, trouble?.kind === 'stopped' ? 1 : 0);
  }

  released(topic: string, partition: number): void {
    this.statuses.delete(partitionName(topic, partition));
    this.metrics.lag.remove({ topic, partition: String(partition) });
    this.metrics.stopped.remove({ topic, partition: String(partition) });
  }

  all(): readonly PartitionStatus[] {
    return [...this.statuses.values()];
  }

  private set(status: PartitionStatus): void {
    this.statuses.set(partitionName(status.topic, status.partition), status);
  }
}
