import { Controller, Get, HttpCode, Param, Post } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { Can, FromCaller, type Caller } from '@steward/access';
import { ZodQuery } from '@steward/service';
import { z } from 'zod';
import { DecisionOnRun } from './decision-on-run';
import { MoveRun } from './move-run';
import type { Run } from './run';
import { RunRepository } from './run.repository';

const Page = z.object({
  limit: z.coerce.number().int().min(1).max(200).default(50),
  after: z.uuid().optional(),
  pipeline: z.string().min(1).max(100).optional(),
});

@ApiTags('Runs')
@Controller('v1/projects/:project/runs')
export class RunsController {
  constructor(
    private readonly runs: RunRepository,
    private readonly decision: DecisionOnRun,
    private readonly moves: MoveRun,
  ) {}

  @Get()
  @Can('read', 'Run', { refined: true })
  @ApiOperation({ summary: 'Runs of the project, newest first' })
  async list(
    @FromCaller() caller: Caller,
    @Param('project') project: string,
    @ZodQuery(Page) page: z.output<typeof Page>,
  ) {
    const { limit, after = null, pipeline = null } = page;
    const items = await this.runs.list(project, { limit, after, pipeline });
    return {
      items: this.decision.readable(caller, items),
      next: items.length === limit ? items.at(-1)!.id : null,
    };
  }

  @Get(':id')
  @Can('read', 'Run', { refined: true })
  @ApiOperation({ summary: 'A run: state, progress, figures, fairness, failure' })
  get(
    @FromCaller() caller: Caller,
    @Param('project') project: string,
    @Param('id') id: string,
  ): Promise<Run> {
    return this.decision.require(caller, 'read', project, id);
  }

  @Post(':id/cancel')
  @HttpCode(200)
  @Can('update', 'Run', { refined: true })
  @ApiOperation({ summary: 'Cancels a run that is queued or running' })
  async cancel(
    @FromCaller() caller: Caller,
    @Param('project') project: string,
    @Param('id') id: string,
  ): Promise<Run> {
    await this.decision.require(caller, 'update', project, id);
    return this.moves.cancel(caller, project, id);
  }
}
