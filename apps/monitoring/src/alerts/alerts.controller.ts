import { Controller, Get, HttpCode, Param, Post } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { Can, FromCaller, type Caller } from '@steward/access';
import { ZodBody, ZodQuery } from '@steward/service';
import type { z } from 'zod';
import { DecisionOnMonitor } from '../monitors/decision-on-monitor';
import { AcknowledgeAlert } from './acknowledge-alert';
import { Acknowledgement, AlertPage } from './alert-page';
import { AlertRepository } from './alert.repository';

@ApiTags('Alerts')
@Controller('v1/projects/:project/alerts')
export class AlertsController {
  constructor(
    private readonly alerts: AlertRepository,
    private readonly acknowledge: AcknowledgeAlert,
    private readonly decision: DecisionOnMonitor,
  ) {}

  @Get()
  @Can('read', 'Alert', { refined: true })
  @ApiOperation({ summary: 'Alerts, newest first' })
  async list(
    @FromCaller() caller: Caller,
    @Param('project') project: string,
    @ZodQuery(AlertPage) query: z.output<typeof AlertPage>,
  ) {
    const found = await this.alerts.list(project, {
      state: query.state,
      before: query.after,
      limit: query.limit,
    });
    return {
      items: this.decision.readableAlerts(caller, found),
      next: found.length === query.limit ? found.at(-1)!.id : null,
    };
  }

  @Post(':id/acknowledge')
  @HttpCode(204)
  @Can('acknowledge', 'Alert', { refined: true })
  @ApiOperation({
    summary: 'Say that the alert has been seen; it stays open until a window shows nothing any more',
  })
  async acknowledgeOne(
    @FromCaller() caller: Caller,
    @Param('project') project: string,
    @Param('id') id: string,
    @ZodBody(Acknowledgement) body: Acknowledgement,
  ): Promise<void> {
    await this.acknowledge.execute(caller, project, id, body.reason);
  }
}
