import { Controller, Get, Param } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { Can } from '@steward/access';
import { ZodQuery } from '@steward/service';
import type { z } from 'zod';
import { windowAnswer } from './window-answer';
import { WindowPage } from './window-page';
import { WindowArchive } from './window-archive';

@ApiTags('Windows')
@Controller('v1/projects/:project')
export class WindowsController {
  constructor(private readonly windows: WindowArchive) {}

  @Get('windows')
  @Can('read', 'Monitor')
  @ApiOperation({ summary: 'Windows, newest first, with verdict and report' })
  async list(@Param('project') project: string, @ZodQuery(WindowPage) query: z.output<typeof WindowPage>) {
    const items = await this.windows.list(project, {
      monitor: query.monitor,
      before: query.after,
      limit: query.limit,
    });
    return { items: items.map(windowAnswer), next: items.length === query.limit ? items.at(-1)!.id : null };
  }

  @Get('windows/:id')
  @Can('read', 'Monitor')
  @ApiOperation({ summary: 'One window: reference against current, cell by cell' })
  async get(@Param('project') project: string, @Param('id') id: string) {
    return windowAnswer(await this.windows.require(project, id));
  }

  @Get('observed')
  @Can('read', 'Monitor')
  @ApiOperation({ summary: 'Predictions counted and outcomes joined, by model version' })
  async observed(@Param('project') project: string) {
    return { items: await this.windows.counts(project), next: null };
  }
}
