import type { UnitOfWork } from '@steward/database';

/** A model that was taken out of service. */
export interface UnloadedModel {
  readonly project: string;
  readonly model: string;
}

/** Which models are out of service, for all processes and over restarts. */
export abstract class UnloadedModelRepository {
  abstract all(): Promise<UnloadedModel[]>;
  /** False if it was out of service already. */
  abstract add(unit: UnitOfWork, model: UnloadedModel, actor: string): Promise<boolean>;
  /** False if it was not out of service. */
  abstract remove(unit: UnitOfWork, model: UnloadedModel): Promise<boolean>;
}
