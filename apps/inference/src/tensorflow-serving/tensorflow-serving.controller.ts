import { Controller, Get, HttpCode, Param, Post, Req, Res, UseFilters } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { Can, FromCaller, type Caller } from '@steward/access';
import { errors } from '@steward/kernel';
import type { Request, Response } from 'express';
import { AnswerInference } from '../infer/answer-inference';
import { TensorflowErrorFilter } from '../infer/protocol-error.filter';
import { sendAnswer } from '../infer/send-bytes';
import type { WantedModel } from './model-spec';
import { PredictOverRest } from './predict-over-rest';
import { signaturesJson } from './signature';

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
    private readonly rest: PredictOverRest,
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
    sendAnswer(response, await this.rest.execute(caller, request, wantedOf(withoutVerb(route))));
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
