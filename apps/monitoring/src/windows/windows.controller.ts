import { Controller, Get, Param } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { Can, FromCaller, type Caller } from '@steward/access';
import { ZodQuery } from '@steward/service';
import type { z } from 'zod';
import { DecisionOnMonitor } from '../monitors/decision-on-monitor';
import { windowAnswer } from './window-answer';
import { WindowPage } from './window-page';
import { WindowArchive } from './window-archive';

@ApiTags('Windows')
@Controller('v1/projects/:project')
export class WindowsController {
  constructor(
    private readonly windows: WindowArchive,
    private readonly decision: DecisionOnMonitor,
  ) {}

  @Get('windows')
  @Can('read', 'Monitor', { refined: true })
  @ApiOperation({ summary: 'Windows, newest first, with verdict and report' })
  async list(
    @FromCaller() caller: Caller,
    @Param('project') project: string,
    @ZodQuery(WindowPage) query: z.output<typeof WindowPage>,
  ) {
    const found = await this.windows.list(project, {
      monitor: query.monitor,
      before: query.after,
      limit: query.limit,
    });
    return {
      items: this.decision.readableWindows(caller, found).map(windowAnswer),
      next: found.length === query.limit ? found.at(-1)!.id : null,
    };
  }

  @Get('windows/:id')
  @Can('read', 'Monitor', { refined: true })
  @ApiOperation({ summary: 'One window: reference against current, cell by cell' })
  async get(@FromCaller() caller: Caller, @Param('project') project: string, @Param('id') id: string) {
    return windowAnswer(await this.decision.window(caller, project, id));
  }

  @Get('observed')
  @Can('read', 'Monitor', { refined: true })
  @ApiOperation({ summary: 'Predictions counted and outcomes joined, by model version' })
  async observed(@FromCaller() caller: Caller, @Param('project') project: string) {
    const counts = await this.windows.counts(project);
    return { items: this.decision.readableCounts(caller, project, counts), next: null };
  }
}
