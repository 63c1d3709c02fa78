import type { UnitOfWork } from '@steward/database';
import type { TrainingTables } from '../training-tables';
import type { DatasetVersionCopy } from './dataset-copies';

export abstract class DatasetVersionRepository {
  abstract newest(project: string, dataset: string): Promise<DatasetVersionCopy | null>;
  abstract version(project: string, dataset: string, version: number): Promise<DatasetVersionCopy | null>;
  /** Keeps a version once; the same again changes nothing. */
  abstract keep(unit: UnitOfWork<TrainingTables>, copy: DatasetVersionCopy): Promise<void>;
}
