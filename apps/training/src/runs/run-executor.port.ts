import type { DatasetContract } from '@steward/contracts';
import type { ChampionTraining } from '../experiment/compare-champion';
import type { TrainedModel } from '../experiment/trained-model';
import type { PipelineDefinition } from '../pipelines/pipeline-definition';
import type { RunProgress } from './run';

/** Everything that a training needs to know; plain data, so that it can go to another thread. */
export interface ExecutionRequest {
  readonly definition: PipelineDefinition;
  readonly pipelineDigest: string;
  readonly contract: DatasetContract;
  readonly dataset: { readonly digest: string; readonly deltaPath: string; readonly deltaVersion: number };
  /** Pseudonyms of subjects who are left out: restricted, objecting, or without the consent that it would need. */
  readonly leftOut: readonly string[];
  readonly retraining: boolean;
  /** `modelFile`: digest of its compact model file in the artifact store. */
  readonly champion: (ChampionTraining & { readonly digest: string; readonly modelFile: string }) | null;
}

export interface ExecutionControl {
  readonly onProgress: (progress: RunProgress) => void;
  /** Aborting ends the training at once and rejects with TRAINING.RUN_STOPPED. */
  readonly signal: AbortSignal;
}

/** Trains, and stores the artifacts by digest. Does not touch the database. */
export abstract class RunExecutor {
  abstract execute(request: ExecutionRequest, control: ExecutionControl): Promise<TrainedModel>;
}
