import type { IncomingMessage } from 'node:http';
import { Injectable } from '@nestjs/common';
import type { Caller } from '@steward/access';
import { parseInput, type HttpAnswer } from '@steward/service';
import { AnswerInference } from '../infer/answer-inference';
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

  async execute(
    caller: Caller,
    request: IncomingMessage,
    { name, ...wanted }: WantedModel,
  ): Promise<HttpAnswer> {
    const bytes = await readBody(request, this.config.maxBodyBytes);
    const body = parseInput(PredictBody, parseJson(bytes), 'body');
    const served = this.inference.describe(caller, name, wanted);
    checkSignature(served, body.signature_name);
    const result = await this.inference.execute(caller, 'rest', {
      name,
      ...wanted,
      subject: () => undefined,
      outputs: [],
      tensors: () => tensorsOfPredict(body, served.descriptor, this.config.maxRows),
    });
    const headers = [
      'steward-prediction-id',
      result.predictionId,
      'content-type',
      'application/json; charset=utf-8',
    ];
    const text = JSON.stringify(predictAnswer(body, result));
    return answerBytes(headers, text, request.headers['accept-encoding']);
  }
}
