import type { UnitOfWork } from '@steward/database';
import type { TrainingTables } from '../training-tables';
import type { RetrainRequest } from './retrain-request';

type Unit = UnitOfWork<TrainingTables>;

export abstract class RetrainRepository {
  /**
   * Keeps a new request. Where another of the model is open it is kept as declined (`TRAINING.RETRAIN_ALREADY_OPEN`). Returns
   * what was kept, or null if this id is known already.
   */
  abstract add(unit: Unit, request: RetrainRequest): Promise<RetrainRequest | null>;
  /**
   * Held by whoever keeps a dataset version and by whoever keeps a request until their transactions end, so that a request
   * and a version that arrive together cannot both miss each other.
   */
  abstract lockDataset(unit: Unit, project: string, dataset: string): Promise<void>;
  abstract find(retrainId: string): Promise<RetrainRequest | null>;
  abstract lock(unit: Unit, retrainId: string): Promise<RetrainRequest | null>;
  /** Declines the request of a model that still waits, if there is one, and returns its id. */
  abstract declineWaiting(
    unit: Unit,
    of: { project: string; model: string },
    because: { reason: string; at: string },
  ): Promise<string | null>;
  abstract waitingIds(unit: Unit, project: string, dataset: string): Promise<string[]>;
  /** Newest first; `after` is the retrain id of the last of the page before. */
  abstract list(project: string, page: { limit: number; after: string | null }): Promise<RetrainRequest[]>;
  abstract change(
    unit: Unit,
    retrainId: string,
    change: Partial<
      Pick<RetrainRequest, 'state' | 'reason' | 'runId' | 'labelledRows' | 'checkedVersion' | 'changedAt'>
    >,
  ): Promise<void>;
}
