import { Injectable } from '@nestjs/common';
import { Clock } from '@steward/kernel';
import { Gauge, register } from 'prom-client';
import { BreachRepository } from './breach.repository';

/** Open breaches, by whether the 72 hours are over. */
@Injectable()
export class BreachMetrics {
  readonly open: Gauge | undefined;

  constructor(breaches: BreachRepository, clock: Clock) {
    const name = 'steward_governance_open_breaches';
    // Metrics live in one registry per process; several applications in one test process share them.
    if (register.getSingleMetric(name)) return;
    this.open = new Gauge({
      name,
      help: 'Open breaches of personal data, by whether their 72 hours are over.',
      labelNames: ['overdue'],
      async collect() {
        const counts = await breaches.count(clock.iso()).catch(() => null);
        if (counts === null) return;
        this.set({ overdue: 'no' }, counts.open - counts.overdue);
        this.set({ overdue: 'yes' }, counts.overdue);
      },
    });
  }
}
