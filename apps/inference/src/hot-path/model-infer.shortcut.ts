import { Injectable } from '@nestjs/common';
import type { Caller } from '@steward/access';
import {
  GRPCInferenceServiceService,
  type ModelInferRequest,
} from '@steward/contracts/generated/open_inference/open_inference';
import { RpcShortcut, type EncodedCall } from '@steward/service';
import { AnswerInference } from '../infer/answer-inference';
import { InferenceConfig } from '../inference.config';
import { responseOf } from '../open-inference/grpc-tensors';
import { Admissions } from './admissions';
import { decodeModelInfer, type HotRequest } from './decode-model-infer';
import { encodeModelInfer } from './encode-model-infer';

/** All that an answer is shaped by, beside the tensors: raw contents, all outputs. */
const RAW = [Buffer.alloc(0)];

/**
 * ModelInfer for raw tensors of numbers: the request most callers send most of the time. Differs from the general method
 * in nothing but its cost.
 */
@Injectable()
export class ModelInferShortcut extends RpcShortcut {
  readonly path = GRPCInferenceServiceService.modelInfer.path;

  constructor(
    private readonly admissions: Admissions,
    private readonly inference: AnswerInference,
    private readonly config: InferenceConfig,
  ) {
    super();
  }

  answer(call: EncodedCall): Promise<Buffer> | null {
    // A caller who names his own correlation, or no credential, is rare: the general method knows what to do.
    if (call.metadata.get('x-correlation-id').length > 0) return null;
    const caller = this.admissions.recall(call);
    // Without a credential nothing is decoded.
    if (caller === null && call.metadata.get('authorization').length === 0) return null;
    const request = decodeModelInfer(call.request, this.config.maxRows);
    if (request === null) return null;
    return caller ? this.infer(call, caller, request) : this.admitAndInfer(call, request);
  }

  private async admitAndInfer(call: EncodedCall, request: HotRequest): Promise<Buffer> {
    return this.infer(call, await this.admissions.admit(call, this.path), request);
  }

  private async infer(call: EncodedCall, caller: Caller, request: HotRequest): Promise<Buffer> {
    const result = await this.inference.execute(caller, 'grpc', {
      name: request.modelName,
      version: request.modelVersion,
      subject: none,
      outputs: [],
      tensors: () => [...request.tensors],
      deadline: call.deadline(),
    });
    return encodeModelInfer(responseOf(asMessage(request), result));
  }
}

const none = (): undefined => undefined;

function asMessage({ modelName, modelVersion, id }: HotRequest): ModelInferRequest {
  return { modelName, modelVersion, id, parameters: {}, inputs: [], outputs: [], rawInputContents: RAW };
}
