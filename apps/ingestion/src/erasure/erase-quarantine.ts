import { Injectable } from '@nestjs/common';
import type { ErasureJournal, RemainingPart } from '@steward/subjects';
import { ObjectStore } from '@steward/artifacts';
import { isId, sha256 } from '@steward/kernel';
import { BatchFiles } from '../batches/batch-files';
import { BatchRepository } from '../batches/batch.repository';
import { IngestionLimits } from '../ingestion-limits';

const DAY_MS = 24 * 3600 * 1000;

/** Empties a subject's refused records. Their number and rule stay, so that a batch's sum still holds. */
@Injectable()
export class EraseQuarantine {
  constructor(
    private readonly files: BatchFiles,
    private readonly batches: BatchRepository,
    private readonly objects: ObjectStore,
    private readonly limits: IngestionLimits,
  ) {}

  /** `names`: what records of the subject are marked with. Returns what is left of uploads whose makers died. */
  async execute(
    project: string,
    names: ReadonlySet<string>,
    journal: ErasureJournal,
  ): Promise<RemainingPart[]> {
    const remaining: RemainingPart[] = [];
    for (const id of await this.files.batchIds()) {
      if (!isId(id)) continue;
      const batch = await this.batches.batchById(id);
      if (batch && batch.project !== project) continue;
      for (const [chunk, path] of (await this.files.quarantinePaths(id)).entries())
        await this.eraseChunk(id, chunk, path, names, journal);
      if (!batch && (await this.files.hasUpload(id)))
        remaining.push({
          store: 'upload',
          name: `ingestion/batches/${id}/upload`,
          why: 'An upload that was broken off, encrypted under a key of its own: nobody can tell whose records it holds.',
          until: new Date(timeOf(id) + this.limits.quarantineDays * DAY_MS).toISOString(),
        });
    }
    return remaining;
  }

  private async eraseChunk(
    id: string,
    chunk: number,
    path: string,
    names: ReadonlySet<string>,
    journal: ErasureJournal,
  ): Promise<void> {
    const rows = await this.files.quarantine(id, chunk);
    const theirs = rows.filter(({ subject }) => subject !== undefined && names.has(subject)).length;
    if (theirs === 0) return;
    const emptied = rows.map((row) =>
      row.subject !== undefined && names.has(row.subject)
        ? { row: row.row, line: row.line, column: row.column, rule: row.rule, value: null }
        : row,
    );
    await journal.record({
      store: 'quarantine',
      name: path,
      oldDigest: sha256(await this.objects.get(path)),
      // A seal is never the same twice, so what it will be is not known before; its rows are.
      newDigest: sha256(JSON.stringify(emptied)),
      items: theirs,
    });
    await this.files.putQuarantine(id, chunk, emptied);
  }
}

const timeOf = (id: string): number => parseInt(id.slice(0, 8) + id.slice(9, 13), 16);
