import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import { Injectable } from '@nestjs/common';
import type { Caller } from '@steward/access';
import { parseInput, type HttpAnswer } from '@steward/service';
import { AnswerInference } from '../infer/answer-inference';
import type { InferResult } from '../infer/infer';
import { readBody } from '../infer/request-body';
import { parseJson } from '../infer/request-json';
import { answerBytes } from '../infer/send-bytes';
import { InferenceConfig } from '../inference.config';
import type { WantedModel } from './model-spec';
import { PredictBody, predictAnswer, tensorsOfPredict } from './predict-json';
import { checkSignature } from './signature';

/** TensorFlow Serving's predict over REST, for a caller who was admitted, whichever way his request came. */
@Injectable()
export class PredictOverRest {
  constructor(
    private readonly inference: AnswerInference,
    private readonly config: InferenceConfig,
  ) {}

  /** Reads the body and answers. */
  async execute(caller: Caller, request: IncomingMessage, wanted: WantedModel): Promise<HttpAnswer> {
    return this.answer(caller, request.headers, await readBody(request, this.config.maxBodyBytes), wanted);
  }

  /** The answer to a body that was read, at once where nothing has to be waited for. Throws or rejects. */
  answer(
    caller: Caller,
    from: IncomingHttpHeaders,
    bytes: Buffer,
    { name, ...wanted }: WantedModel,
  ): HttpAnswer | Promise<HttpAnswer> {
    const body = parseInput(PredictBody, parseJson(bytes), 'body');
    const served = this.inference.describe(caller, name, wanted);
    checkSignature(served, body.signature_name);
    const result = this.inference.answer(caller, 'rest', {
      name,
      ...wanted,
      subject: () => undefined,
      outputs: [],
      tensors: () => tensorsOfPredict(body, served.descriptor, this.config.maxRows),
    });
    const accepted = from['accept-encoding'];
    return result instanceof Promise
      ? result.then((late) => encoded(body, late, accepted))
      : encoded(body, result, accepted);
  }
}

function encoded(
  body: PredictBody,
  result: InferResult,
  accepted: string | string[] | undefined,
): HttpAnswer | Promise<HttpAnswer> {
  const headers = [
    'steward-prediction-id',
    result.predictionId,
    'content-type',
    'application/json; charset=utf-8',
  ];
  const text = JSON.stringify(predictAnswer(body, result));
  return answerBytes(headers, text, accepted);
}
