import type { UnitOfWork } from '@steward/database';
import type { DeploymentPlan } from './deployment-plan';

/** A version of a plan and who set it. */
export interface PlanVersion {
  readonly project: string;
  readonly model: string;
  readonly version: number;
  readonly digest: string;
  readonly plan: DeploymentPlan;
  readonly changedBy: string;
  readonly correlation: string;
  readonly changedAt: string;
}

export abstract class PlanRepository {
  abstract all(): Promise<PlanVersion[]>;
  abstract find(project: string, model: string, unit?: UnitOfWork): Promise<PlanVersion | null>;
  abstract save(unit: UnitOfWork, plan: PlanVersion): Promise<void>;
  /** Whoever changes how a model is served does it alone until the transaction ends. */
  abstract lockModel(unit: UnitOfWork, project: string, model: string): Promise<void>;
}
