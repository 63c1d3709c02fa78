import { Controller, Get, HttpCode, Param, Post, Req, Res, UseFilters } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { Can, FromCaller, type Caller } from '@steward/access';
import { errors } from '@steward/kernel';
import { parseInput } from '@steward/service';
import type { Request, Response } from 'express';
import { AnswerInference } from '../infer/answer-inference';
import { TensorflowErrorFilter } from '../infer/protocol-error.filter';
import { readBody } from '../infer/request-body';
import { parseJson } from '../infer/request-json';
import { sendBytes } from '../infer/send-bytes';
import { InferenceConfig } from '../inference.config';
import type { WantedModel } from './model-spec';
import { PredictBody, predictAnswer, tensorsOfPredict } from './predict-json';
import { checkSignature, signaturesJson } from './signature';

const PREDICT = ':predict';

/** The parts of a route: `{model}[/versions/{version}|/labels/{label}][:predict]`. */
interface Route {
  readonly model?: string;
  readonly version?: string;
  readonly label?: string;
}

/** TensorFlow Serving's REST form. Classify and regress take TensorFlow's own examples and are not served. */
@ApiTags('TensorFlow Serving')
@Controller('v1/models')
@UseFilters(TensorflowErrorFilter)
export class TensorflowServingController {
  constructor(
    private readonly inference: AnswerInference,
    private readonly config: InferenceConfig,
  ) {}

  @Get([':model', ':model/versions/:version', ':model/labels/:label'])
  @Can('predict', 'Deployment', { anyProject: true })
  @ApiOperation({ summary: 'Which versions are served' })
  status(@FromCaller() caller: Caller, @Param() route: Route) {
    const { name, ...wanted } = wantedOf(route);
    return {
      model_version_status: this.inference.versions(caller, name, wanted).map((version) => ({
        version: String(version),
        state: 'AVAILABLE',
        status: { error_code: 'OK', error_message: '' },
      })),
    };
  }

  @Get([':model/metadata', ':model/versions/:version/metadata', ':model/labels/:label/metadata'])
  @Can('predict', 'Deployment', { anyProject: true })
  @ApiOperation({
    summary: 'The signatures: one input a column, and where possible one tensor of all columns',
  })
  metadata(@FromCaller() caller: Caller, @Param() route: Route) {
    const { name, ...wanted } = wantedOf(route);
    const served = this.inference.describe(caller, name, wanted);
    return {
      model_spec: { name, signature_name: '', version: String(served.descriptor.version) },
      metadata: { signature_def: signaturesJson(served) },
    };
  }

  @Post([':model', ':model/versions/:version', ':model/labels/:label'])
  @HttpCode(200)
  @Can('predict', 'Deployment', { anyProject: true })
  @ApiOperation({ summary: 'Predict: {model}:predict, in row or column format' })
  async predict(
    @FromCaller() caller: Caller,
    @Req() request: Request,
    @Res() response: Response,
    @Param() route: Route,
  ): Promise<void> {
    const { name, ...wanted } = wantedOf(withoutVerb(route));
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
    response.setHeader('steward-prediction-id', result.predictionId);
    response.type('application/json');
    const answer = Buffer.from(JSON.stringify(predictAnswer(body, result)));
    await sendBytes(response, answer, request.headers['accept-encoding']);
  }
}

function wantedOf({ model = '', version, label }: Route): WantedModel {
  return { name: model, ...(label === undefined ? { version } : { label }) };
}

/** The route without `:predict`, which stands at the end of its last part. */
function withoutVerb(route: Route): Route {
  const last = route.version !== undefined ? 'version' : route.label !== undefined ? 'label' : 'model';
  const value = route[last] ?? '';
  if (!value.endsWith(PREDICT)) {
    throw errors.notFound(
      'INFERENCE.VERB_UNKNOWN',
      'Of TensorFlow Serving’s verbs :predict is served; :classify and :regress are not.',
    );
  }
  return { ...route, [last]: value.slice(0, -PREDICT.length) };
}
