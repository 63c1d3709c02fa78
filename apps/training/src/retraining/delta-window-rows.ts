import { Injectable } from '@nestjs/common';
import { ArtifactStore } from '@steward/artifacts';
import { DeltaTables, SystemColumns } from '@steward/delta';
import { errors } from '@steward/kernel';
import type { DatasetVersionCopy } from '../datasets/dataset-copies';
import { countMembers, parseMembers } from './retrain-request';
import { WindowRows } from './window-rows.port';

/** A window has some hundred members; a list beyond this is not one. */
const MOST_BYTES = 64 * 1024 * 1024;

/** Reads the one column that is needed of exactly that version. */
@Injectable()
export class DeltaWindowRows extends WindowRows {
  constructor(
    private readonly artifacts: ArtifactStore,
    private readonly tables: DeltaTables,
  ) {
    super();
  }

  async count(version: DatasetVersionCopy, membersDigest: string): Promise<number> {
    const members = parseMembers(await this.artifacts.read(membersDigest, { maxBytes: MOST_BYTES }));
    if (!members) {
      throw errors.invalid(
        'TRAINING.WINDOW_MEMBERS',
        `Artifact ${membersDigest} is no JSON list of prediction rows, so the window cannot be found.`,
      );
    }
    const rows = await this.tables.read(version.deltaPath, {
      version: version.deltaVersion,
      columns: [SystemColumns.prediction],
    });
    return countMembers((rows.columns[SystemColumns.prediction] ?? []) as (string | null)[], members);
  }
}
