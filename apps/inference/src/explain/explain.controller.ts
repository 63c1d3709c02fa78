import { Controller, HttpCode, Param, Post, Req, Res, UseFilters } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { Can, FromCaller, type Caller } from '@steward/access';
import { parseInput } from '@steward/service';
import type { Request, Response } from 'express';
import { AnswerInference } from '../infer/answer-inference';
import { answerParameters } from '../infer/answer-parameters';
import { OpenInferenceErrorFilter } from '../infer/protocol-error.filter';
import { readBody } from '../infer/request-body';
import { answerBytes, sendAnswer } from '../infer/send-bytes';
import { InferenceConfig } from '../inference.config';
import {
  inferenceHeader,
  InferBody,
  parseBody,
  subjectOf,
  tensorsOfBody,
} from '../open-inference/json-infer';
import { CounterfactualOptions } from './explain-options';

/** The body of an inference request, and which counterfactuals are wanted. */
const ExplainBody = InferBody.omit({ outputs: true }).extend({
  counterfactuals: CounterfactualOptions.optional(),
});

/** Predict and say why, in the form in which MLServer's explainers are asked. */
@ApiTags('Open Inference Protocol')
@Controller('v2')
@UseFilters(OpenInferenceErrorFilter)
export class ExplainController {
  constructor(
    private readonly inference: AnswerInference,
    private readonly config: InferenceConfig,
  ) {}

  @Post(['models/:model/explain', 'models/:model/versions/:version/explain'])
  @HttpCode(200)
  @Can('predict', 'Deployment', { anyProject: true })
  @ApiOperation({
    summary: 'Predict, with the contribution of each input, and counterfactuals where asked for',
  })
  async explain(
    @FromCaller() caller: Caller,
    @Req() request: Request,
    @Res() response: Response,
    @Param('model') model: string,
    @Param('version') version?: string,
  ): Promise<void> {
    const bytes = await readBody(request, this.config.maxBodyBytes);
    const { json, binary } = parseBody(bytes, inferenceHeader(request.headers));
    const body = parseInput(ExplainBody, json, 'body');
    const result = await this.inference.execute(caller, 'rest', {
      name: model,
      version,
      subject: () => subjectOf(body),
      outputs: [],
      tensors: () => tensorsOfBody(body, binary, this.config.maxRows),
      explain: () => ({ counterfactuals: body.counterfactuals }),
    });
    const { explanation, served } = result;
    const answer = {
      model_name: model,
      model_version: String(served.descriptor.version),
      ...(body.id === undefined ? {} : { id: body.id }),
      parameters: answerParameters(result),
      explanation,
    };
    response.type('application/json');
    sendAnswer(response, await answerBytes([], JSON.stringify(answer), request.headers['accept-encoding']));
  }
}
