import { Module, type DynamicModule, type Provider } from '@nestjs/common';
import { ArtifactsModule } from '@steward/artifacts';
import { DeltaModule } from '@steward/delta';
import { ContractRegisteredConsumer } from './datasets/contract-registered.consumer';
import { ContractRepository } from './datasets/contract.repository';
import { DatasetVersionCreatedConsumer } from './datasets/dataset-version-created.consumer';
import { DatasetVersionRepository } from './datasets/dataset-version.repository';
import { PgContractRepository } from './datasets/pg-contract.repository';
import { PgDatasetVersionRepository } from './datasets/pg-dataset-version.repository';
import { GovernedChangeRepository } from './four-eyes/governed-change.repository';
import { MonitorChangedConsumer } from './four-eyes/monitor-changed.consumer';
import { PgGovernedChangeRepository } from './four-eyes/pg-governed-change.repository';
import { CheckModel } from './import/check-model';
import { ImportModel } from './import/import-model';
import { ImportsController } from './import/imports.controller';
import { PgPipelineRepository } from './pipelines/pg-pipeline.repository';
import { PipelineRepository } from './pipelines/pipeline.repository';
import { PipelinesController } from './pipelines/pipelines.controller';
import { PutPipeline } from './pipelines/put-pipeline';
import { ApprovalDecidedConsumer } from './registry/approval-decided.consumer';
import { DecideAlias } from './registry/decide-alias';
import { AliasRepository, ApprovalRequestRepository, ModelRepository } from './registry/model.repository';
import { ModelsController } from './registry/models.controller';
import { OpenApproval } from './registry/open-approval';
import { PgAliasRepository } from './registry/pg-alias.repository';
import { PgApprovalRequestRepository } from './registry/pg-approval-request.repository';
import { PgModelRepository } from './registry/pg-model.repository';
import { ReadModelArtifact } from './registry/read-model-artifact';
import { PromotionRequestedConsumer } from './registry/promotion-requested.consumer';
import { RefuseAliasMove } from './registry/refuse-alias-move';
import { RequestAlias } from './registry/request-alias';
import { RolloutChangedConsumer } from './registry/rollout-changed.consumer';
import { WithdrawPromotion } from './registry/withdraw-promotion';
import { RegisterModel } from './registry/register-model';
import { AcceptRetrain } from './retraining/accept-retrain';
import { AnnounceDecline } from './retraining/announce-decline';
import { CheckRetrain } from './retraining/check-retrain';
import { DeltaWindowRows } from './retraining/delta-window-rows';
import { PgRetrainRepository } from './retraining/pg-retrain.repository';
import { QueueRetrainChecks } from './retraining/queue-retrain-checks';
import { RetrainRequestedConsumer } from './retraining/retrain-requested.consumer';
import { RetrainRequestsController } from './retraining/retrain-requests.controller';
import { RetrainRepository } from './retraining/retrain.repository';
import { WindowRows } from './retraining/window-rows.port';
import { AnnounceRun } from './runs/announce-run';
import { ExecuteRun } from './runs/execute-run';
import { GatherMaterial } from './runs/gather-material';
import { DecisionOnRun } from './runs/decision-on-run';
import { GetRun } from './runs/get-run';
import { MoveRun } from './runs/move-run';
import { PgBossTrainingQueue } from './runs/pg-boss-training-queue';
import { PgRunRepository } from './runs/pg-run.repository';
import { QueueHealth } from './runs/queue.health';
import { RunExecutor } from './runs/run-executor.port';
import { RunRepository } from './runs/run.repository';
import { RunsController } from './runs/runs.controller';
import { StartRun } from './runs/start-run';
import { ThreadRunExecutor } from './runs/thread-run-executor';
import { TrainingJobs } from './runs/training-jobs.port';
import { TrainingQueue } from './runs/training-queue.port';
import { TrainingMetrics } from './runs/training.metrics';
import { WorkOffJobs } from './runs/work-off-jobs';
import { Subjects } from './subjects/subjects.module';
import { TrainingRpc } from './training.rpc';

/** What {@link AppModule} needs to know. */
export interface TrainingOptions {
  readonly databaseUrl: string;
  readonly artifactsFolder: string;
  readonly concurrency: number;
  /** Node arguments of the training thread. Default: those of this process. */
  readonly workerArguments?: string[];
}

const REPOSITORIES: Provider[] = [
  { provide: ContractRepository, useClass: PgContractRepository },
  { provide: DatasetVersionRepository, useClass: PgDatasetVersionRepository },
  { provide: GovernedChangeRepository, useClass: PgGovernedChangeRepository },
  { provide: PipelineRepository, useClass: PgPipelineRepository },
  { provide: RunRepository, useClass: PgRunRepository },
  { provide: ModelRepository, useClass: PgModelRepository },
  { provide: AliasRepository, useClass: PgAliasRepository },
  { provide: ApprovalRequestRepository, useClass: PgApprovalRequestRepository },
  { provide: RetrainRepository, useClass: PgRetrainRepository },
  { provide: WindowRows, useClass: DeltaWindowRows },
];

const USE_CASES: Provider[] = [
  PutPipeline,
  StartRun,
  GetRun,
  DecisionOnRun,
  MoveRun,
  AnnounceRun,
  GatherMaterial,
  ExecuteRun,
  RegisterModel,
  OpenApproval,
  DecideAlias,
  RefuseAliasMove,
  RequestAlias,
  WithdrawPromotion,
  ReadModelArtifact,
  ImportModel,
  AcceptRetrain,
  AnnounceDecline,
  QueueRetrainChecks,
  CheckRetrain,
];

/** Training: pipelines, runs, the model registry with its aliases, and retraining. */
@Module({})
export class AppModule {
  static forRoot(options: TrainingOptions): DynamicModule {
    return {
      module: AppModule,
      imports: [ArtifactsModule.local(options.artifactsFolder), DeltaModule],
      controllers: [
        PipelinesController,
        RunsController,
        ModelsController,
        ImportsController,
        RetrainRequestsController,
        ...Subjects.controllers,
      ],
      providers: [
        ...REPOSITORIES,
        ...USE_CASES,
        ...Subjects.providers,
        ...jobProviders(options),
        TrainingMetrics,
        QueueHealth,
        WorkOffJobs,
        TrainingRpc,
        ContractRegisteredConsumer,
        DatasetVersionCreatedConsumer,
        MonitorChangedConsumer,
        ApprovalDecidedConsumer,
        PromotionRequestedConsumer,
        RolloutChangedConsumer,
        RetrainRequestedConsumer,
      ],
    };
  }
}

function jobProviders(options: TrainingOptions): Provider[] {
  return [
    {
      provide: PgBossTrainingQueue,
      useFactory: () =>
        new PgBossTrainingQueue({ databaseUrl: options.databaseUrl, concurrency: options.concurrency }),
    },
    { provide: TrainingQueue, useExisting: PgBossTrainingQueue },
    { provide: TrainingJobs, useExisting: PgBossTrainingQueue },
    {
      provide: RunExecutor,
      useFactory: () => new ThreadRunExecutor(options.artifactsFolder, options.workerArguments),
    },
    { provide: CheckModel, useFactory: () => new CheckModel({ execArgv: options.workerArguments }) },
  ];
}
