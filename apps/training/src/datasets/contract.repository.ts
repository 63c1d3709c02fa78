import type { UnitOfWork } from '@steward/database';
import type { TrainingTables } from '../training-tables';
import type { ContractCopy } from './dataset-copies';

export abstract class ContractRepository {
  abstract current(project: string, dataset: string): Promise<ContractCopy | null>;
  abstract version(project: string, dataset: string, version: number): Promise<ContractCopy | null>;
  /** Keeps a version once; the same again changes nothing. */
  abstract keep(unit: UnitOfWork<TrainingTables>, copy: ContractCopy): Promise<void>;
}
