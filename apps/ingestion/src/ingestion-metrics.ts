import { Injectable } from '@nestjs/common';
import { Counter, Gauge, Histogram, register } from 'prom-client';
import type { BatchSource, ByRule } from './ingestion-tables';

/** Made once a process: several applications in one test process share the registry. */
function once<Metric>(name: string, make: () => Metric): Metric {
  return (register.getSingleMetric(name) as Metric | undefined) ?? make();
}

/** What ingestion counts. Labels are bounded: sources, rules. */
@Injectable()
export class IngestionMetrics {
  private readonly rows = once(
    'steward_ingestion_rows_total',
    () =>
      new Counter({
        name: 'steward_ingestion_rows_total',
        help: 'Records of batches, by source and outcome (accepted, quarantined).',
        labelNames: ['source', 'outcome'],
      }),
  );
  private readonly refused = once(
    'steward_ingestion_quarantined_rows_total',
    () =>
      new Counter({
        name: 'steward_ingestion_quarantined_rows_total',
        help: 'Quarantined records by the rule that they broke.',
        labelNames: ['rule'],
      }),
  );
  private readonly versions = once(
    'steward_ingestion_dataset_versions_total',
    () =>
      new Counter({
        name: 'steward_ingestion_dataset_versions_total',
        help: 'Dataset versions created, by source of their batch.',
        labelNames: ['source'],
      }),
  );
  private readonly waiting = once(
    'steward_ingestion_join_waiting_rows',
    () =>
      new Gauge({
        name: 'steward_ingestion_join_waiting_rows',
        help: 'Prediction rows that wait: for their other half, or labelled and for a batch.',
        labelNames: ['for'],
      }),
  );
  private readonly latency = once(
    'steward_ingestion_join_latency_seconds',
    () =>
      new Histogram({
        name: 'steward_ingestion_join_latency_seconds',
        help: 'Seconds from the join of prediction and outcome to the dataset version that holds the row.',
        buckets: [0.1, 0.5, 1, 2, 5, 10, 15, 30, 60, 300],
      }),
  );
  private readonly conflicts = once(
    'steward_ingestion_outcome_conflicts_total',
    () =>
      new Counter({
        name: 'steward_ingestion_outcome_conflicts_total',
        help: 'Outcomes that contradict an earlier one of the same prediction row; the earlier one is kept.',
      }),
  );

  batchChecked(source: BatchSource, accepted: number, byRule: ByRule): void {
    this.rows.inc({ source, outcome: 'accepted' }, accepted);
    for (const [rule, count] of Object.entries(byRule)) {
      this.rows.inc({ source, outcome: 'quarantined' }, count);
      this.refused.inc({ rule }, count);
    }
  }

  versionCreated(source: BatchSource): void {
    this.versions.inc({ source });
  }

  joinWaiting(unjoined: number, labelled: number): void {
    this.waiting.set({ for: 'other_half' }, unjoined);
    this.waiting.set({ for: 'batch' }, labelled);
  }

  joined(seconds: number): void {
    this.latency.observe(seconds);
  }

  outcomeConflict(count: number): void {
    this.conflicts.inc(count);
  }
}
