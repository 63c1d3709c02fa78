import type { UnitOfWork } from '@steward/database';
import type { TrainingTables } from '../training-tables';
import type { Pipeline } from './pipeline';

export abstract class PipelineRepository {
  /** The newest version, or null. */
  abstract current(project: string, pipeline: string): Promise<Pipeline | null>;
  abstract version(project: string, pipeline: string, version: number): Promise<Pipeline | null>;
  /** The newest version of each pipeline of the project, by name, after the given name. */
  abstract list(project: string, page: { limit: number; after: string | null }): Promise<Pipeline[]>;
  /** The newest version, with the pipeline locked against other writers until the transaction ends. */
  abstract lockCurrent(
    unit: UnitOfWork<TrainingTables>,
    project: string,
    pipeline: string,
  ): Promise<Pipeline | null>;
  abstract add(unit: UnitOfWork<TrainingTables>, pipeline: Pipeline): Promise<void>;
}
