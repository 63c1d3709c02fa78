import { Injectable } from '@nestjs/common';
import { Can } from '@steward/access';
import {
  SignatureDefMap,
  type GetModelMetadataRequest,
  type GetModelMetadataResponse,
} from '@steward/contracts/generated/tensorflow_serving/apis/get_model_metadata';
import type {
  PredictRequest,
  PredictResponse,
} from '@steward/contracts/generated/tensorflow_serving/apis/predict';
import { PredictionServiceService } from '@steward/contracts/generated/tensorflow_serving/apis/prediction_service';
import { errors } from '@steward/kernel';
import { RpcService, type RpcCall } from '@steward/service';
import { AnswerInference } from '../infer/answer-inference';
import { PREDICT_PARTS, requireFewFields } from '../infer/bounded-message';
import { outputsOf } from '../infer/outputs';
import { InferenceConfig } from '../inference.config';
import { specOf, wantedBy } from './model-spec';
import { checkSignature, DEFAULT_SIGNATURE, signaturesOf } from './signature';
import { protoOf, tensorOf } from './tensor-proto';

const SIGNATURE_DEF = 'signature_def';
const MOST_INPUTS = 2_000;

/** TensorFlow Serving's PredictionService. */
@Injectable()
export class PredictionServiceRpc extends RpcService {
  readonly definition = {
    ...PredictionServiceService,
    predict: requireFewFields(PredictionServiceService.predict, PREDICT_PARTS),
  };

  constructor(
    private readonly inference: AnswerInference,
    private readonly config: InferenceConfig,
  ) {
    super();
  }

  @Can('predict', 'Deployment', { anyProject: true })
  async predict(request: PredictRequest, { caller }: RpcCall): Promise<PredictResponse> {
    const { name, ...wanted } = wantedBy(request.modelSpec);
    const signature = request.modelSpec?.signatureName ?? '';
    checkSignature(this.inference.describe(caller, name, wanted), signature);
    const result = await this.inference.execute(caller, 'grpc', {
      name,
      ...wanted,
      subject: () => undefined,
      outputs: request.outputFilter,
      tensors: () => {
        const inputs = Object.entries(request.inputs);
        if (inputs.length > MOST_INPUTS)
          throw errors.limit('INFERENCE.TOO_MANY_INPUTS', `At most ${MOST_INPUTS} inputs are taken.`);
        return inputs.map(([input, proto]) => tensorOf(input, proto, this.config.maxRows));
      },
    });
    return {
      modelSpec: specOf(name, result.served.descriptor.version, signature || DEFAULT_SIGNATURE),
      outputs: Object.fromEntries(
        outputsOf(result, request.outputFilter).map((output) => [output.name, protoOf(output)]),
      ),
    };
  }

  @Can('predict', 'Deployment', { anyProject: true })
  getModelMetadata(request: GetModelMetadataRequest, { caller }: RpcCall): GetModelMetadataResponse {
    const { name, ...wanted } = wantedBy(request.modelSpec);
    const served = this.inference.describe(caller, name, wanted);
    if (
      request.metadataField.length === 0 ||
      request.metadataField.some((field) => field !== SIGNATURE_DEF)
    ) {
      throw errors.invalid(
        'INFERENCE.METADATA_FIELD_UNKNOWN',
        `Name the metadata_field "${SIGNATURE_DEF}"; there is no other.`,
      );
    }
    const value = SignatureDefMap.encode({ signatureDef: signaturesOf(served) }).finish();
    return {
      modelSpec: specOf(name, served.descriptor.version, ''),
      metadata: {
        [SIGNATURE_DEF]: {
          typeUrl: 'type.googleapis.com/tensorflow.serving.SignatureDefMap',
          value: Buffer.from(value),
        },
      },
    };
  }
}
