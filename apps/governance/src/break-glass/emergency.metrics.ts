import { Injectable } from '@nestjs/common';
import { Gauge, register } from 'prom-client';
import { EmergencyAccessRepository } from './emergency-access.repository';

/** How many reviews of emergency access nobody has signed yet. */
@Injectable()
export class EmergencyMetrics {
  readonly open: Gauge | undefined;

  constructor(accesses: EmergencyAccessRepository) {
    const name = 'steward_governance_open_emergency_reviews';
    // Metrics live in one registry per process; several applications in one test process share them.
    if (register.getSingleMetric(name)) return;
    this.open = new Gauge({
      name,
      help: 'Emergency accesses whose review nobody has signed.',
      async collect() {
        const open = await accesses.countUnsigned().catch(() => null);
        if (open !== null) this.set(open);
      },
    });
  }
}
