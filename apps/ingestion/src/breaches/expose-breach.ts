import { Injectable } from '@nestjs/common';
import { ArtifactStore } from '@steward/artifacts';
import { DeltaTables, SystemColumns } from '@steward/delta';
import { BatchRepository } from '../batches/batch.repository';
import { ExposedRowsRepository, type ExposureScope } from './exposed-rows.repository';

/** What a breach may have exposed. */
export interface Exposure {
  readonly predictionRows: number;
  readonly datasetRows: number;
  readonly subjects: number;
  readonly subjectsDigest: string;
}

/** Finds out what a breach may have exposed: predictions as far as the join still knows them, and rows of a dataset. */
@Injectable()
export class ExposeBreach {
  constructor(
    private readonly rows: ExposedRowsRepository,
    private readonly batches: BatchRepository,
    private readonly tables: DeltaTables,
    private readonly artifacts: ArtifactStore,
  ) {}

  async execute(scope: ExposureScope): Promise<Exposure> {
    const predicted = await this.rows.predictions(scope);
    const held = await this.dataset(scope);
    const subjects = [...new Set([...predicted.subjects, ...held.subjects])].sort();
    const { digest } = await this.artifacts.put(Buffer.from(JSON.stringify(subjects)));
    return {
      predictionRows: predicted.rows,
      datasetRows: held.rows,
      subjects: subjects.length,
      subjectsDigest: digest,
    };
  }

  /** The newest version holds all rows of the ones before, but for what was erased. */
  private async dataset({ project, dataset }: ExposureScope): Promise<{ rows: number; subjects: string[] }> {
    if (dataset === null) return { rows: 0, subjects: [] };
    const [newest] = await this.batches.versions(project, dataset, { limit: 1, after: null });
    if (!newest) return { rows: 0, subjects: [] };
    const { rows, columns } = await this.tables.read(newest.deltaPath, { version: newest.deltaVersion });
    const subjects = (columns[SystemColumns.subject] ?? []).filter(
      (value): value is string => typeof value === 'string' && value !== '',
    );
    return { rows, subjects };
  }
}
