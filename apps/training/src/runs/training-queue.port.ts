import type { UnitOfWork } from '@steward/database';
import type { TrainingTables } from '../training-tables';

/** Durable jobs of this service. A job is queued in the transaction that needs it, or not at all. */
export abstract class TrainingQueue {
  /** Has a run executed. Tried again when its worker dies or something is away. */
  abstract queueRun(unit: UnitOfWork<TrainingTables>, runId: string): Promise<void>;
  /** Has a waiting retrain request looked at. */
  abstract queueRetrainCheck(unit: UnitOfWork<TrainingTables>, retrainId: string): Promise<void>;
}
