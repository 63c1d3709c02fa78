import type { UnitOfWork } from '@steward/database';
import type { GovernanceTables } from '../governance-tables';
import type { ImpactAssessment } from './impact-assessment';

type Unit = UnitOfWork<GovernanceTables>;

/** Impact assessments. Abstract class = injection token. */
export abstract class ImpactAssessmentRepository {
  /** Until the transaction ends nobody else writes or signs for this model. */
  abstract lock(unit: Unit, project: string, model: string): Promise<void>;
  /** Newest version first. */
  abstract versions(project: string, model: string, unit?: Unit): Promise<ImpactAssessment[]>;
  /** The newest version of each model. */
  abstract newest(project: string): Promise<ImpactAssessment[]>;
  abstract add(unit: Unit, assessment: ImpactAssessment): Promise<void>;
  abstract sign(unit: Unit, assessment: ImpactAssessment, by: string, at: string): Promise<void>;
  /** Figures of the newest request for approval of a model version; null: there was none. */
  abstract figures(
    project: string,
    model: string,
    version: number,
  ): Promise<Readonly<Record<string, number | null>> | null>;
}
