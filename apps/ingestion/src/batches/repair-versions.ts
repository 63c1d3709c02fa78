import { Injectable } from '@nestjs/common';
import { Database, type UnitOfWork } from '@steward/database';
import { DeltaTables } from '@steward/delta';
import type { IngestionTables } from '../ingestion-tables';
import { appIdOf, decodeNote, deltaPathOf } from './batch-record';
import { BatchRepository } from './batch.repository';
import { RecordVersion } from './record-version';

/**
 * A Delta commit is the point of no return. If ingestion died after one and before its row was written, the row, event
 * and audit entry are made here, from what the commit says.
 */
@Injectable()
export class RepairVersions {
  constructor(
    private readonly database: Database<IngestionTables>,
    private readonly batches: BatchRepository,
    private readonly tables: DeltaTables,
    private readonly recordVersion: RecordVersion,
  ) {}

  /** Repairs every dataset; returns how many versions were missing. */
  async all(): Promise<number> {
    let repaired = 0;
    for (const { project, dataset } of await this.batches.datasets()) {
      repaired += await this.database.transaction(async (unit) => {
        await this.batches.lockDataset(unit, project, dataset);
        return this.dataset(unit, project, dataset);
      });
    }
    return repaired;
  }

  /** Repairs one dataset, whose lock the caller holds. */
  async dataset(unit: UnitOfWork<IngestionTables>, project: string, dataset: string): Promise<number> {
    const newest = await this.batches.newestVersion(unit, project, dataset);
    const since = newest ? newest.deltaVersion + 1 : 0;
    const commits = await this.tables.history(deltaPathOf(project, dataset), { since });
    // Commits without our transaction are other writers' upkeep and no batches.
    const missing = commits.filter(({ transactions }) =>
      transactions.some(
        ({ appId, version }) => appId === appIdOf(project, dataset) && version > (newest?.version ?? 0),
      ),
    );
    for (const commit of missing) {
      await this.recordVersion.execute(unit, decodeNote(commit.info), commit.version, null);
    }
    return missing.length;
  }
}
