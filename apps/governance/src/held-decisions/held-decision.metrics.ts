import { Injectable } from '@nestjs/common';
import { Gauge, register } from 'prom-client';
import { HeldDecisionRepository } from './held-decision.repository';

/** How many held decisions wait for people. */
@Injectable()
export class HeldDecisionMetrics {
  readonly waiting: Gauge | undefined;

  constructor(decisions: HeldDecisionRepository) {
    const name = 'steward_governance_waiting_decisions';
    // Metrics live in one registry per process; several applications in one test process share them.
    if (register.getSingleMetric(name)) return;
    this.waiting = new Gauge({
      name,
      help: 'Held decisions that wait for a person, contested ones included.',
      async collect() {
        const waiting = await decisions.countWaiting().catch(() => null);
        if (waiting !== null) this.set(waiting);
      },
    });
  }
}
