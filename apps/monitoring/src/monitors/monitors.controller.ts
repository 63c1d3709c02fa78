import { Controller, Get, Param, Put } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { Can, FromCaller, type Caller } from '@steward/access';
import { ZodBody } from '@steward/service';
import { DecisionOnMonitor } from './decision-on-monitor';
import { MonitorDefinition } from './monitor-definition';
import { MonitorRepository } from './monitor.repository';
import { PutMonitor } from './put-monitor';

@ApiTags('Monitors')
@Controller('v1/projects/:project/monitors')
export class MonitorsController {
  constructor(
    private readonly put: PutMonitor,
    private readonly monitors: MonitorRepository,
    private readonly decision: DecisionOnMonitor,
  ) {}

  @Put(':monitor')
  @Can('update', 'Monitor', { refined: true })
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
  @Can('read', 'Monitor', { refined: true })
  @ApiOperation({ summary: 'Monitors of a project' })
  async list(@FromCaller() caller: Caller, @Param('project') project: string) {
    const monitors = await this.monitors.list(project);
    return { items: this.decision.readableMonitors(caller, monitors), next: null };
  }

  @Get(':monitor')
  @Can('read', 'Monitor', { refined: true })
  @ApiOperation({ summary: 'One monitor' })
  get(@FromCaller() caller: Caller, @Param('project') project: string, @Param('monitor') name: string) {
    return this.decision.monitor(caller, project, name);
  }
}
