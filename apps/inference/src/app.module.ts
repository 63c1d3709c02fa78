import { join } from 'node:path';
import { Module, type DynamicModule, type Provider } from '@nestjs/common';
import { ArtifactsModule } from '@steward/artifacts';
import { PolicyCache } from '@steward/access';
import { Clock } from '@steward/kernel';
import { BatchingEngineFactory } from './batching/batching-engine.factory';
import { LoadShedder } from './batching/load-shedder';
import { WorkQueue } from './batching/work-queue';
import { AliasChangedConsumer } from './deployments/alias-changed.consumer';
import { DeploymentRepository } from './deployments/deployment.repository';
import { DeploymentsController } from './deployments/deployments.controller';
import { KeepServing } from './deployments/keep-serving';
import { LoadDeployments } from './deployments/load-deployments';
import { ModelsLoadedHealth } from './deployments/models-loaded.health';
import { PgDeploymentRepository } from './deployments/pg-deployment.repository';
import { PgPlanRepository } from './deployments/pg-plan.repository';
import { PlanRepository } from './deployments/plan.repository';
import { LoadModelVersion } from './deployments/load-model-version';
import { PutPlan } from './deployments/put-plan';
import { ServingTable } from './deployments/serving-table';
import { SettleDeployment } from './deployments/settle-deployment';
import { PredictionLog } from './prediction-log/prediction-log';
import { PredictionLogConfig } from './prediction-log/prediction-log.config';
import { PredictionLogMetrics } from './prediction-log/prediction-log.metrics';
import { ChangeRollout } from './rollouts/change-rollout';
import { CompareVersions } from './rollouts/compare-versions';
import { ComparisonCounter } from './rollouts/comparison-counter';
import { ComparisonRepository } from './rollouts/comparison.repository';
import { JudgeRollouts } from './rollouts/judge-rollouts';
import { KeepJudging } from './rollouts/keep-judging';
import { Mirror } from './rollouts/mirror';
import { MoveRollout } from './rollouts/move-rollout';
import { PgComparisonRepository } from './rollouts/pg-comparison.repository';
import { PgRolloutRepository } from './rollouts/pg-rollout.repository';
import { RefuseCanary } from './rollouts/refuse-canary';
import { RolloutObservedConsumer } from './rollouts/rollout-observed.consumer';
import { RolloutMetrics } from './rollouts/rollout.metrics';
import { RolloutRepository } from './rollouts/rollout.repository';
import { ShowDeployment } from './rollouts/show-deployment';
import { SyncRollout } from './rollouts/sync-rollout';
import { ExplainController } from './explain/explain.controller';
import { ExplainMetrics } from './explain/explain.metrics';
import { ExplainPrediction } from './explain/explain-prediction';
import { ExplainRequest } from './explain/explain-request';
import { PrepareCounterfactuals } from './explain/prepare-counterfactuals';
import { Explainer } from './explain/explainer';
import { RecomputeExplanation } from './explain/recompute-explanation';
import { PredictionExplanationsController } from './explain/prediction-explanations.controller';
import { HoldDecisions } from './held-decisions/hold-decisions';
import { AnswerInference } from './infer/answer-inference';
import { ChoosingEngineFactory } from './engines/choosing-engine.factory';
import { EngineFactory } from './engines/engine';
import { Infer } from './infer/infer';
import { CallerAllowances } from './guards/caller-allowances';
import { GuardMetrics } from './guards/guard.metrics';
import { KeepRowQuotas } from './guards/keep-row-quotas';
import { InstallationLimits } from './guards/installation-limits';
import { LimitSettings } from './guards/limit-settings';
import { PgRowQuotaRepository } from './guards/pg-row-quota.repository';
import { RowQuotaRepository } from './guards/row-quota.repository';
import { RowQuotas } from './guards/row-quotas';
import { ServingGuards } from './guards/serving-guards';
import { Admissions } from './hot-path/admissions';
import { ModelInferShortcut } from './hot-path/model-infer.shortcut';
import { RestInferShortcut } from './hot-path/rest-infer.shortcut';
import { RestPredictShortcut } from './hot-path/rest-predict.shortcut';
import { InferenceMetrics } from './infer/inference.metrics';
import { ModelStatistics } from './infer/model-statistics';
import { ModelReader } from './engines/model-reader';
import { RuntimeThreads } from './engines/runtime-threads';
import { IndexModels } from './model-repository/index-models';
import { LoadModel } from './model-repository/load-model';
import { ModelRepositoryController } from './model-repository/model-repository.controller';
import { PgUnloadedModelRepository } from './model-repository/pg-unloaded-model.repository';
import { UnloadModel } from './model-repository/unload-model';
import { UnloadedModelRepository } from './model-repository/unloaded-model.repository';
import { UnloadedModels } from './model-repository/unloaded-models';
import { InferOverRest } from './open-inference/infer-over-rest';
import { OpenInferenceController } from './open-inference/open-inference.controller';
import { StatisticsController } from './open-inference/statistics.controller';
import { OpenInferenceRpc } from './open-inference/open-inference.rpc';
import { InferenceConfig } from './inference.config';
import { InferenceRpc } from './inference.rpc';
import { OutcomesController } from './outcomes/outcomes.controller';
import { RecordOutcomes } from './outcomes/record-outcomes';
import { subjectProviders } from '@steward/subjects';
import { ExplainDecisions } from './subjects/explain-decisions';
import { InferenceSubjects } from './subjects/inference-subjects';
import { RequireSubjectsAllow } from './subjects/require-subjects-allow';
import { SubjectDataGatheredConsumer } from './subjects/subject-data-gathered.consumer';
import { ShareSpending } from './workers/share-spending';
import { FollowDeployments } from './workers/follow-deployments';
import { ModelServiceRpc } from './tensorflow-serving/model-service.rpc';
import { PredictionServiceRpc } from './tensorflow-serving/prediction-service.rpc';
import { PredictOverRest } from './tensorflow-serving/predict-over-rest';
import { TensorflowServingController } from './tensorflow-serving/tensorflow-serving.controller';

/** How a canary is compared with the champion, judged and moved, and what a shadow would have said. */
const ROLLOUTS: Provider[] = [
  { provide: RolloutRepository, useClass: PgRolloutRepository },
  { provide: ComparisonRepository, useClass: PgComparisonRepository },
  ComparisonCounter,
  Mirror,
  CompareVersions,
  RolloutMetrics,
  MoveRollout,
  SyncRollout,
  RefuseCanary,
  ChangeRollout,
  JudgeRollouts,
  KeepJudging,
  ShowDeployment,
  RolloutObservedConsumer,
];

/** What a request must pass beside its access decision. */
const guards = (config: InferenceConfig): Provider[] => [
  { provide: LimitSettings, useValue: new LimitSettings(config.limits) },
  {
    provide: InstallationLimits,
    inject: [LimitSettings, PolicyCache],
    useFactory: (settings: LimitSettings, policy: PolicyCache) => new InstallationLimits(settings, policy),
  },
  GuardMetrics,
  RowQuotas,
  {
    provide: CallerAllowances,
    inject: [InstallationLimits, RowQuotas, GuardMetrics, Clock],
    useFactory: (limits: InstallationLimits, quotas: RowQuotas, metrics: GuardMetrics, clock: Clock) =>
      new CallerAllowances(limits, quotas, metrics, clock, config.workers > 1),
  },
  ServingGuards,
  { provide: RowQuotaRepository, useClass: PgRowQuotaRepository },
  KeepRowQuotas,
  ShareSpending,
];

/** Inference: what is served (deployments), answering (infer), and what came of it (outcomes). */
@Module({})
export class AppModule {
  static forRoot(config: InferenceConfig, dataDir: string): DynamicModule {
    const spools = join(dataDir, 'inference', 'prediction-log');
    return {
      module: AppModule,
      imports: [ArtifactsModule.local(join(dataDir, 'artifacts'))],
      controllers: [
        StatisticsController,
        OpenInferenceController,
        ExplainController,
        PredictionExplanationsController,
        ModelRepositoryController,
        TensorflowServingController,
        OutcomesController,
        DeploymentsController,
      ],
      providers: [
        { provide: InferenceConfig, useValue: config },
        {
          provide: PredictionLogConfig,
          useValue: new PredictionLogConfig(spools, config.logMemoryBytes, config.logSpoolBytes),
        },
        ...ROLLOUTS,
        ...guards(config),
        { provide: DeploymentRepository, useClass: PgDeploymentRepository },
        ModelReader,
        RuntimeThreads,
        ChoosingEngineFactory,
        { provide: EngineFactory, useClass: BatchingEngineFactory },
        ServingTable,
        LoadDeployments,
        LoadModelVersion,
        SettleDeployment,
        PutPlan,
        PredictionLog,
        PredictionLogMetrics,
        { provide: PlanRepository, useClass: PgPlanRepository },
        KeepServing,
        FollowDeployments,
        AliasChangedConsumer,
        ModelsLoadedHealth,
        Infer,
        Explainer,
        ExplainRequest,
        ExplainPrediction,
        RecomputeExplanation,
        ExplainDecisions,
        PrepareCounterfactuals,
        ExplainMetrics,
        LoadShedder,
        WorkQueue,
        HoldDecisions,
        InferenceMetrics,
        AnswerInference,
        ...subjectProviders(InferenceSubjects, { gathersOn: SubjectDataGatheredConsumer }),
        RequireSubjectsAllow,
        ModelStatistics,
        { provide: UnloadedModelRepository, useClass: PgUnloadedModelRepository },
        UnloadedModels,
        IndexModels,
        LoadModel,
        UnloadModel,
        OpenInferenceRpc,
        PredictionServiceRpc,
        ModelServiceRpc,
        Admissions,
        ModelInferShortcut,
        InferOverRest,
        PredictOverRest,
        RestInferShortcut,
        RestPredictShortcut,
        InferenceRpc,
        RecordOutcomes,
      ],
    };
  }
}
