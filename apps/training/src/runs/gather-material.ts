import { Injectable } from '@nestjs/common';
import { PurposeLimitation } from '@steward/access';
import { errors } from '@steward/kernel';
import { SubjectProcessing } from '@steward/subjects';
import { ContractRepository } from '../datasets/contract.repository';
import { DatasetVersionRepository } from '../datasets/dataset-version.repository';
import { PipelineRepository } from '../pipelines/pipeline.repository';
import { trainingUses } from '../purposes/training-uses';
import { AliasRepository, ModelRepository } from '../registry/model.repository';
import type { RunMaterial } from '../registry/register-model';
import type { Run } from './run';
import type { ExecutionRequest } from './run-executor.port';
import { RunRepository } from './run.repository';

/** Collects what a run is about: exactly the versions that it was started on, and the champion as it is now. */
@Injectable()
export class GatherMaterial {
  constructor(
    private readonly pipelines: PipelineRepository,
    private readonly contracts: ContractRepository,
    private readonly versions: DatasetVersionRepository,
    private readonly models: ModelRepository,
    private readonly aliases: AliasRepository,
    private readonly runs: RunRepository,
    private readonly purposes: PurposeLimitation,
    private readonly subjects: SubjectProcessing,
  ) {}

  async of(run: Run): Promise<{ request: ExecutionRequest; material: RunMaterial }> {
    const pipeline = await this.pipelines.version(run.project, run.pipeline, run.pipelineVersion);
    const version = await this.versions.version(run.project, run.dataset, run.datasetVersion);
    const contract =
      version && (await this.contracts.version(run.project, run.dataset, version.contractVersion));
    if (!pipeline || !version || !contract) {
      throw errors.internal(
        'TRAINING.MATERIAL_GONE',
        'The pipeline, dataset version or contract of the run is gone.',
      );
    }
    // A purpose may have lost its basis while the run waited for its turn.
    this.purposes.require(run.project, trainingUses(pipeline));
    const { definition } = pipeline;
    const champion = await this.champion(run, definition.alias);
    return {
      material: { contract, version, alias: definition.alias },
      request: {
        definition,
        pipelineDigest: pipeline.digest,
        contract: contract.contract,
        dataset: {
          digest: version.digest,
          deltaPath: version.deltaPath,
          deltaVersion: version.deltaVersion,
        },
        leftOut: await this.subjects.leftOutOfTraining(run.project),
        retraining: run.trigger === 'alert' || champion.exists,
        champion: champion.comparable,
      },
    };
  }

  /** A champion that was made from another dataset cannot be compared: its rows have other names. */
  private async champion(
    run: Run,
    alias: string,
  ): Promise<{ exists: boolean; comparable: ExecutionRequest['champion'] }> {
    const current = await this.aliases.find(run.project, run.model, alias);
    if (!current) return { exists: false, comparable: null };
    const model = await this.models.require(run.project, run.model, current.version);
    const made = await this.runs.find(run.project, model.runId);
    const pipeline = made && (await this.pipelines.version(run.project, made.pipeline, made.pipelineVersion));
    if (!pipeline || model.descriptor.dataset !== run.dataset) return { exists: true, comparable: null };
    const { seed, folds, holdOut } = pipeline.definition;
    return {
      exists: true,
      comparable: {
        digest: model.digest,
        modelFile: model.modelFile,
        lastBatch: model.lastBatch,
        split: { seed, folds, holdOut },
      },
    };
  }
}
