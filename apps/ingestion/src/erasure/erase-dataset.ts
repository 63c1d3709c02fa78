import { Injectable } from '@nestjs/common';
import { Database } from '@steward/database';
import { DeltaTables, SystemColumns, type FileErasure } from '@steward/delta';
import type { Appearance, ErasureJournal, TaskSubject } from '@steward/subjects';
import { deltaPathOf } from '../batches/batch-record';
import { BatchRepository } from '../batches/batch.repository';
import { RepairVersions } from '../batches/repair-versions';
import type { IngestionTables } from '../ingestion-tables';
import { ErasedRowsRepository, type ErasedRow } from './erased-rows.repository';
import { RedigestVersions } from './redigest-versions';

/**
 * Takes a subject's rows out of every version of a dataset. Which rows of which batches go with a file is written down
 * before the file is replaced; the versions' figures and digests follow from that, once, in the transaction at the end.
 */
@Injectable()
export class EraseDataset {
  constructor(
    private readonly database: Database<IngestionTables>,
    private readonly batches: BatchRepository,
    private readonly repair: RepairVersions,
    private readonly tables: DeltaTables,
    private readonly erased: ErasedRowsRepository,
    private readonly redigest: RedigestVersions,
  ) {}

  /** Null where the dataset held none. Nobody commits to it meanwhile. */
  async execute(subject: TaskSubject, dataset: string, journal: ErasureJournal): Promise<Appearance | null> {
    const { project, pseudonym, requestId } = subject;
    const path = deltaPathOf(project, dataset);
    return this.database.transaction(async (unit) => {
      await this.batches.lockDataset(unit, project, dataset);
      await this.repair.dataset(unit, project, dataset);
      await this.tables.erase(path, { column: SystemColumns.subject, value: pseudonym }, async (file) => {
        await this.erased.note({ requestId, project, dataset, file: file.file }, rowsOf(file));
        await journal.record({
          store: 'dataset-file',
          name: `${path}/${file.file}`,
          oldDigest: file.oldDigest,
          newDigest: file.newDigest,
          items: file.rows.rows,
        });
      });
      const noted = await this.erased.noted(unit, requestId, dataset);
      const first = noted[0];
      if (!first) return null;
      let changed = false;
      for (const batch of noted)
        changed = (await this.erased.count(unit, requestId, project, dataset, batch)) || changed;
      if (changed) await this.redigest.execute(unit, project, dataset, first.batch);
      return { dataset, firstVersion: first.batch };
    });
  }
}

function rowsOf({ rows }: FileErasure): ErasedRow[] {
  const batch = rows.columns[SystemColumns.batch] ?? [];
  const row = rows.columns[SystemColumns.row] ?? [];
  const source = rows.columns[SystemColumns.source] ?? [];
  return Array.from({ length: rows.rows }, (_, at) => ({
    batch: Number(batch[at]),
    row: Number(row[at]),
    labelled: source[at] === 'labelled',
  }));
}
