import type { UnitOfWork } from '@steward/database';
import type { TrainingTables } from '../training-tables';
import type { GovernedChange } from './exclusions';

export interface MonitorCopy {
  readonly project: string;
  readonly monitor: string;
  readonly version: number;
  readonly model: string;
  readonly digest: string;
  readonly changedBy: string;
  readonly changedAt: string;
}

export abstract class GovernedChangeRepository {
  /** Every change there ever was of this pipeline, this dataset's contract and the monitors of this model. */
  abstract changes(
    unit: UnitOfWork<TrainingTables>,
    of: { project: string; pipeline: string; dataset: string; model: string },
  ): Promise<GovernedChange[]>;
  /** Keeps a monitor's version once; the same again changes nothing. */
  abstract keepMonitor(unit: UnitOfWork<TrainingTables>, copy: MonitorCopy): Promise<void>;
}
