import { Injectable } from '@nestjs/common';
import { Can } from '@steward/access';
import { Code } from '@steward/contracts/generated/tensorflow/core/protobuf/error_codes';
import {
  ModelVersionStatus_State,
  type GetModelStatusRequest,
  type GetModelStatusResponse,
} from '@steward/contracts/generated/tensorflow_serving/apis/get_model_status';
import { ModelServiceService } from '@steward/contracts/generated/tensorflow_serving/apis/model_service';
import { RpcService, type RpcCall } from '@steward/service';
import { AnswerInference } from '../infer/answer-inference';
import { wantedBy } from './model-spec';

/** TensorFlow Serving's ModelService: what is served. Models come by approval, so configurations are not reloaded. */
@Injectable()
export class ModelServiceRpc extends RpcService {
  readonly definition = ModelServiceService;

  constructor(private readonly inference: AnswerInference) {
    super();
  }

  @Can('predict', 'Deployment', { anyProject: true })
  getModelStatus(request: GetModelStatusRequest, { caller }: RpcCall): GetModelStatusResponse {
    const { name, ...wanted } = wantedBy(request.modelSpec);
    return {
      modelVersionStatus: this.inference.versions(caller, name, wanted).map((version) => ({
        version,
        state: ModelVersionStatus_State.AVAILABLE,
        status: { errorCode: Code.OK, errorMessage: '' },
      })),
    };
  }
}
