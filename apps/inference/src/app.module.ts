import { Module, type DynamicModule } from '@nestjs/common';
import { ArtifactsModule } from '@steward/artifacts';
import { AliasChangedConsumer } from './deployments/alias-changed.consumer';
import { DeploymentRepository } from './deployments/deployment.repository';
import { DeploymentsController } from './deployments/deployments.controller';
import { KeepServing } from './deployments/keep-serving';
import { LoadDeployments } from './deployments/load-deployments';
import { ModelsLoadedHealth } from './deployments/models-loaded.health';
import { PgDeploymentRepository } from './deployments/pg-deployment.repository';
import { ServingTable } from './deployments/serving-table';
import { AnswerInference } from './infer/answer-inference';
import { ChoosingEngineFactory } from './engines/choosing-engine.factory';
import { EngineFactory } from './engines/engine';
import { Infer } from './infer/infer';
import { InferenceMetrics } from './infer/inference.metrics';
import { ModelStatistics } from './infer/model-statistics';
import { RuntimeThreads } from './engines/runtime-threads';
import { IndexModels } from './model-repository/index-models';
import { LoadModel } from './model-repository/load-model';
import { PgUnloadedModelRepository } from './model-repository/pg-unloaded-model.repository';
import { UnloadModel } from './model-repository/unload-model';
import { UnloadedModelRepository } from './model-repository/unloaded-model.repository';
import { UnloadedModels } from './model-repository/unloaded-models';
import { OpenInferenceController } from './open-inference/open-inference.controller';
import { OpenInferenceRpc } from './open-inference/open-inference.rpc';
import { InferenceConfig } from './inference.config';
import { InferenceRpc } from './inference.rpc';
import { OutcomesController } from './outcomes/outcomes.controller';
import { RecordOutcomes } from './outcomes/record-outcomes';
import { FollowDeployments } from './workers/follow-deployments';

/** Inference: what is served (deployments), answering (infer), and what came of it (outcomes). */
@Module({})
export class AppModule {
  static forRoot(config: InferenceConfig, artifactsFolder: string): DynamicModule {
    return {
      module: AppModule,
      imports: [ArtifactsModule.local(artifactsFolder)],
      controllers: [OpenInferenceController, OutcomesController, DeploymentsController],
      providers: [
        { provide: InferenceConfig, useValue: config },
        { provide: DeploymentRepository, useClass: PgDeploymentRepository },
        RuntimeThreads,
        { provide: EngineFactory, useClass: ChoosingEngineFactory },
        ServingTable,
        LoadDeployments,
        KeepServing,
        FollowDeployments,
        AliasChangedConsumer,
        ModelsLoadedHealth,
        Infer,
        InferenceMetrics,
        AnswerInference,
        ModelStatistics,
        { provide: UnloadedModelRepository, useClass: PgUnloadedModelRepository },
        UnloadedModels,
        IndexModels,
        LoadModel,
        UnloadModel,
        OpenInferenceRpc,
        InferenceRpc,
        RecordOutcomes,
      ],
    };
  }
}
