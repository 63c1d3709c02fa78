import { Injectable } from '@nestjs/common';
import { AuditTrail, callerOfService } from '@steward/access';
import { Database } from '@steward/database';
import { Clock, isId, newId } from '@steward/kernel';
import { RetentionTasks } from '@steward/subjects';
import { IngestionLimits } from '../ingestion-limits';
import type { IngestionTables } from '../ingestion-tables';
import { BatchFiles } from './batch-files';
import { BatchRepository, type StoredBatch } from './batch.repository';

const DAY_MS = 24 * 3600 * 1000;

/** Deletes quarantine, and what dead uploads left, once its time is over: the batch's key and its files. */
@Injectable()
export class DeleteOldQuarantine {
  constructor(
    private readonly files: BatchFiles,
    private readonly batches: BatchRepository,
    private readonly retention: RetentionTasks,
    private readonly database: Database<IngestionTables>,
    private readonly audit: AuditTrail,
    private readonly limits: IngestionLimits,
    private readonly clock: Clock,
  ) {}

  /** Returns how many batches it deleted the files of. What a legal hold covers stays. */
  async execute(): Promise<number> {
    const before = this.clock.now() - this.limits.quarantineDays * DAY_MS;
    // A batch's id is a UUID of version 7 and so tells its age, also where the batch never came into being.
    const old = (await this.files.batchIds()).filter((id) => isId(id) && timeOf(id) < before);
    let deleted = 0;
    for (const id of old) {
      const batch = await this.batches.batchById(id);
      if (batch && (await this.isHeld(batch))) continue;
      await this.files.discardAll(id);
      if (batch) await this.note(batch);
      deleted += 1;
    }
    return deleted;
  }

  private async isHeld({ project, dataset }: StoredBatch): Promise<boolean> {
    return (await this.retention.holdOf(project, { class: 'quarantine', dataset })) !== null;
  }

  private async note(batch: StoredBatch): Promise<void> {
    const { id } = batch;
    await this.database.transaction(async (unit) => {
      await this.batches.markQuarantineDeleted(unit, id);
      this.audit.record(unit, callerOfService('ingestion', newId(), batch.project), {
        action: 'quarantine.delete',
        object: { kind: 'batch', id },
        project: batch.project,
        details: { dataset: batch.dataset, quarantined: batch.quarantined },
      });
    });
  }
}

const timeOf = (id: string): number => parseInt(id.slice(0, 8) + id.slice(9, 13), 16);
