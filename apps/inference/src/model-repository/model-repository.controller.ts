import { Controller, HttpCode, Param, Post, Req, UseFilters } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { Can, FromCaller, type Caller } from '@steward/access';
import { parseInput } from '@steward/service';
import type { Request } from 'express';
import { z } from 'zod';
import { OpenInferenceErrorFilter } from '../infer/protocol-error.filter';
import { readBody } from '../infer/request-body';
import { parseJson } from '../infer/request-json';
import { IndexModels } from './index-models';
import { LoadModel } from './load-model';
import { refuseParameters } from './repository-model';
import { UnloadModel } from './unload-model';

const LARGEST_BYTES = 64 * 1024;

const IndexBody = z.object({ ready: z.boolean().default(false) });
const ChangeBody = z.object({ parameters: z.record(z.string().max(200), z.unknown()).default({}) });

/** Triton's model repository extension. Nothing is loaded that was not approved. */
@ApiTags('Open Inference Protocol')
@Controller('v2/repository')
@UseFilters(OpenInferenceErrorFilter)
export class ModelRepositoryController {
  constructor(
    private readonly models: IndexModels,
    private readonly loading: LoadModel,
    private readonly unloading: UnloadModel,
  ) {}

  @Post('index')
  @HttpCode(200)
  @Can('predict', 'Deployment', { anyProject: true })
  @ApiOperation({ summary: 'What is deployed, of the models that the caller may use' })
  async index(@FromCaller() caller: Caller, @Req() request: Request) {
    const { ready } = parseInput(IndexBody, await bodyOf(request), 'body');
    return this.models.execute(caller, ready);
  }

  @Post('models/:model/load')
  @HttpCode(200)
  @Can('update', 'Deployment', { anyProject: true })
  @ApiOperation({ summary: 'Put the approved version into service again' })
  async load(@FromCaller() caller: Caller, @Req() request: Request, @Param('model') model: string) {
    refuseParameters(Object.keys(parseInput(ChangeBody, await bodyOf(request), 'body').parameters));
    await this.loading.execute(caller, model);
    return {};
  }

  @Post('models/:model/unload')
  @HttpCode(200)
  @Can('update', 'Deployment', { anyProject: true })
  @ApiOperation({ summary: 'Take a model out of service until it is loaded again' })
  async unload(@FromCaller() caller: Caller, @Req() request: Request, @Param('model') model: string) {
    refuseParameters(Object.keys(parseInput(ChangeBody, await bodyOf(request), 'body').parameters));
    await this.unloading.execute(caller, model);
    return {};
  }
}

async function bodyOf(request: Request): Promise<unknown> {
  const bytes = await readBody(request, LARGEST_BYTES);
  return bytes.byteLength === 0 ? {} : parseJson(bytes);
}
