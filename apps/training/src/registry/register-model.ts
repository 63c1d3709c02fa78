import { Injectable } from '@nestjs/common';
import { AuditTrail, callerOfService, type Caller } from '@steward/access';
import { ModelVersionRegistered, type ModelDescriptor } from '@steward/contracts';
import { Database, type UnitOfWork } from '@steward/database';
import { Clock } from '@steward/kernel';
import { Outbox } from '@steward/messaging';
import type { ContractCopy, DatasetVersionCopy } from '../datasets/dataset-copies';
import type { TrainedModel } from '../experiment/trained-model';
import { RetrainRepository } from '../retraining/retrain.repository';
import { AnnounceRun } from '../runs/announce-run';
import type { Run, RunResult } from '../runs/run';
import { RunRepository } from '../runs/run.repository';
import type { TrainingTables } from '../training-tables';
import type { ModelVersion } from './model-version';
import { ModelRepository } from './model.repository';
import { OpenApproval } from './open-approval';

/** What a run was about, beside the run itself. */
export interface RunMaterial {
  readonly contract: ContractCopy;
  readonly version: DatasetVersionCopy;
  /** The alias that the pipeline asks for. */
  readonly alias: string;
}

/** Ends a run with a model version: registered once per run, and its approval asked for, in one transaction. */
@Injectable()
export class RegisterModel {
  constructor(
    private readonly database: Database<TrainingTables>,
    private readonly runs: RunRepository,
    private readonly models: ModelRepository,
    private readonly retrains: RetrainRepository,
    private readonly approval: OpenApproval,
    private readonly announce: AnnounceRun,
    private readonly outbox: Outbox,
    private readonly audit: AuditTrail,
    private readonly clock: Clock,
  ) {}

  /**
   * Returns the registered version, or null where this attempt may no longer end the run: it was cancelled, or another
   * worker took it up.
   */
  async register(run: Run, trained: TrainedModel, material: RunMaterial): Promise<ModelVersion | null> {
    return await this.database.transaction(async (unit) => {
      const now = await this.runs.lock(unit, run.id);
      if (now?.state === 'succeeded') return await this.models.findByRun(unit, run.id);
      if (now?.state !== 'running' || now.attempt !== run.attempt) return null;
      const version = await this.addVersion(unit, now, trained, material);
      await this.endRun(unit, now, trained, version);
      await this.approval.open(unit, now, version, trained, material.alias);
      return version;
    });
  }

  private async addVersion(
    unit: UnitOfWork<TrainingTables>,
    run: Run,
    trained: TrainedModel,
    material: RunMaterial,
  ): Promise<ModelVersion> {
    const number = await this.models.nextVersion(unit, run.project, run.model);
    const descriptor = describe(run, number, trained, material);
    const version: ModelVersion = {
      project: run.project,
      model: run.model,
      version: number,
      digest: trained.digest,
      runId: run.id,
      learner: trained.learner,
      descriptor,
      metrics: { ...trained.metrics },
      modelFile: trained.modelFile,
      lastBatch: material.version.batchNumber,
      registeredAt: this.clock.iso(),
    };
    await this.models.add(unit, version);
    this.outbox.publish(unit, ModelVersionRegistered, {
      subject: `${run.project}/${run.model}`,
      project: run.project,
      correlation: run.correlation,
      actor: run.startedBy,
      payload: { descriptor, learner: trained.learner, metrics: { ...trained.metrics } },
    });
    this.audit.record(unit, this.caller(run), {
      action: 'model-version.register',
      object: { kind: 'model-version', id: `${run.model}:${number}` },
      project: run.project,
      details: {
        digest: trained.digest,
        run: run.id,
        datasetDigest: run.datasetDigest,
        pipelineDigest: run.pipelineDigest,
        reference: trained.referenceDigest,
        evaluation: trained.evaluationDigest,
        isolation: trained.isolationDigest,
        auc: trained.metrics.auc,
      },
    });
    return version;
  }

  private async endRun(
    unit: UnitOfWork<TrainingTables>,
    run: Run,
    trained: TrainedModel,
    version: ModelVersion,
  ): Promise<void> {
    const next: Run = {
      ...run,
      state: 'succeeded',
      progress: null,
      result: resultOf(trained, version),
      finishedAt: this.clock.iso(),
    };
    await this.runs.change(unit, run.id, next);
    this.announce.announce(unit, next);
    this.audit.record(unit, this.caller(run), {
      action: 'run.succeed',
      object: { kind: 'run', id: run.id },
      project: run.project,
      details: { model: run.model, version: version.version, digest: version.digest },
    });
    if (run.retrainId === null) return;
    await this.retrains.change(unit, run.retrainId, {
      state: 'answered',
      runId: run.id,
      changedAt: this.clock.iso(),
    });
  }

  private caller(run: Run): Caller {
    return callerOfService('training', run.correlation, run.project);
  }
}

function describe(
  run: Run,
  version: number,
  trained: TrainedModel,
  { contract: copy }: RunMaterial,
): ModelDescriptor {
  const { contract } = copy;
  return {
    model: run.model,
    version,
    digest: trained.digest,
    sizeBytes: trained.sizeBytes,
    runId: run.id,
    pipeline: run.pipeline,
    dataset: run.dataset,
    datasetVersion: run.datasetVersion,
    datasetDigest: run.datasetDigest,
    contractVersion: copy.version,
    contractDigest: copy.digest,
    referenceDigest: trained.referenceDigest,
    evaluationDigest: trained.evaluationDigest,
    ...(trained.isolationDigest === null ? {} : { isolationDigest: trained.isolationDigest }),
    inputs: trained.inputs.map((input) => inputOf(input, contract)),
    classes: [contract.label.negative, contract.label.positive],
    decisionThreshold: contract.decisionThreshold,
    favourable: contract.label.favourable,
    sensitive: contract.columns.filter((column) => column.class === 'sensitive').map(({ name }) => name),
    groups: [...contract.groups],
  };
}

/** An input with what the contract says of its changing. */
function inputOf(
  input: TrainedModel['inputs'][number],
  { columns }: ContractCopy['contract'],
): ModelDescriptor['inputs'][number] {
  const change = columns.find(({ name }) => name === input.name)?.change;
  return change ? { ...input, change } : input;
}

function resultOf(trained: TrainedModel, version: ModelVersion): RunResult {
  return {
    model: version.model,
    version: version.version,
    digest: version.digest,
    evaluationDigest: trained.evaluationDigest,
    referenceDigest: trained.referenceDigest,
    learner: trained.learner,
    metrics: { ...trained.metrics },
    learners: trained.learners,
    fairness: trained.fairness,
    comparison: trained.comparison,
    sensitiveInputs: trained.sensitiveInputs,
  };
}
