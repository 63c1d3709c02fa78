import { Body, Controller, Get, HttpCode, Param, Post, Put } from '@nestjs/common';
import { ApiBody, ApiConsumes, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Access, Can, FromCaller, type Caller } from '@steward/access';
import { openApiSchema, ZodBody, ZodQuery } from '@steward/service';
import { z } from 'zod';
import { StartRun } from '../runs/start-run';
import { PipelineDefinition } from './pipeline-definition';
import { pipelineNotFound, type Pipeline } from './pipeline';
import { PipelineRepository } from './pipeline.repository';
import { PutPipeline } from './put-pipeline';

const Page = z.object({
  limit: z.coerce.number().int().min(1).max(200).default(50),
  after: z.string().min(1).max(100).optional(),
});
const StartRunBody = z
  .strictObject({ datasetVersion: z.int().min(1).max(2_147_483_647).optional() })
  .nullish();

@ApiTags('Pipelines')
@Controller('v1/projects/:project/pipelines')
export class PipelinesController {
  constructor(
    private readonly pipelines: PipelineRepository,
    private readonly putPipeline: PutPipeline,
    private readonly startRun: StartRun,
    private readonly access: Access,
  ) {}

  @Get()
  @Can('read', 'Pipeline', { refined: true })
  @ApiOperation({ summary: 'Pipelines of the project, by name, each in its current version' })
  async list(
    @FromCaller() { principal }: Caller,
    @Param('project') project: string,
    @ZodQuery(Page) page: z.output<typeof Page>,
  ) {
    const found = await this.pipelines.list(project, { limit: page.limit, after: page.after ?? null });
    const items = found.filter(({ pipeline }) =>
      this.access.can(principal, 'read', 'Pipeline', { project, pipeline }),
    );
    return { items, next: found.length === page.limit ? found.at(-1)!.pipeline : null };
  }

  @Get(':pipeline')
  @Can('read', 'Pipeline')
  @ApiOperation({ summary: 'The current version of a pipeline' })
  async get(@Param('project') project: string, @Param('pipeline') name: string): Promise<Pipeline> {
    const found = await this.pipelines.current(project, name);
    if (!found) throw pipelineNotFound(name);
    return found;
  }

  @Put(':pipeline')
  @Can('update', 'Pipeline')
  @ApiOperation({ summary: 'Registers a definition (YAML or JSON); the same again is no new version' })
  @ApiConsumes('application/yaml', 'application/json')
  @ApiBody({ schema: openApiSchema(PipelineDefinition) })
  put(
    @FromCaller() caller: Caller,
    @Param('project') project: string,
    @Param('pipeline') name: string,
    // Checked by the use case, which has a sentence for each fault.
    @Body() definition: unknown,
  ): Promise<Pipeline> {
    return this.putPipeline.put(caller, project, name, definition);
  }

  @Post(':pipeline/runs')
  @HttpCode(202)
  @Can('run', 'Pipeline')
  @ApiOperation({ summary: 'Starts a run on a dataset version (default: the newest)' })
  start(
    @FromCaller() caller: Caller,
    @Param('project') project: string,
    @Param('pipeline') name: string,
    @ZodBody(StartRunBody) body: z.output<typeof StartRunBody>,
  ) {
    return this.startRun.start(caller, project, name, body?.datasetVersion ?? null);
  }
}
