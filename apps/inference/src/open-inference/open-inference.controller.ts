import { Controller, Get, HttpCode, Param, Post, Req, Res, UseFilters } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { Can, FromCaller, PublicEndpoint, type Caller } from '@steward/access';
import { errors } from '@steward/kernel';
import type { Request, Response } from 'express';
import { KeepServing } from '../deployments/keep-serving';
import { AnswerInference } from '../infer/answer-inference';
import { OpenInferenceErrorFilter } from '../infer/protocol-error.filter';
import { sendAnswer } from '../infer/send-bytes';
import { InferOverRest } from './infer-over-rest';
import { modelMetadata, SERVER } from './metadata';

/** The Open Inference Protocol, version 2, over REST, with Triton's binary tensor extension. */
@ApiTags('Open Inference Protocol')
@Controller('v2')
@UseFilters(OpenInferenceErrorFilter)
export class OpenInferenceController {
  constructor(
    private readonly inference: AnswerInference,
    private readonly serving: KeepServing,
    private readonly rest: InferOverRest,
  ) {}

  @Get()
  @PublicEndpoint('Names the protocol extensions; the same in every installation.')
  @ApiOperation({ summary: 'Server metadata' })
  server() {
    return SERVER;
  }

  @Get('health/live')
  @PublicEndpoint('Probes and clients ask whether the server is there before they have a credential.')
  @ApiOperation({ summary: 'Is the server there?' })
  live() {
    return { live: true };
  }

  @Get('health/ready')
  @PublicEndpoint('Probes ask for readiness; it says nothing of any model.')
  @ApiOperation({ summary: 'Are all models loaded?' })
  ready() {
    if (!this.serving.ready) throw errors.unavailable('INFERENCE.NOT_READY', 'Models are being loaded.');
    return { ready: true };
  }

  @Get(['models/:model', 'models/:model/versions/:version'])
  @Can('predict', 'Deployment', { anyProject: true })
  @ApiOperation({ summary: 'Model metadata; the model is named <project>.<model>' })
  metadata(@FromCaller() caller: Caller, @Param('model') model: string, @Param('version') version?: string) {
    return modelMetadata(
      model,
      this.inference.describe(caller, model, { version }),
      this.inference.versions(caller, model, { version }),
    );
  }

  @Get(['models/:model/ready', 'models/:model/versions/:version/ready'])
  @Can('predict', 'Deployment', { anyProject: true })
  @ApiOperation({ summary: 'Is the model served?' })
  modelReady(
    @FromCaller() caller: Caller,
    @Param('model') model: string,
    @Param('version') version?: string,
  ) {
    const served = this.inference.describe(caller, model, { version });
    return { name: model, version: String(served.descriptor.version), ready: true };
  }

  @Post(['models/:model/infer', 'models/:model/versions/:version/infer'])
  @HttpCode(200)
  @Can('predict', 'Deployment', { anyProject: true })
  @ApiOperation({ summary: 'Predict; answers when the prediction is durable in the log' })
  async infer(
    @FromCaller() caller: Caller,
    @Req() request: Request,
    @Res() response: Response,
    @Param('model') model: string,
    @Param('version') version?: string,
  ): Promise<void> {
    sendAnswer(response, await this.rest.execute(caller, request, model, version));
  }
}
