import { Injectable } from '@nestjs/common';
import type { UnitOfWork } from '@steward/database';
import { BatchRepository } from '../batches/batch.repository';
import type { IngestionTables } from '../ingestion-tables';
import { ErasedRowsRepository } from './erased-rows.repository';
import { ReadVersionContent } from './read-version-content';

/** Writes down what versions hold after rows were taken out of them. */
@Injectable()
export class RedigestVersions {
  constructor(
    private readonly batches: BatchRepository,
    private readonly erased: ErasedRowsRepository,
    private readonly content: ReadVersionContent,
  ) {}

  /** What each version from `from` on holds now, and, from the newest, each batch. */
  async execute(
    unit: UnitOfWork<IngestionTables>,
    project: string,
    dataset: string,
    from: number,
  ): Promise<void> {
    const newest = await this.batches.newestVersion(unit, project, dataset);
    for (let version = from; version <= (newest?.version ?? 0); version += 1) {
      const stored = await this.batches.version(project, dataset, version);
      if (!stored) continue;
      const { digest, byBatch } = await this.content.of(stored);
      await this.erased.setCurrentDigest(unit, project, dataset, version, digest);
      if (version !== newest?.version) continue;
      for (const [batch, contentDigest] of byBatch)
        await this.batches.setContent(unit, project, dataset, batch, contentDigest);
    }
  }
}
