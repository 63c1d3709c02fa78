import { Injectable } from '@nestjs/common';
import type { Caller } from '@steward/access';
import { newId } from '@steward/kernel';
import { ReadContracts } from '../contracts/read-contracts';
import { IngestionLimits } from '../ingestion-limits';
import { IngestionMetrics } from '../ingestion-metrics';
import { BatchFiles } from './batch-files';
import { BatchRepository, type StoredBatch } from './batch.repository';
import { CheckCsv } from './check-csv';
import { CommitBatch } from './commit-batch';

export interface UploadResult {
  readonly batch: StoredBatch;
  /** True if the same bytes were there before under the same contract: nothing was made. */
  readonly duplicate: boolean;
}

/** Takes a CSV file into a dataset: kept encrypted, checked record by record, committed as the next version. */
@Injectable()
export class UploadBatch {
  constructor(
    private readonly contracts: ReadContracts,
    private readonly files: BatchFiles,
    private readonly batches: BatchRepository,
    private readonly check: CheckCsv,
    private readonly commit: CommitBatch,
    private readonly limits: IngestionLimits,
    private readonly metrics: IngestionMetrics,
  ) {}

  /**
   * Throws INGESTION.DATASET_NOT_FOUND, INGESTION.UPLOAD_TOO_LARGE, INGESTION.UPLOAD_CUT and, about the file as a
   * whole, what `surveyCsv` throws; nothing of it is kept then.
   */
  async execute(
    caller: Caller,
    project: string,
    dataset: string,
    source: AsyncIterable<Uint8Array>,
  ): Promise<UploadResult> {
    const contract = await this.contracts.current(project, dataset);
    const id = newId();
    let committing = false;
    try {
      const { digest } = await this.files.stage(id, source, this.limits.uploadBytes);
      const same = { project, dataset, contractVersion: contract.version, digest };
      const known = await this.batches.uploadOf(same);
      if (known) return await this.answer(id, known);
      const checked = await this.check.execute(id, project, contract.contract);
      committing = true;
      const batch = await this.commit.execute(caller, { id, contract, digest, source: 'upload', checked });
      if (batch.id === id) this.metrics.batchChecked('upload', batch.accepted, batch.byRule);
      return await this.answer(id, batch);
    } catch (error) {
      // A commit that failed may still be found by repair, and then needs its quarantine; retention removes it else.
      if (committing) await this.files.discardUpload(id);
      else await this.files.discardAll(id);
      throw error;
    }
  }

  private async answer(id: string, batch: StoredBatch): Promise<UploadResult> {
    const duplicate = batch.id !== id;
    // What was staged is of no more use; of a batch that is another's nothing is, nor where nothing was refused.
    if (duplicate || batch.quarantined === 0) await this.files.discardAll(id);
    else await this.files.discardUpload(id);
    return { batch, duplicate };
  }
}
