import { Injectable } from '@nestjs/common';
import { SubjectRequestKinds } from '@steward/contracts';
import { Clock } from '@steward/kernel';
import { Gauge, register } from 'prom-client';
import { SubjectRequestRepository } from './subject-request.repository';

/** Requests of data subjects that wait for an answer, and those whose time has run out. */
@Injectable()
export class SubjectRequestMetrics {
  constructor(requests: SubjectRequestRepository, clock: Clock) {
    const name = 'steward_governance_subject_requests_open';
    // Metrics live in one registry per process; several applications in one test process share them.
    if (register.getSingleMetric(name)) return;
    const overdue = new Gauge({
      name: 'steward_governance_subject_requests_overdue',
      help: 'Open requests of data subjects whose time has run out.',
      labelNames: ['kind'],
    });
    void new Gauge({
      name,
      help: 'Requests of data subjects that are not answered yet.',
      labelNames: ['kind'],
      async collect() {
        // Where the database is away the last figures stand, and the scrape still answers.
        const counts = await requests.counts(clock.iso()).catch(() => null);
        if (!counts) return;
        for (const kind of SubjectRequestKinds) {
          const found = counts.find((each) => each.kind === kind);
          this.set({ kind }, found?.open ?? 0);
          overdue.set({ kind }, found?.overdue ?? 0);
        }
      },
    });
  }
}
