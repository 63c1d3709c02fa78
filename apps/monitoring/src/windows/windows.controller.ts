import { Controller, Get, Param } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { Can } from '@steward/access';
import { errors } from '@steward/kernel';
import { ZodQuery } from '@steward/service';
import { z } from 'zod';
import { windowAnswer } from './window-answer';
import { WindowRepository } from './window.repository';

const WindowQuery = z.object({
  monitor: z.string().max(63).optional(),
  after: z.string().max(100).optional(),
  limit: z.coerce.number().int().min(1).max(200).default(50),
});

@ApiTags('Windows')
@Controller('v1/projects/:project')
export class WindowsController {
  constructor(private readonly windows: WindowRepository) {}

  @Get('windows')
  @Can('read', 'Monitor')
  @ApiOperation({ summary: 'Windows, newest first, with verdict and report' })
  async list(@Param('project') project: string, @ZodQuery(WindowQuery) query: z.output<typeof WindowQuery>) {
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
    const window = await this.windows.find(project, id);
    if (!window)
      throw errors.notFound('MONITORING.WINDOW_NOT_FOUND', 'There is no such window in this project.');
    return windowAnswer(window);
  }

  @Get('observed')
  @Can('read', 'Monitor')
  @ApiOperation({ summary: 'Predictions counted and outcomes joined, by model version' })
  async observed(@Param('project') project: string) {
    return { items: await this.windows.counts(project), next: null };
  }
}
