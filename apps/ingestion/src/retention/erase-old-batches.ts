import { Injectable } from '@nestjs/common';
import { Database } from '@steward/database';
import { DeltaTables, SystemColumns } from '@steward/delta';
import { rowsPart, type RetentionJournal, type RunOrder } from '@steward/subjects';
import { deltaPathOf } from '../batches/batch-record';
import { BatchRepository } from '../batches/batch.repository';
import { RepairVersions } from '../batches/repair-versions';
import { ErasedRowsRepository } from '../erasure/erased-rows.repository';
import { RedigestVersions } from '../erasure/redigest-versions';
import type { IngestionTables } from '../ingestion-tables';
import { OldRowsRepository } from './old-rows.repository';

/**
 * Takes the rows of batches that have outlived their time out of every version of a dataset: old versions become empty,
 * newer ones keep what came later. The files go first, the figures follow in one transaction; after a crash the figures
 * still say which batches are to go, so that the same call goes on.
 */
@Injectable()
export class EraseOldBatches {
  constructor(
    private readonly database: Database<IngestionTables>,
    private readonly batches: BatchRepository,
    private readonly repair: RepairVersions,
    private readonly tables: DeltaTables,
    private readonly old: OldRowsRepository,
    private readonly erased: ErasedRowsRepository,
    private readonly redigest: RedigestVersions,
  ) {}

  /** Nobody commits to the dataset meanwhile. */
  async execute(order: RunOrder, dataset: string, journal: RetentionJournal): Promise<void> {
    const { project, runId, before } = order;
    const path = deltaPathOf(project, dataset);
    await this.database.transaction(async (unit) => {
      await this.batches.lockDataset(unit, project, dataset);
      await this.repair.dataset(unit, project, dataset);
      const live = await this.old.liveBatches({ project, dataset, before }, unit);
      const [first, last] = [live[0], live.at(-1)];
      if (!first || !last) return;
      await this.tables.erase(path, { column: SystemColumns.batch, upTo: last.batch }, (file) =>
        journal.record({
          class: order.class,
          store: 'dataset-file',
          name: `${path}/${file.file}`,
          // The same row may stand in several files: rows are counted by batch.
          items: 0,
          oldest: null,
          oldDigest: file.oldDigest,
          newDigest: file.newDigest,
        }),
      );
      for (const { batch, rows, labelledRows } of live)
        await this.erased.count(unit, runId, project, dataset, { batch, rows, labelledRows });
      await this.redigest.execute(unit, project, dataset, first.batch);
      const items = live.reduce((sum, { rows }) => sum + rows, 0);
      for (const part of rowsPart(order, 'dataset-rows', dataset, { items, oldest: first.at }))
        await journal.add(unit, part);
    });
  }
}
