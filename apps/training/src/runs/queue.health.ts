import { Injectable } from '@nestjs/common';
import { HealthIndicator, type HealthReport } from '@steward/service';
import { TrainingJobs } from './training-jobs.port';

/** Not ready until runs can be queued. */
@Injectable()
export class QueueHealth extends HealthIndicator {
  readonly name = 'jobs';
  readonly scope = 'ready';

  constructor(private readonly jobs: TrainingJobs) {
    super();
  }

  check(): HealthReport {
    return this.jobs.ready ? { ok: true } : { ok: false, detail: 'The job queue is not ready yet.' };
  }
}
