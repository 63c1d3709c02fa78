import { Controller, Get, HttpCode, Param, Post } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { Can, FromCaller, type Caller } from '@steward/access';
import { ZodBody, ZodQuery } from '@steward/service';
import type { z } from 'zod';
import { AcknowledgeAlert } from './acknowledge-alert';
import { Acknowledgement, AlertPage } from './alert-page';
import { AlertRepository } from './alert.repository';

@ApiTags('Alerts')
@Controller('v1/projects/:project/alerts')
export class AlertsController {
  constructor(
    private readonly alerts: AlertRepository,
    private readonly acknowledge: AcknowledgeAlert,
  ) {}

  @Get()
  @Can('read', 'Alert')
  @ApiOperation({ summary: 'Alerts, newest first' })
  async list(@Param('project') project: string, @ZodQuery(AlertPage) query: z.output<typeof AlertPage>) {
    const items = await this.alerts.list(project, {
      state: query.state,
      before: query.after,
      limit: query.limit,
    });
    return { items, next: items.length === query.limit ? items.at(-1)!.id : null };
  }

  @Post(':id/acknowledge')
  @HttpCode(204)
  @Can('acknowledge', 'Alert')
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
