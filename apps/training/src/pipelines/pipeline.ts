import { errors } from '@steward/kernel';
import type { PipelineDefinition } from './pipeline-definition';

/** One version of a pipeline. Versions count from 1; the newest is the current one. */
export interface Pipeline {
  readonly project: string;
  readonly pipeline: string;
  readonly version: number;
  readonly digest: string;
  readonly definition: PipelineDefinition;
  /** The person who made this version. */
  readonly changedBy: string;
  readonly changedAt: string;
}

export function pipelineNotFound(name: string) {
  return errors.notFound('TRAINING.PIPELINE_NOT_FOUND', `There is no pipeline ${name} in this project.`);
}
