import type { IncomingMessage } from 'node:http';
import { Injectable } from '@nestjs/common';
import type { Caller } from '@steward/access';
import { parseInput, type HttpAnswer } from '@steward/service';
import { explainParameter } from '../explain/explain-options';
import { AnswerInference } from '../infer/answer-inference';
import { readBody } from '../infer/request-body';
import { answerBytes } from '../infer/send-bytes';
import { InferenceConfig } from '../inference.config';
import {
  answerOf,
  HEADER_LENGTH,
  inferenceHeader,
  InferBody,
  parseBody,
  subjectOf,
  tensorsOfBody,
} from './json-infer';

/** The Open Inference Protocol's infer over REST, for a caller who was admitted, whichever way his request came. */
@Injectable()
export class InferOverRest {
  constructor(
    private readonly inference: AnswerInference,
    private readonly config: InferenceConfig,
  ) {}

  async execute(
    caller: Caller,
    request: IncomingMessage,
    model: string,
    version: string | undefined,
  ): Promise<HttpAnswer> {
    const { json, binary } = parseBody(
      await readBody(request, this.config.maxBodyBytes),
      inferenceHeader(request),
    );
    const body = parseInput(InferBody, json, 'body');
    const result = await this.inference.execute(caller, 'rest', {
      name: model,
      version,
      subject: () => subjectOf(body),
      outputs: body.outputs.map(({ name }) => name),
      tensors: () => tensorsOfBody(body, binary, this.config.maxRows),
      explain: () => explainParameter(body.parameters.explain),
    });
    const answer = answerOf(model, body, result);
    const text = JSON.stringify(answer.json);
    const accepted = request.headers['accept-encoding'];
    if (answer.binary.length === 0) return answerBytes(JSON_TYPE, text, accepted);
    const head = Buffer.from(text);
    const headers = ['content-type', 'application/octet-stream', HEADER_LENGTH, String(head.byteLength)];
    return answerBytes(headers, Buffer.concat([head, ...answer.binary]), accepted);
  }
}

const JSON_TYPE = ['content-type', 'application/json; charset=utf-8'] as const;
