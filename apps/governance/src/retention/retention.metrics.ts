import { Injectable } from '@nestjs/common';
import { Clock } from '@steward/kernel';
import { Gauge, register } from 'prom-client';
import { EnforcedClasses } from './retention-policy';
import { overdueOf, type Overdue } from './retention-run';
import { RetentionRunRepository } from './retention.repository';

/** What has outlived its time and waits for somebody to confirm that it goes. */
@Injectable()
export class RetentionMetrics {
  constructor(runs: RetentionRunRepository, clock: Clock) {
    const name = 'steward_governance_retention_overdue_items';
    // Metrics live in one registry per process; several applications in one test process share them.
    if (register.getSingleMetric(name)) return;
    const show = async (set: (each: string, found: Overdue | undefined) => void): Promise<void> => {
      // Where the database is away the last figures stand, and the scrape still answers.
      const waiting = await runs.waiting().catch(() => null);
      if (!waiting) return;
      const overdue = overdueOf(waiting, clock.now());
      for (const each of EnforcedClasses) set(each, overdue.get(each));
    };
    void new Gauge({
      name,
      help: 'Rows, records and texts that have outlived their time and wait for a confirmation.',
      labelNames: ['class'],
      collect() {
        return show((each, found) => this.set({ class: each }, found?.items ?? 0));
      },
    });
    void new Gauge({
      name: 'steward_governance_retention_overdue_seconds',
      help: 'How long the oldest of what waits to be deleted has outlived its time.',
      labelNames: ['class'],
      collect() {
        return show((each, found) => this.set({ class: each }, found?.seconds ?? 0));
      },
    });
  }
}
