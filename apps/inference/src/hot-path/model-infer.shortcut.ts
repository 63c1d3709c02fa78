import { Injectable } from '@nestjs/common';
import type { Caller } from '@steward/access';
import { GRPCInferenceServiceService } from '@steward/contracts/generated/open_inference/open_inference';
import { newId, type AppError } from '@steward/kernel';
import { FRAME_BYTES, RpcShortcut, type EncodedCall } from '@steward/service';
import { WorkQueue } from '../batching/work-queue';
import { AnswerInference } from '../infer/answer-inference';
import type { InferResult } from '../infer/infer';
import { InferenceConfig } from '../inference.config';
import { Admissions } from './admissions';
import { decodeModelInfer, type HotRequest } from './decode-model-infer';
import { encodeAnswer } from './encode-answer';

/** A request that the shortcut takes, with whoever asks it; null: that is still to be found out. */
interface HotCall {
  readonly call: EncodedCall;
  readonly request: HotRequest;
  readonly caller: Caller | null;
}

/**
 * ModelInfer for raw tensors of numbers: the request most callers send most of the time. Differs from the general method
 * in nothing but its cost.
 */
@Injectable()
export class ModelInferShortcut extends RpcShortcut<HotCall> {
  readonly path = GRPCInferenceServiceService.modelInfer.path;

  constructor(
    private readonly admissions: Admissions,
    private readonly inference: AnswerInference,
    private readonly config: InferenceConfig,
    private readonly queue: WorkQueue,
  ) {
    super();
  }

  override refusal(): AppError | null {
    return this.queue.refusal();
  }

  read(call: EncodedCall): HotCall | null {
    // A caller who names his own correlation, or no credential, is rare: the general method knows what to do.
    const credential = call.header('authorization');
    if (credential === undefined || call.header('x-correlation-id') !== undefined) return null;
    const request = decodeModelInfer(call.message, this.config.maxRows);
    return request && { call, request, caller: this.admissions.recall(credential) };
  }

  answer({ call, request, caller }: HotCall): Buffer | Promise<Buffer> {
    if (caller) return this.infer(call, caller, request);
    return this.admissions.admit(call, this.path).then((admitted) => this.infer(call, admitted, request));
  }

  private infer(call: EncodedCall, caller: Caller, request: HotRequest): Buffer | Promise<Buffer> {
    // One id for both: the caller named none, and no other request has either.
    const predictionId = newId();
    const { principal, project, address } = caller;
    const result = this.inference.answer({ principal, project, address, correlation: predictionId }, 'grpc', {
      name: request.modelName,
      version: request.modelVersion,
      subject: none,
      outputs: NONE,
      tensors: () => request.tensors,
      predictionId,
      deadline: call.deadline,
    });
    return result instanceof Promise
      ? result.then((late) => encoded(request, late))
      : encoded(request, result);
  }
}

const none = (): undefined => undefined;
const NONE: readonly string[] = [];

const encoded = ({ modelName, id }: HotRequest, result: InferResult): Buffer =>
  encodeAnswer(modelName, id, result, FRAME_BYTES);
