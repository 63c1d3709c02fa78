import { Injectable } from '@nestjs/common';
import { Can, PublicEndpoint } from '@steward/access';
import {
  GRPCInferenceServiceService,
  type ModelInferRequest,
  type ModelInferResponse,
  type ModelMetadataRequest,
  type ModelMetadataResponse,
  type ModelReadyRequest,
  type ModelReadyResponse,
  type ServerLiveResponse,
  type ServerMetadataResponse,
  type ServerReadyResponse,
} from '@steward/contracts/generated/open_inference/open_inference';
import { AppError } from '@steward/kernel';
import { RpcService, type RpcCall } from '@steward/service';
import { KeepServing } from '../deployments/keep-serving';
import { AnswerInference } from '../infer/answer-inference';
import { responseOf, subjectParameter, tensorsOf } from './grpc-tensors';
import { InferenceConfig } from '../inference.config';
import { modelMetadata, SERVER } from './metadata';

/** The Open Inference Protocol, version 2, over gRPC. */
@Injectable()
export class OpenInferenceRpc extends RpcService {
  readonly definition = GRPCInferenceServiceService;

  constructor(
    private readonly inference: AnswerInference,
    private readonly serving: KeepServing,
    private readonly config: InferenceConfig,
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
      this.inference.describe(caller, request.name, request.version);
      return { ready: true };
    } catch (error) {
      if (AppError.is(error) && error.kind === 'not_found') return { ready: false };
      throw error;
    }
  }

  @Can('predict', 'Deployment', { anyProject: true })
  modelMetadata(request: ModelMetadataRequest, { caller }: RpcCall): ModelMetadataResponse {
    return modelMetadata(request.name, this.inference.describe(caller, request.name, request.version));
  }

  @Can('predict', 'Deployment', { anyProject: true })
  async modelInfer(request: ModelInferRequest, { caller }: RpcCall): Promise<ModelInferResponse> {
    const result = await this.inference.execute(caller, 'grpc', {
      name: request.modelName,
      version: request.modelVersion,
      subject: () => subjectParameter(request),
      outputs: request.outputs.map(({ name }) => name),
      tensors: () => tensorsOf(request, this.config.maxRows),
    });
    return responseOf(request, result);
  }
}
