import { Injectable } from '@nestjs/common';
import type { UnitOfWork } from '@steward/database';
import { TrainingQueue } from '../runs/training-queue.port';
import type { TrainingTables } from '../training-tables';
import { RetrainRepository } from './retrain.repository';

/** Called when a dataset version is kept, in that transaction. Has every retrain request that waits for rows of a dataset looked at. */
@Injectable()
export class QueueRetrainChecks {
  constructor(
    private readonly retrains: RetrainRepository,
    private readonly queue: TrainingQueue,
  ) {}

  async ofDataset(unit: UnitOfWork<TrainingTables>, project: string, dataset: string): Promise<void> {
    await this.retrains.lockDataset(unit, project, dataset);
    for (const retrainId of await this.retrains.waitingIds(unit, project, dataset)) {
      await this.queue.queueRetrainCheck(unit, retrainId);
    }
  }
}
