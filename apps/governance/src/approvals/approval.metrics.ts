import { Injectable } from '@nestjs/common';
import { Gauge, register } from 'prom-client';
import { ApprovalRepository } from './approval.repository';

/** How many approval requests wait for people. */
@Injectable()
export class ApprovalMetrics {
  readonly open: Gauge | undefined;

  constructor(requests: ApprovalRepository) {
    const name = 'steward_governance_open_approvals';
    // Metrics live in one registry per process; several applications in one test process share them.
    if (register.getSingleMetric(name)) return;
    this.open = new Gauge({
      name,
      help: 'Approval requests that wait for a decision.',
      async collect() {
        // Where the database is away the last figure stands, and the scrape still answers.
        const open = await requests.countOpen().catch(() => null);
        if (open !== null) this.set(open);
      },
    });
  }
}
