import { Injectable } from '@nestjs/common';
import type { RetentionClass } from '@steward/contracts';
import { Database } from '@steward/database';
import {
  RetentionParticipation,
  rowsPart,
  type RetentionJournal,
  type RetentionPart,
  type RunOrder,
} from '@steward/subjects';
import { BatchFiles } from '../batches/batch-files';
import { BatchRepository } from '../batches/batch.repository';
import type { IngestionTables } from '../ingestion-tables';
import { EraseOldBatches } from './erase-old-batches';
import { OldRowsRepository, type OldRows } from './old-rows.repository';

/** Rows that go in one transaction. */
const AT_ONCE = 5_000;

/** What ingestion deletes by age on order: rows of datasets, refused records, rows of the join. */
@Injectable()
export class IngestionRetention extends RetentionParticipation {
  readonly classes = [
    'quarantine',
    'prediction-rows',
    'dataset-versions',
  ] as const satisfies RetentionClass[];

  constructor(
    private readonly database: Database<IngestionTables>,
    private readonly old: OldRowsRepository,
    private readonly files: BatchFiles,
    private readonly batches: BatchRepository,
    private readonly datasets: EraseOldBatches,
  ) {
    super();
  }

  async count(order: RunOrder): Promise<readonly RetentionPart[]> {
    const of = oldRowsOf(order);
    if (!of) return [];
    if (order.class === 'prediction-rows')
      return rowsPart(order, 'prediction-rows', of.dataset, await this.old.countPredictions(of));
    if (order.class === 'quarantine') {
      const found = await this.old.quarantined(of);
      const items = found.reduce((sum, { quarantined }) => sum + quarantined, 0);
      return rowsPart(order, 'quarantine', of.dataset, { items, oldest: found[0]?.at ?? null });
    }
    const live = await this.old.liveBatches(of);
    const items = live.reduce((sum, { rows }) => sum + rows, 0);
    return rowsPart(order, 'dataset-rows', of.dataset, { items, oldest: live[0]?.at ?? null });
  }

  async delete(order: RunOrder, journal: RetentionJournal): Promise<void> {
    const of = oldRowsOf(order);
    if (!of) return;
    if (order.class === 'prediction-rows') await this.deletePredictions(order, of, journal);
    else if (order.class === 'quarantine') await this.deleteQuarantine(order, of, journal);
    else await this.datasets.execute(order, of.dataset, journal);
  }

  private async deletePredictions(order: RunOrder, of: OldRows, journal: RetentionJournal): Promise<void> {
    for (let items = AT_ONCE; items === AT_ONCE;) {
      items = await this.database.transaction(async (unit) => {
        const gone = await this.old.deletePredictions(unit, of, AT_ONCE);
        for (const part of rowsPart(order, 'prediction-rows', of.dataset, gone))
          await journal.add(unit, part);
        return gone.items;
      });
    }
  }

  /** The files and their key first: a batch counts as soon as both are gone, and once. */
  private async deleteQuarantine(order: RunOrder, of: OldRows, journal: RetentionJournal): Promise<void> {
    for (const { id, quarantined, at } of await this.old.quarantined(of)) {
      await this.files.discardAll(id);
      await this.database.transaction(async (unit) => {
        await this.batches.markQuarantineDeleted(unit, id);
        const found = { items: quarantined, oldest: at };
        for (const part of rowsPart(order, 'quarantine', `${of.dataset}/${id}`, found))
          await journal.record(part);
      });
    }
  }
}

/** These classes are kept by dataset; an order without one says nothing here. */
const oldRowsOf = ({ project, dataset, before }: RunOrder): OldRows | null =>
  dataset === null ? null : { project, dataset, before };
