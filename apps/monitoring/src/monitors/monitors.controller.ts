import { Controller, Get, Param, Put } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { Can, FromCaller, type Caller } from '@steward/access';
import { errors } from '@steward/kernel';
import { ZodBody } from '@steward/service';
import { MonitorDefinition } from './monitor-definition';
import { MonitorRepository } from './monitor.repository';
import { PutMonitor } from './put-monitor';

@ApiTags('Monitors')
@Controller('v1/projects/:project/monitors')
export class MonitorsController {
  constructor(
    private readonly put: PutMonitor,
    private readonly monitors: MonitorRepository,
  ) {}

  @Put(':monitor')
  @Can('update', 'Monitor')
  @ApiOperation({ summary: 'Make or change a monitor (JSON or YAML)' })
  change(
    @FromCaller() caller: Caller,
    @Param('project') project: string,
    @Param('monitor') name: string,
    @ZodBody(MonitorDefinition) definition: MonitorDefinition,
  ) {
    return this.put.execute(caller, project, name, definition);
  }

  @Get()
  @Can('read', 'Monitor')
  @ApiOperation({ summary: 'Monitors of a project' })
  async list(@Param('project') project: string) {
    return { items: await this.monitors.list(project), next: null };
  }

  @Get(':monitor')
  @Can('read', 'Monitor')
  @ApiOperation({ summary: 'One monitor' })
  async get(@Param('project') project: string, @Param('monitor') name: string) {
    const monitor = await this.monitors.find(project, name);
    if (!monitor)
      throw errors.notFound('MONITORING.MONITOR_NOT_FOUND', 'There is no such monitor in this project.');
    return monitor;
  }
}
