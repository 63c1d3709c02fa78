import { RunChanged } from '@steward/contracts';
import type { UnitOfWork } from '@steward/database';
import { Injectable } from '@nestjs/common';
import { Outbox } from '@steward/messaging';
import type { Run } from './run';

/** Publishes that a run moved to the state that it now has. */
@Injectable()
export class AnnounceRun {
  constructor(private readonly outbox: Outbox) {}

  announce(unit: UnitOfWork, run: Run): void {
    this.outbox.publish(unit, RunChanged, {
      subject: run.id,
      project: run.project,
      correlation: run.correlation,
      actor: run.startedBy,
      payload: {
        runId: run.id,
        pipeline: run.pipeline,
        pipelineDigest: run.pipelineDigest,
        dataset: run.dataset,
        datasetVersion: run.datasetVersion,
        datasetDigest: run.datasetDigest,
        state: run.state,
        trigger: run.trigger,
        retrainId: run.retrainId,
        failure: run.failure,
      },
    });
  }
}
