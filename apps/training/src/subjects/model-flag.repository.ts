import type { UnitOfWork } from '@steward/database';
import type { Appearance, HeldModel, TrainedModelVersion } from '@steward/subjects';

export type FlagReason = 'erasure' | 'rectification';

/** Why a model version is to be looked at again. */
export interface ModelFlag {
  readonly version: number;
  readonly requestId: string;
  readonly because: FlagReason;
  readonly flaggedAt: string;
}

/** Model versions by the data that they learnt from. */
export abstract class ModelFlagRepository {
  /** Versions that were trained on one of these datasets from the version on that held the subject's rows. */
  abstract trainedOn(project: string, appearances: readonly Appearance[]): Promise<TrainedModelVersion[]>;
  /** Flags them; what is flagged for the request already stays so. */
  abstract flag(
    unit: UnitOfWork,
    project: string,
    requestId: string,
    because: FlagReason,
    versions: readonly TrainedModelVersion[],
  ): Promise<void>;
  abstract flagged(project: string, requestId: string): Promise<TrainedModelVersion[]>;
  abstract flagsOf(project: string, model: string): Promise<ModelFlag[]>;
  /** All versions of the project that ever decided, as people can understand them. */
  abstract deciders(project: string): Promise<HeldModel[]>;
}
