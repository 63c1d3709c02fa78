import { Injectable } from '@nestjs/common';
import { DatasetVersionCreated } from '@steward/contracts';
import type { UnitOfWork } from '@steward/database';
import { EventConsumer, handled, type HandlerResult, type IncomingEvent } from '@steward/messaging';
import { QueueRetrainChecks } from '../retraining/queue-retrain-checks';
import type { TrainingTables } from '../training-tables';
import { DatasetVersionRepository } from './dataset-version.repository';

/** Keeps a copy of every dataset version, and has waiting retrain requests looked at again. */
@Injectable()
export class DatasetVersionCreatedConsumer extends EventConsumer<
  typeof DatasetVersionCreated,
  TrainingTables
> {
  readonly event = DatasetVersionCreated;

  constructor(
    private readonly versions: DatasetVersionRepository,
    private readonly checks: QueueRetrainChecks,
  ) {
    super();
  }

  async handle(
    event: IncomingEvent<typeof DatasetVersionCreated>,
    unit: UnitOfWork<TrainingTables>,
  ): Promise<HandlerResult> {
    if (event.project === null) return handled.deadLetter('A dataset version belongs to a project.');
    const { payload } = event;
    await this.checks.ofDataset(unit, event.project, payload.dataset);
    await this.versions.keep(unit, {
      project: event.project,
      dataset: payload.dataset,
      version: payload.version,
      digest: payload.digest,
      contractVersion: payload.contractVersion,
      contractDigest: payload.contractDigest,
      deltaPath: payload.deltaPath,
      deltaVersion: payload.deltaVersion,
      rows: payload.rows,
      labelledRows: payload.labelledRows,
      batchNumber: payload.batch.number,
    });
    return handled.ok;
  }
}
