import { Injectable } from '@nestjs/common';
import { Can, PublicEndpoint, type Caller } from '@steward/access';
import {
  GRPCInferenceServiceService,
  type ModelInferRequest,
  type ModelInferResponse,
  type ModelMetadataRequest,
  type ModelMetadataResponse,
  type ModelReadyRequest,
  type ModelReadyResponse,
  type ModelStatisticsRequest,
  type ModelStatisticsResponse,
  type ModelStreamInferResponse,
  type RepositoryIndexRequest,
  type RepositoryIndexResponse,
  type RepositoryModelLoadRequest,
  type RepositoryModelLoadResponse,
  type RepositoryModelUnloadRequest,
  type RepositoryModelUnloadResponse,
  type ServerLiveResponse,
  type ServerMetadataResponse,
  type ServerReadyResponse,
} from '@steward/contracts/generated/open_inference/open_inference';
import { AppError } from '@steward/kernel';
import { RpcService, UndecodableMessage, type RpcCall } from '@steward/service';
import type { Readable } from 'node:stream';
import { KeepServing } from '../deployments/keep-serving';
import { explainParameter } from '../explain/explain-options';
import { AnswerInference } from '../infer/answer-inference';
import { MODEL_INFER_PARTS, REPOSITORY_PARTS, requireFewFields } from '../infer/bounded-message';
import { ModelStatistics } from '../infer/model-statistics';
import { InferenceConfig } from '../inference.config';
import { IndexModels } from '../model-repository/index-models';
import { LoadModel } from '../model-repository/load-model';
import { refuseParameters } from '../model-repository/repository-model';
import { UnloadModel } from '../model-repository/unload-model';
import { parameterValue, responseOf, subjectParameter, tensorsOf } from './grpc-tensors';
import { modelMetadata, SERVER } from './metadata';
import { statisticsAnswer } from './statistics-answer';
import { answerInOrder } from './stream-infer';

/** The Open Inference Protocol, version 2, over gRPC, with Triton's streams, statistics and repository. */
@Injectable()
export class OpenInferenceRpc extends RpcService {
  readonly definition = {
    ...GRPCInferenceServiceService,
    modelInfer: requireFewFields(GRPCInferenceServiceService.modelInfer, MODEL_INFER_PARTS),
    modelStreamInfer: requireFewFields(GRPCInferenceServiceService.modelStreamInfer, MODEL_INFER_PARTS),
    repositoryModelLoad: requireFewFields(GRPCInferenceServiceService.repositoryModelLoad, REPOSITORY_PARTS),
    repositoryModelUnload: requireFewFields(
      GRPCInferenceServiceService.repositoryModelUnload,
      REPOSITORY_PARTS,
    ),
  };

  constructor(
    private readonly inference: AnswerInference,
    private readonly serving: KeepServing,
    private readonly config: InferenceConfig,
    private readonly statistics: ModelStatistics,
    private readonly index: IndexModels,
    private readonly load: LoadModel,
    private readonly unload: UnloadModel,
  ) {
    super();
  }

  @PublicEndpoint('Probes and clients ask whether the server is there before they have a credential.')
  serverLive(): ServerLiveResponse {
    return { live: true };
  }

  @PublicEndpoint('Probes ask for readiness; it says nothing of any model.')
  serverReady(): ServerReadyResponse {
    return { ready: this.serving.ready };
  }

  @PublicEndpoint('Names the protocol extensions; the same in every installation.')
  serverMetadata(): ServerMetadataResponse {
    return { ...SERVER, extensions: [...SERVER.extensions] };
  }

  @Can('predict', 'Deployment', { anyProject: true })
  modelReady(request: ModelReadyRequest, { caller }: RpcCall): ModelReadyResponse {
    try {
      this.inference.describe(caller, request.name, request);
      return { ready: true };
    } catch (error) {
      if (AppError.is(error) && (error.kind === 'not_found' || error.kind === 'unavailable'))
        return { ready: false };
      throw error;
    }
  }

  @Can('predict', 'Deployment', { anyProject: true })
  modelMetadata(request: ModelMetadataRequest, { caller }: RpcCall): ModelMetadataResponse {
    const { parameters, ...rest } = modelMetadata(
      request.name,
      this.inference.describe(caller, request.name, request),
      this.inference.versions(caller, request.name, request),
    );
    return {
      ...rest,
      parameters: Object.fromEntries(
        Object.entries(parameters).map(([name, value]) => [
          name,
          { parameterChoice: { $case: 'stringParam' as const, stringParam: value } },
        ]),
      ),
    };
  }

  @Can('predict', 'Deployment', { anyProject: true })
  modelInfer(request: ModelInferRequest, { caller, deadline }: RpcCall): Promise<ModelInferResponse> {
    return this.answer(caller, request, deadline);
  }

  @Can('predict', 'Deployment', { anyProject: true })
  modelStreamInfer(requests: unknown, { caller }: RpcCall): AsyncIterable<ModelStreamInferResponse> {
    // Not destroyed at its end: the same object carries the answers.
    const messages = (requests as Readable).iterator({ destroyOnReturn: false });
    return answerInOrder(
      messages as AsyncIterator<ModelInferRequest | UndecodableMessage>,
      async (request): Promise<ModelStreamInferResponse> => {
        try {
          if (request instanceof UndecodableMessage) throw request.error;
          return { errorMessage: '', inferResponse: final(request, await this.answer(caller, request)) };
        } catch (error) {
          if (!AppError.is(error) || error.kind === 'internal') throw error;
          const id = request instanceof UndecodableMessage ? '' : request.id;
          // Triton names the request in the answer that says what was wrong with it.
          return { errorMessage: error.message, inferResponse: emptyResponse(id) };
        }
      },
    );
  }

  @Can('predict', 'Deployment', { anyProject: true })
  modelStatistics(request: ModelStatisticsRequest, { caller }: RpcCall): ModelStatisticsResponse {
    const names = request.name === '' ? this.inference.usable(caller) : [request.name];
    return {
      modelStats: names.map((name) => {
        const { descriptor } = this.inference.describe(caller, name, request);
        return statisticsAnswer(this.statistics.of(name, descriptor.version));
      }),
    };
  }

  @Can('predict', 'Deployment', { anyProject: true })
  async repositoryIndex(
    request: RepositoryIndexRequest,
    { caller }: RpcCall,
  ): Promise<RepositoryIndexResponse> {
    return { models: await this.index.execute(caller, request.ready) };
  }

  @Can('update', 'Deployment', { anyProject: true })
  async repositoryModelLoad(
    request: RepositoryModelLoadRequest,
    { caller }: RpcCall,
  ): Promise<RepositoryModelLoadResponse> {
    refuseParameters(Object.keys(request.parameters));
    const modelName = modelOf(request);
    await this.load.execute(caller, modelName);
    return { modelName, isLoaded: true };
  }

  @Can('update', 'Deployment', { anyProject: true })
  async repositoryModelUnload(
    request: RepositoryModelUnloadRequest,
    { caller }: RpcCall,
  ): Promise<RepositoryModelUnloadResponse> {
    refuseParameters(Object.keys(request.parameters));
    const modelName = modelOf(request);
    await this.unload.execute(caller, modelName);
    return { modelName, isUnloaded: true };
  }

  private async answer(
    caller: Caller,
    request: ModelInferRequest,
    deadline?: number,
  ): Promise<ModelInferResponse> {
    const result = await this.inference.execute(caller, 'grpc', {
      name: request.modelName,
      version: request.modelVersion,
      subject: () => subjectParameter(request),
      outputs: request.outputs.map(({ name }) => name),
      tensors: () => tensorsOf(request, this.config.maxRows),
      explain: () => explainParameter(parameterValue(request.parameters.explain)),
      deadline,
    });
    return responseOf(request, result);
  }
}

/** Triton marks the last answer to a request of a stream, where the request wants that: here the only one. */
function final({ parameters }: ModelInferRequest, answer: ModelInferResponse): ModelInferResponse {
  const wish = parameters.triton_enable_empty_final_response?.parameterChoice;
  if (wish?.$case === 'boolParam' && wish.boolParam)
    answer.parameters.triton_final_response = { parameterChoice: { $case: 'boolParam', boolParam: true } };
  return answer;
}

/** Triton's clients name the model in the second field, KServe's in the first. */
const modelOf = ({ modelName, repositoryName }: { modelName: string; repositoryName: string }): string =>
  modelName === '' ? repositoryName : modelName;

const emptyResponse = (id: string): ModelInferResponse => ({
  modelName: '',
  modelVersion: '',
  id,
  parameters: {},
  outputs: [],
  rawOutputContents: [],
});
