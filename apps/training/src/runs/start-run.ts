import { Injectable } from '@nestjs/common';
import { AuditTrail, PurposeLimitation, type Caller } from '@steward/access';
import { Database, type UnitOfWork } from '@steward/database';
import { Clock, errors, newId } from '@steward/kernel';
import { ContractRepository } from '../datasets/contract.repository';
import type { DatasetVersionCopy } from '../datasets/dataset-copies';
import { DatasetVersionRepository } from '../datasets/dataset-version.repository';
import { checkAgainstContract } from '../pipelines/check-against-contract';
import { pipelineNotFound, type Pipeline } from '../pipelines/pipeline';
import { PipelineRepository } from '../pipelines/pipeline.repository';
import type { TrainingTables } from '../training-tables';
import { AnnounceRun } from './announce-run';
import type { Run } from './run';
import { RunRepository } from './run.repository';
import { trainingUses } from '../purposes/training-uses';
import { TrainingQueue } from './training-queue.port';

/** What a run is started on. */
export interface RunSubject {
  readonly pipeline: Pipeline;
  readonly version: DatasetVersionCopy;
  /** The retrain request that it answers; null: a person asked for it. */
  readonly retrainId: string | null;
}

/** Starts a run: the row, its job, its event and its audit entry in one transaction. */
@Injectable()
export class StartRun {
  constructor(
    private readonly database: Database<TrainingTables>,
    private readonly pipelines: PipelineRepository,
    private readonly contracts: ContractRepository,
    private readonly versions: DatasetVersionRepository,
    private readonly runs: RunRepository,
    private readonly queue: TrainingQueue,
    private readonly announce: AnnounceRun,
    private readonly purposes: PurposeLimitation,
    private readonly audit: AuditTrail,
    private readonly clock: Clock,
  ) {}

  /** Starts a run of the pipeline's current version. `datasetVersion` null: the newest. */
  async start(caller: Caller, project: string, name: string, datasetVersion: number | null): Promise<Run> {
    const subject = await this.subject(project, name, datasetVersion);
    return await this.database.transaction((unit) =>
      this.within(unit, caller, { ...subject, retrainId: null }),
    );
  }

  /** The pipeline and dataset version that a run would use, checked against the contract. */
  async subject(
    project: string,
    name: string,
    datasetVersion: number | null,
  ): Promise<Omit<RunSubject, 'retrainId'>> {
    const pipeline = await this.pipelines.current(project, name);
    if (!pipeline) throw pipelineNotFound(name);
    const { dataset } = pipeline.definition;
    this.purposes.require(project, trainingUses(pipeline));
    const version =
      datasetVersion === null
        ? await this.versions.newest(project, dataset)
        : await this.versions.version(project, dataset, datasetVersion);
    if (!version) {
      throw errors.notFound(
        'TRAINING.DATASET_VERSION_NOT_FOUND',
        datasetVersion === null
          ? `Dataset ${dataset} has no version yet: send a batch of rows first.`
          : `Dataset ${dataset} has no version ${datasetVersion}.`,
      );
    }
    const contract = await this.contracts.version(project, dataset, version.contractVersion);
    if (!contract) {
      // Contracts travel on a topic of their own and may arrive a moment later.
      throw errors.conflict(
        'TRAINING.CONTRACT_NOT_YET_KNOWN',
        `Version ${version.contractVersion} of the contract of ${dataset} has not arrived yet. Try again in a moment.`,
        { retriable: true },
      );
    }
    checkAgainstContract(pipeline.definition, contract.contract);
    return { pipeline, version };
  }

  async within(unit: UnitOfWork<TrainingTables>, caller: Caller, subject: RunSubject): Promise<Run> {
    const run = this.newRun(caller, subject);
    await this.runs.add(unit, run);
    await this.queue.queueRun(unit, run.id);
    this.announce.announce(unit, run);
    this.audit.record(unit, caller, {
      action: 'run.start',
      object: { kind: 'run', id: run.id },
      project: run.project,
      details: {
        pipeline: run.pipeline,
        pipelineDigest: run.pipelineDigest,
        dataset: run.dataset,
        datasetVersion: run.datasetVersion,
        datasetDigest: run.datasetDigest,
        trigger: run.trigger,
        retrain: run.retrainId,
      },
    });
    return run;
  }

  private newRun(caller: Caller, { pipeline, version, retrainId }: RunSubject): Run {
    return {
      id: newId(this.clock.now()),
      project: pipeline.project,
      pipeline: pipeline.pipeline,
      pipelineVersion: pipeline.version,
      pipelineDigest: pipeline.digest,
      model: pipeline.definition.model,
      dataset: version.dataset,
      datasetVersion: version.version,
      datasetDigest: version.digest,
      state: 'queued',
      trigger: retrainId === null ? 'person' : 'alert',
      retrainId,
      startedBy: caller.principal.id,
      correlation: caller.correlation,
      attempt: 0,
      progress: null,
      result: null,
      failure: null,
      failureMessage: null,
      createdAt: this.clock.iso(),
      startedAt: null,
      finishedAt: null,
    };
  }
}
